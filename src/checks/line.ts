import type { Socket } from 'node:net'
import type { CertificateSeen } from './certificate.ts'
import { type ConnectionEvents, openConnection, type Target } from './connection.ts'
import { type HttpRequest, type ResponseEvents, sendRequest } from './request.ts'

/** Who listens to a line: an exchange, or the wire that it is held as. */
export interface LineListener {
  /** So many bytes have come, framing included; what they say to a request is told afterwards, to its own events. */
  readonly onBytes: (bytes: number) => void
  /** The other side ended the connection in order. */
  readonly onEnd: () => void
  readonly onError: (error: unknown) => void
}

/** One connection that requests are sent over, one after the other. */
export interface Line {
  /** Monotonic milliseconds. */
  readonly openedAt: number
  /** As the handshake showed it. */
  certificate(): CertificateSeen | undefined
  /** From now on this one hears what comes; it takes the place of the one before. */
  hear(listener: LineListener): void
  /** Once the one before is answered. @throws Error if it cannot be sent */
  ask(request: HttpRequest, events: ResponseEvents): void
  /** The process may end although this line is open. */
  unref(): void
  /** Afterwards nothing is heard any more. */
  close(): void
}

const deaf: LineListener = { onBytes: () => {}, onEnd: () => {}, onError: () => {} }

const deafToOpening: ConnectionEvents = { onConnect: () => {}, onReady: () => {} }

/** Opens a line. `onReady` tells that it may be used, if its certificate is in order. */
export const openLine = (target: Target, first: LineListener, events: ConnectionEvents, openedAt: number): Line => {
  let listener = first
  let certificate: CertificateSeen | undefined
  let isAsked = false
  // Let go of once it is ready: an idle line would keep all that its first exchange read.
  let opening: ConnectionEvents | undefined = events
  const socket: Socket = openConnection(target, {
    onConnect: () => opening?.onConnect(),
    onReady: (seen) => {
      certificate = seen
      const { onReady } = opening ?? deafToOpening
      opening = undefined
      onReady(seen)
    },
  })
  socket.on('end', () => listener.onEnd())
  // A reset that comes together with the last bytes looks like an end (libuv reports EOF): it is seen where the answer
  // states its length or is chunked, and not where the body ends with the connection.
  socket.on('error', (error) => listener.onError(error))
  socket.on('close', () => listener.onError(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' })))
  return {
    openedAt,
    certificate: () => certificate,
    hear: (next) => {
      listener = next
    },
    ask: (request, answered) => {
      sendRequest(socket, request, answered)
      // Not earlier: what comes unasked would be read here, and not be there for whoever reads the answer.
      if (isAsked) return
      isAsked = true
      socket.on('data', (chunk: Buffer) => listener.onBytes(chunk.length))
    },
    unref: () => void socket.unref(),
    close: () => {
      listener = deaf
      socket.destroy()
    },
  }
}
