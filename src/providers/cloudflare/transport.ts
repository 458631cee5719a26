import type { Socket } from 'node:net'
import { Agent, buildConnector, fetch } from 'undici'
import { createSpareConnection } from '../spare-connection.ts'
import { TransportError } from './transport-error.ts'

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** `fetch failed` says nothing: what happened is in the innermost cause. */
const innermost = (error: unknown): unknown => (error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error)

const textOf = (cause: unknown): string => {
  const { code, message } = (cause ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection came about in time'
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? cause)
  return typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text
}

/** Connections to the API, kept open between requests. */
export interface Transport {
  /**
   * A `fetch` for the SDK that follows no redirect: the token goes to one place only.
   * @throws TransportError
   */
  readonly fetch: typeof globalThis.fetch
  /** Opens a connection for the next request, unless one is open. */
  warm(): void
  close(): Promise<void>
}

/** `baseUrl`: where all requests go. */
export const createTransport = (baseUrl: string, connectMs: number): Transport => {
  // The caller's signal bounds headers and body: undici's own timers are coarse, and the body's never ends a drip.
  const { hostname, host, protocol, port, origin } = new URL(baseUrl)
  const open = buildConnector({ timeout: connectMs })
  const spare = createSpareConnection((done) => open({ hostname, host, protocol, port }, (error, socket) => done(error === null ? (socket as Socket) : undefined)))
  const connect: buildConnector.connector = (options, callback) => {
    const opened = spare.take()
    if (opened === undefined) open(options, callback)
    else queueMicrotask(() => callback(null, opened))
  }
  const agent = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 })
  const ask = async (url: string, init: RequestInit): Promise<unknown> => {
    const { method, headers, body, signal } = init
    try {
      return await fetch(url, {
        dispatcher: agent,
        redirect: 'manual',
        headers: Object.fromEntries(new Headers(headers)),
        ...(method === undefined ? {} : { method }),
        ...(typeof body === 'string' ? { body } : {}),
        ...(signal ? { signal } : {}),
      })
    } catch (error) {
      const cause = innermost(error)
      throw new TransportError(textOf(cause), !neverConnected.has(String((cause as NodeJS.ErrnoException | undefined)?.code)))
    }
  }
  return {
    fetch: ((url, init) => ask(String(url), init ?? {})) as typeof globalThis.fetch,
    warm: () => {
      if ((agent.stats[origin]?.connected ?? 0) === 0) spare.open()
    },
    close: () => {
      spare.close()
      return agent.destroy()
    },
  }
}
