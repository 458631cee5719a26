import { createSocket } from 'node:dgram'
import { familyOf } from '../core/address.ts'
import type { Endpoint } from '../core/endpoint.ts'

/** One message's way there and back. */
export type Transfer<T> =
  | { readonly kind: 'reply'; readonly reply: T }
  /** `detail` completes "the server ...": "did not answer within 700 ms". */
  | { readonly kind: 'failed'; readonly detail: string }

export interface TransferOptions<T> {
  /** What a message is to us; undefined: not for us, and passed over. */
  readonly accept: (message: Buffer) => T | undefined
  readonly timeoutMs: number
}

/** What a system error says, in words. */
export const failureText = (error: NodeJS.ErrnoException): string => {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'refused the connection (nothing listens there)'
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return 'cannot be reached (no route)'
    default:
      return `cannot be asked: ${error.code ?? error.message}`
  }
}

/**
 * Sends one datagram from a fresh port and waits for the first message that is accepted. The socket is connected, so
 * that the kernel passes only what comes from that server's address and port. Never rejects.
 */
export const transferUdp = <T>(server: Endpoint, message: Buffer, options: TransferOptions<T>, signal: AbortSignal): Promise<Transfer<T>> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'failed', detail: 'was not asked: aborted' })
    const socket = createSocket(familyOf(server.address) === 'v6' ? 'udp6' : 'udp4')
    let isDone = false
    const finish = (result: Transfer<T>): void => {
      if (isDone) return
      isDone = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.close()
      resolve(result)
    }
    const fail = (detail: string): void => finish({ kind: 'failed', detail })
    const onAbort = (): void => fail('did not answer: aborted')
    // An answer that arrived while this process was busy is taken before its lateness is judged.
    const timer = setTimeout(() => setImmediate(() => fail(`did not answer within ${options.timeoutMs} ms`)), options.timeoutMs)
    signal.addEventListener('abort', onAbort)
    socket.on('error', (error) => fail(failureText(error)))
    socket.on('message', (received) => {
      const reply = options.accept(received)
      if (reply !== undefined) finish({ kind: 'reply', reply })
    })
    // The callback gets the error of a connect that failed, which its type leaves out.
    socket.connect(server.port, server.address, (error?: Error) => {
      if (error !== undefined) return fail(failureText(error))
      if (!isDone) socket.send(message, (failure) => (failure === null ? undefined : fail(failureText(failure))))
    })
  })
