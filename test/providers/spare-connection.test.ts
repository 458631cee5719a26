import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createSpareConnection, type SpareConnection } from '../../src/providers/spare-connection.ts'

interface Bench {
  readonly spare: SpareConnection
  /** Connections that the server has seen, oldest first. */
  readonly seen: readonly Socket[]
  /** How often one was to be opened. */
  dials(): number
}

const makeBench = async (isListening = true): Promise<Bench> => {
  const seen: Socket[] = []
  const server = createServer((socket) => void seen.push(socket.on('error', () => undefined)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let dials = 0
  const spare = createSpareConnection((done) => {
    dials += 1
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => done(undefined)).once('connect', () => done(socket))
  })
  if (!isListening) server.close()
  onTestFinished(() => {
    spare.close()
    for (const socket of seen) socket.destroy()
    server.close()
  })
  return { spare, seen, dials: () => dials }
}

const until = async (isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not come about within 30 s')
    await pause(5)
  }
}

const taken = async (spare: SpareConnection): Promise<Socket> => {
  let socket: Socket | undefined
  await until(() => {
    spare.open()
    socket = spare.take()
    return socket !== undefined
  })
  if (socket === undefined) throw new Error('none')
  onTestFinished(() => void socket?.destroy())
  return socket
}

/** The first connection, at the server. */
const closed = async ([socket]: readonly Socket[]): Promise<void> => {
  socket?.resume()
  await until(() => socket?.destroyed === true)
}

it('gives away the one that it has opened, once', async () => {
  const { spare, seen, dials } = await makeBench()
  expect(spare.take()).toBeUndefined()
  spare.open()
  spare.open()
  expect(dials()).toBe(1)
  const socket = await taken(spare)
  expect(spare.take()).toBeUndefined()
  await until(() => seen.length > 0)
  const heard = once(seen.at(-1) ?? socket, 'data')
  socket.write('hello')
  expect(String((await heard)[0])).toBe('hello')
})

it('gives none that the server has closed, and opens another', async () => {
  const { spare, seen } = await makeBench()
  spare.open()
  await until(() => seen.length === 1)
  seen[0]?.destroy()
  await until(() => spare.take() === undefined)
  expect((await taken(spare)).readyState).toBe('open')
})

it('closes one that nobody takes', async () => {
  const { spare, seen } = await makeBench()
  spare.open()
  await until(() => seen.length === 1)
  await closed(seen)
  expect(spare.take()).toBeUndefined()
})

it('is none where nothing listens, and may be tried again', async () => {
  const { spare, dials } = await makeBench(false)
  spare.open()
  await until(() => {
    spare.open()
    return dials() > 1
  })
  expect(spare.take()).toBeUndefined()
})

it('ends with what it has opened', async () => {
  const { spare, seen, dials } = await makeBench()
  spare.open()
  await until(() => seen.length === 1)
  spare.close()
  await closed(seen)
  spare.open()
  expect([spare.take(), dials()]).toEqual([undefined, 1])
})
