import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type Address, parseAddress } from '../../../src/core/address.ts'
import type { Endpoint } from '../../../src/core/endpoint.ts'

/** What happens to a connection that carries an update; all others pass. */
export type UpdateFate =
  | { readonly kind: 'pass' }
  /** The update is swallowed, and the connection stays open in silence. */
  | { readonly kind: 'lose-request' }
  /** The update goes through, its reply does not: the connection closes instead. */
  | { readonly kind: 'lose-reply' }
  /** Runs first, then the update goes through. */
  | { readonly kind: 'before'; readonly run: () => void }
  /** Runs instead, and the connection closes. */
  | { readonly kind: 'instead'; readonly run: () => void }

export interface TcpGate {
  readonly endpoint: Endpoint
  /** For the connections from now on. */
  setFate(fate: UpdateFate): void
  /** Updates seen so far. */
  updates(): number
  close(): Promise<void>
}

const opcodeAt = (framed: Buffer): number => ((framed[4] ?? 0) >> 3) & 0xf

/** A TCP proxy before a name server that can lose an update, or the reply to it. */
export const openGate = async (target: Endpoint): Promise<TcpGate> => {
  let fate: UpdateFate = { kind: 'pass' }
  let updates = 0
  const open = new Set<Socket>()
  const hold = (socket: Socket): Socket => {
    open.add(socket)
    return socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer((client) => {
    hold(client).once('data', (first: Buffer) => {
      const isUpdate = opcodeAt(first) === 5
      if (isUpdate) updates += 1
      const mine: UpdateFate = isUpdate ? fate : { kind: 'pass' }
      if (mine.kind === 'lose-request') return
      if (mine.kind === 'before' || mine.kind === 'instead') mine.run()
      if (mine.kind === 'instead') return void client.destroy()
      const upstream = hold(connect({ host: target.address, port: target.port }))
      upstream.write(first)
      client.pipe(upstream)
      if (mine.kind === 'lose-reply') upstream.once('data', () => client.destroy())
      else upstream.pipe(client)
      client.on('close', () => upstream.destroy())
      upstream.on('close', () => client.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return {
    endpoint: { address: parseAddress('127.0.0.1') as Address, port: bound.port },
    setFate: (next) => void (fate = next),
    updates: () => updates,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
