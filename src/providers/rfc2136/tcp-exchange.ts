import { connect, type Socket } from 'node:net'
import type { Endpoint } from '../../core/endpoint.ts'

export type TcpOutcome =
  /** In the order of the requests. */
  | { readonly kind: 'replies'; readonly replies: readonly Buffer[] }
  | {
      readonly kind: 'failed'
      readonly cause: 'refused' | 'closed' | 'timeout' | 'aborted' | 'error'
      /** Whether any byte of a request may have left us. */
      readonly sent: boolean
      readonly error: Error | undefined
    }

/** The requests behind each other, each with its length before it (RFC 1035 section 4.2.2). */
const framed = (requests: readonly Buffer[]): Buffer =>
  Buffer.concat(requests.flatMap((request) => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(request.length)
    return [length, request]
  }))

/**
 * Sends all requests at once over one TCP connection, a fresh one unless an open one is given, and waits for a reply to each, matched by message id, as
 * servers may answer out of order (RFC 7766 section 7). `timeoutMs` bounds all of it, connecting included. Never
 * rejects; the connection is gone when it resolves. The ids must differ.
 */
export const exchangeOverTcp = (
  server: Endpoint,
  requests: readonly Buffer[],
  timeoutMs: number,
  signal: AbortSignal,
  opened?: Socket,
): Promise<TcpOutcome> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      opened?.destroy()
      return resolve({ kind: 'failed', cause: 'aborted', sent: false, error: undefined })
    }
    const waiting = new Set(requests.map((request) => request.readUInt16BE(0)))
    const replies = new Map<number, Buffer>()
    let sent = false
    let received: Buffer = Buffer.alloc(0)
    const socket = opened ?? connect({ host: server.address, port: server.port, noDelay: true })

    const finish = (outcome: TcpOutcome): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(outcome)
    }
    const fail = (cause: 'refused' | 'closed' | 'timeout' | 'aborted' | 'error', error?: Error): void =>
      finish({ kind: 'failed', cause, sent, error })
    const onAbort = (): void => fail('aborted')
    const timer = setTimeout(() => fail('timeout'), timeoutMs)
    signal.addEventListener('abort', onAbort)

    const takeReply = (reply: Buffer): void => {
      if (reply.length < 12) return
      const id = reply.readUInt16BE(0)
      if (waiting.delete(id)) replies.set(id, reply)
    }
    const send = (): void => {
      sent = true
      socket.write(framed(requests))
    }
    if (opened === undefined) socket.on('connect', send)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        takeReply(received.subarray(2, end))
        received = received.subarray(end)
      }
      if (waiting.size === 0) finish({ kind: 'replies', replies: requests.flatMap((request) => replies.get(request.readUInt16BE(0)) ?? []) })
    })
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'ECONNRESET' ? 'closed' : 'error', error))
    socket.on('close', () => fail('closed'))
    if (opened !== undefined) send()
  })
