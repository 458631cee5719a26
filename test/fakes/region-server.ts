import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'
import { type Address, parseAddress } from '../../src/core/address.ts'

/** A region's server on a loopback address; gone, with its connections, when the test is. */
export interface RegionServer {
  readonly address: Address
  readonly port: number
  /** Connections that are still open. */
  open(): number
  /** Resolves when no connection is open any more. */
  idle(): Promise<void>
}

const listen = async (server: Server, host: string): Promise<RegionServer> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) server.emit('idle')
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<unknown>((resolve) => server.close(resolve))
  })
  const { address, port } = server.address() as AddressInfo
  const parsed = parseAddress(address)
  if (parsed === undefined) throw new Error(`not an address: ${address}`)
  return {
    address: parsed,
    port,
    open: () => sockets.size,
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => server.once('idle', resolve))),
  }
}

/** A web server. */
export const startHttp = (answer: RequestListener, host = '127.0.0.1'): Promise<RegionServer> => listen(createHttpServer(answer), host)

/** Whatever speaks TCP. `serve` gets each connection as it comes. */
export const startTcp = (serve: (socket: Socket) => void, host = '127.0.0.1'): Promise<RegionServer> =>
  listen(createTcpServer((socket) => (serve(socket), socket.resume())), host)

/** Whatever speaks TLS. `serve` gets each connection after its handshake. */
export const startTls = (options: TlsOptions, serve: (socket: Socket) => void, host = '127.0.0.1'): Promise<RegionServer> => {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => {})
    serve(socket)
  })
  return listen(server.on('tlsClientError', () => {}), host)
}

/** Calls back once a request's head is there; everything after it is read and dropped. */
export const onRequest = (socket: Socket, run: (head: string) => void): void => {
  let head = ''
  socket.on('data', (chunk) => {
    if (head.endsWith('\r\n\r\n')) return
    head += chunk.toString('latin1')
    if (head.endsWith('\r\n\r\n')) run(head)
  })
}
