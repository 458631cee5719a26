import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type Address, parseAddress } from '../../../src/core/address.ts'
import type { Endpoint } from '../../../src/core/endpoint.ts'

/** What to do with one request; the socket is there for what no decent server does. */
export type Script = (request: Buffer, socket: Socket) => Buffer | undefined

export interface ScriptedServer {
  readonly endpoint: Endpoint
  /** All requests so far, without their length prefix. */
  readonly requests: readonly Buffer[]
  close(): Promise<void>
}

/** The message with its length before it, as TCP carries it. */
export const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** A DNS server over TCP that records what it is asked, and answers by script. `onConnection` is told of each connection. */
export const startScriptedServer = async (script: Script, onConnection: (socket: Socket) => void = () => undefined): Promise<ScriptedServer> => {
  const requests: Buffer[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    onConnection(socket)
    let received: Buffer = Buffer.alloc(0)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const request = received.subarray(2, 2 + received.readUInt16BE(0))
        received = received.subarray(2 + request.length)
        requests.push(request)
        const reply = script(request, socket)
        if (reply !== undefined) socket.write(framed(reply))
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return {
    endpoint: { address: parseAddress('127.0.0.1') as Address, port: bound.port },
    requests,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
