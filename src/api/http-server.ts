import type { Duplex } from 'node:stream'
import { createServer, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { problemBody } from './problem.ts'
import { alwaysHeaders } from './respond.ts'

/** How long slow senders and readers are borne with, by Node's names. Milliseconds. */
export interface ServerBounds {
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly keepAliveTimeout: number
  /** Neither reads nor writes. */
  readonly timeout: number
}

export const usualBounds: ServerBounds = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, timeout: 30_000 }
const lookEveryMs = 1_000
const maxHeaderSize = 16_384
const mostHeaders = 200

/** What the parser says of bytes that are no request, in words. */
const complaints: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', `the head has more than ${maxHeaderSize} bytes`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'too-slow', 'the request did not come in time'],
}

const rawProblem = (code: string): string => {
  const [status, name, detail] = complaints[code] ?? [400, 'malformed-request', 'what was sent is no HTTP request']
  const body = JSON.stringify(problemBody({ status, code: name, detail }, undefined))
  const headers = { ...alwaysHeaders, 'content-type': 'application/problem+json', 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`
}

/** A server of Node's that neither slow nor many clients keep from serving others. */
export const createHttpServer = (listener: RequestListener, mostConnections: number, { timeout, ...bounds }: ServerBounds): Server => {
  const server = createServer({ ...bounds, connectionsCheckingInterval: Math.min(lookEveryMs, bounds.headersTimeout), maxHeaderSize, requireHostHeader: false }, listener)
  server.maxConnections = mostConnections
  server.maxHeadersCount = mostHeaders
  server.timeout = timeout
  const answering = new WeakMap<Duplex, Set<ServerResponse>>()
  server.on('request', ({ socket }, outgoing) => {
    const all = answering.get(socket) ?? new Set()
    answering.set(socket, all.add(outgoing))
    outgoing.once('close', () => all.delete(outgoing))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const [current, ...queued] = answering.get(socket) ?? []
    // In the middle of an answer another would be taken for a part of it.
    const isFree = queued.length === 0 && current?.headersSent !== true
    if (error.code === 'ECONNRESET' || !socket.writable || !isFree) return void socket.destroy()
    socket.end(rawProblem(error.code ?? ''), () => socket.destroy())
  })
  server.on('checkExpectation', (_incoming, outgoing: ServerResponse) => {
    const body = JSON.stringify(problemBody({ status: 417, code: 'unknown-expectation', detail: 'only Expect: 100-continue is met here' }, undefined))
    outgoing.writeHead(417, { ...alwaysHeaders, 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body), connection: 'close' }).end(body)
  })
  // A broken connection is the client's business.
  server.on('connection', (socket) => void socket.on('error', () => undefined))
  return server
}
