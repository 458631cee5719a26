import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Answer, AUTHORITATIVE_ANSWER, decode, type DecodedPacket, encode, type Packet } from 'dns-packet'
import type { Endpoint } from '../../src/core/endpoint.ts'
import { parseAddress } from '../../src/core/address.ts'

/** A query that came, and how to send datagrams back: from the server's own port, or from another. */
export interface UdpQuery {
  readonly query: DecodedPacket
  send(message: Buffer): void
  sendFromElsewhere(message: Buffer): void
}

export interface FakeDnsServer {
  readonly endpoint: Endpoint
  /** Every query seen, by transport. */
  readonly seen: { readonly transport: 'udp' | 'tcp'; readonly port: number; readonly query: DecodedPacket }[]
  close(): Promise<void>
}

export interface FakeDnsBehaviour {
  readonly udp?: (query: UdpQuery) => void
  /** Gets the whole message; writes what it likes. Without it nothing listens on TCP. */
  readonly tcp?: (query: DecodedPacket, socket: Socket) => void
  readonly address?: string
}

/** A DNS server that does as it is told, however badly. */
export const startDnsServer = async (behaviour: FakeDnsBehaviour): Promise<FakeDnsServer> => {
  const address = parseAddress(behaviour.address ?? '127.0.0.1')
  if (address === undefined) throw new Error('an address')
  const family = address.includes(':') ? 'udp6' : 'udp4'
  const [socket, elsewhere] = [createSocket(family), createSocket(family)]
  const seen: FakeDnsServer['seen'] = []
  const connections = new Set<Socket>()
  const tcp = createServer((connection) => {
    connections.add(connection)
    connection.on('error', () => undefined)
    connection.on('close', () => connections.delete(connection))
    connection.on('data', (chunk) => {
      const query = decode(chunk.subarray(2))
      seen.push({ transport: 'tcp', port: connection.remotePort ?? 0, query })
      behaviour.tcp?.(query, connection)
    })
  })
  elsewhere.bind(0, address)
  await once(elsewhere, 'listening')
  let port = 0
  if (behaviour.tcp !== undefined) {
    tcp.listen(0, address)
    await once(tcp, 'listening')
    const bound = tcp.address()
    port = typeof bound === 'object' && bound !== null ? bound.port : 0
  }
  socket.bind(port, address)
  await once(socket, 'listening')
  socket.on('message', (message, from) => {
    const query = decode(message)
    seen.push({ transport: 'udp', port: from.port, query })
    behaviour.udp?.({
      query,
      send: (answer) => socket.send(answer, from.port, from.address),
      sendFromElsewhere: (answer) => elsewhere.send(answer, from.port, from.address),
    })
  })
  return {
    endpoint: { address, port: socket.address().port },
    seen,
    close: async () => {
      for (const connection of connections) connection.destroy()
      await Promise.all([once(socket, 'close'), once(elsewhere, 'close'), tcp.listening ? once(tcp.close(), 'close') : undefined, socket.close(), elsewhere.close()])
    },
  }
}

/** An authoritative answer to a query; `override` says what is wrong with it. */
export const answerTo = (query: DecodedPacket, answers: readonly Answer[], override: Partial<Packet> & { readonly rcode?: number } = {}): Buffer => {
  const { rcode = 0, flags = AUTHORITATIVE_ANSWER, ...rest } = override
  return encode({ type: 'response', id: query.id, questions: query.questions, answers: [...answers], ...rest, flags: flags | rcode })
}

/** With its length before it, as TCP carries it. */
export const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

export const a = (name: string, data: string, ttl = 60): Answer => ({ type: 'A', name, data, ttl })
export const aaaa = (name: string, data: string, ttl = 60): Answer => ({ type: 'AAAA', name, data, ttl })
export const cname = (name: string, data: string, ttl = 60): Answer => ({ type: 'CNAME', name, data, ttl })
export const ns = (name: string, data: string): Answer => ({ type: 'NS', name, data, ttl: 60 })
export const soa = (name: string, serial: number): Answer => ({
  type: 'SOA',
  name,
  ttl: 60,
  data: { mname: `ns.${name}`, rname: `hostmaster.${name}`, serial, refresh: 1, retry: 1, expire: 1, minimum: 1 },
})
