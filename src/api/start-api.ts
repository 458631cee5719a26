import { once } from 'node:events'
import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { ApiOptions, ApiParts, ApiRules } from './api-parts.ts'
import { createApp } from './app.ts'
import { boundedLog } from './bounded-log.ts'
import { keepRoom } from './crowd.ts'
import { createEventStreams, usualStreamLimits } from './event-streams.ts'
import { createHttpServer, usualBounds } from './http-server.ts'
import type { Via } from './identify.ts'
import { listenAt, listenOn } from './listen.ts'
import { createRateLimit } from './rate-limit.ts'
import { bodyReader } from './read-body.ts'
import { problemResponse } from './respond.ts'
import { withOpenApi } from './routes/openapi-route.ts'
import { pageRoutes } from './routes/page-routes.ts'
import { routes } from './routes/routes.ts'
import { rulesInForce } from './rules-in-force.ts'
import type { AppState } from './serve-route.ts'
import { createStatusBoard } from './status-board.ts'

export interface Api {
  /** Where it listens; undefined: only at the socket. */
  readonly endpoint: { readonly address: string; readonly port: number } | undefined
  /** Takes new rules without closing a connection; events end for readers who may no longer read. @throws ApiError, and all stays as it was. */
  update(rules: ApiRules): void
  /** Answers what has been asked, but waits no longer than a second for it. */
  close(): Promise<void>
}

/** The socket has places of its own: however many crowd at the port, its owner gets in. */
const mostConnections = { api: 500, socket: 100 } as const
/** At the port, of one client. */
const mostConnectionsOfOne = 100
/** Of all bodies that are coming in. */
const mostBodyBytes = 16_777_216
/** Of those of one client: a few of the largest. */
const mostBodyBytesOfOne = 4_194_304
const closeWithinMs = 1_000

const closeServer = async (server: Server): Promise<void> => {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), closeWithinMs)
  await closed
  clearTimeout(timer)
}

/** Serves the HTTP API at a port, a Unix socket, or both. @throws ApiError, and nothing is left listening. */
export const startApi = async (given: ApiParts, options: ApiOptions): Promise<Api> => {
  const { listen, socket } = options
  const parts = { ...given, log: boundedLog(given) }
  let rules = rulesInForce(options, listen?.address)
  const closing = new AbortController()
  const rateLimit = createRateLimit(rules.requestsPerSecond)
  const streams = createEventStreams(parts.history, usualStreamLimits)
  const state: AppState = { parts, rules: () => rules, rateLimit, streams, statuses: createStatusBoard(parts), readBody: bodyReader(mostBodyBytes, mostBodyBytesOfOne), closing: closing.signal }
  const app = createApp(state, [...withOpenApi(routes), ...pageRoutes])

  const server = (via: Via): Server => {
    const listener = getRequestListener((request, env) => app.fetch(request, { ...env, via }), {
      overrideGlobalObjects: false,
      // A Host or a target that makes no URL: hono is never asked.
      errorHandler: () => problemResponse({ status: 400, code: 'malformed-request', detail: 'the Host header or the target of the request is none' }, undefined),
    })
    return createHttpServer((incoming, outgoing) => void listener(incoming, outgoing), mostConnections[via], usualBounds)
  }
  const servers = { api: server('api'), socket: server('socket') }
  keepRoom(servers.api, mostConnectionsOfOne, () => rules)
  const close = async (): Promise<void> => {
    closing.abort(new Error('the API closes'))
    streams.closeAll()
    await Promise.all([closeServer(servers.api), closeServer(servers.socket)])
  }
  try {
    if (socket !== undefined) await listenAt(servers.socket, socket)
    const endpoint = listen === undefined ? undefined : await listenOn(servers.api, listen)
    for (const each of [servers.api, servers.socket]) each.on('error', (error) => parts.log('error', `the API: ${error.message}`))
    return {
      endpoint,
      update: (next) => {
        rules = rulesInForce(next, listen?.address)
        rateLimit.setRate(rules.requestsPerSecond)
        streams.review()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
