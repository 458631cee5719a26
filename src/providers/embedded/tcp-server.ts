import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Endpoint } from '../../core/endpoint.ts'
import type { Listener } from './udp-server.ts'

export interface TcpLimits {
  /** Connections at once; the oldest gives way to a new one. */
  readonly maxConnections: number
  /** Milliseconds within which the next whole message must have come and its answer have been taken. */
  readonly idleMs: number
}

/** Answers, in their order, the messages that arrive on one connection (RFC 7766 section 6.2.1: they may be pipelined). */
const serve = (socket: Socket, respond: (message: Buffer) => Buffer | undefined, idleMs: number): void => {
  let waiting = Buffer.alloc(0)
  let isBlocked = false
  const deadline = setTimeout(() => socket.destroy(), idleMs)

  const answerAll = (): void => {
    while (!isBlocked && waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const length = waiting.readUInt16BE(0)
      const answer = respond(waiting.subarray(2, 2 + length))
      waiting = waiting.subarray(2 + length)
      deadline.refresh()
      if (answer === undefined) return void socket.destroy()
      const framed = Buffer.alloc(2 + answer.length)
      framed.writeUInt16BE(answer.length)
      answer.copy(framed, 2)
      isBlocked = !socket.write(framed)
    }
    if (isBlocked) socket.pause()
    else socket.resume()
  }

  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    answerAll()
  })
  socket.on('drain', () => {
    isBlocked = false
    answerAll()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => clearTimeout(deadline))
}

/** Answers messages with a length before them (RFC 1035 section 4.2.2). @throws the system's error if it cannot bind. */
export const listenTcp = async (endpoint: Endpoint, respond: (message: Buffer) => Buffer | undefined, limits: TcpLimits): Promise<Listener> => {
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    const [oldest] = connections
    if (connections.size >= limits.maxConnections) oldest?.destroy()
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    serve(socket, respond, limits.idleMs)
  })
  server.listen(endpoint.port, endpoint.address)
  await once(server, 'listening')
  server.on('error', () => undefined)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : endpoint.port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of connections) socket.destroy()
      await closed
    },
  }
}
