import { connect } from 'node:net'
import type { ApiClient } from '../../api/client.ts'

/** What is behind the socket of a service. */
export type Reached =
  | { readonly kind: 'service' }
  /** No service runs there. */
  | { readonly kind: 'nobody' }
  /** One runs, or may, but cannot be asked. */
  | { readonly kind: 'unusable'; readonly detail: string }

/** A service answers within milliseconds; one that does not within so many hangs. */
const answerMs = 5_000

const codeOfConnect = (path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path)
    const end = (code: string | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(code)
    }
    const timer = setTimeout(() => end('ETIMEDOUT'), answerMs)
    socket.once('connect', () => end(undefined)).on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'unknown'))
  })

const detailOf = (code: string, path: string): string => {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `this user may not open the socket ${path}: run it as the user of the service, or use the HTTP API with a token (--url)`
    case 'ETIMEDOUT':
    case 'EAGAIN':
      return `the service at the socket ${path} takes no connection: it hangs, or is stopped`
    default:
      return `the socket ${path} cannot be used (${code})`
  }
}

/** Whether a service answers at a socket. Rejects only for the signal's reason. */
export const reachSocket = async (path: string, client: Pick<ApiClient, 'health'>, signal: AbortSignal): Promise<Reached> => {
  const code = await codeOfConnect(path)
  signal.throwIfAborted()
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return { kind: 'nobody' }
  if (code !== undefined) return { kind: 'unusable', detail: detailOf(code, path) }
  try {
    const answer = await client.health(AbortSignal.any([signal, AbortSignal.timeout(answerMs)]))
    if (answer.kind === 'done') return { kind: 'service' }
    return { kind: 'unusable', detail: answer.kind === 'problem' ? answer.problem.detail : answer.detail }
  } catch {
    signal.throwIfAborted()
    return { kind: 'unusable', detail: `the service at the socket ${path} does not answer within ${answerMs / 1000} s: it hangs, or is stopped` }
  }
}
