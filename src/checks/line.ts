import type { Socket } from 'node:net'
import type { CertificateSeen } from './certificate.ts'
import { type ConnectionEvents, openConnection, type Target } from './connection.ts'

/** Who listens to a line: an exchange, or the wire that it is held as. */
export interface LineListener {
  readonly onData: (chunk: Buffer) => void
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
  send(text: string): void
  /** The process may end although this line is open. */
  unref(): void
  /** Afterwards nothing is heard any more. */
  close(): void
}

const deaf: LineListener = { onData: () => {}, onEnd: () => {}, onError: () => {} }

const deafToOpening: ConnectionEvents = { onConnect: () => {}, onReady: () => {} }

/** Opens a line. `onReady` tells that it may be used, if its certificate is in order. */
export const openLine = (target: Target, first: LineListener, events: ConnectionEvents, openedAt: number): Line => {
  let listener = first
  let certificate: CertificateSeen | undefined
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
  socket.on('data', (chunk: Buffer) => listener.onData(chunk))
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
    send: (text) => void socket.write(text, 'latin1'),
    unref: () => void socket.unref(),
    close: () => {
      listener = deaf
      socket.destroy()
    },
  }
}
