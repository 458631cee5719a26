import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { decideAccess, type Identity } from './access.ts'
import type { ApiParts } from './api-parts.ts'
import { clientAddress, clientKey } from './client-address.ts'
import type { EventStreams } from './event-streams.ts'
import { identify, nameOf, type Via } from './identify.ts'
import type { RateLimit } from './rate-limit.ts'
import { readBody } from './read-body.ts'
import { isJsonType } from './read-json.ts'
import { respond } from './respond.ts'
import { type Answer, type Exchange, problem, type Route } from './route.ts'
import type { RulesInForce } from './rules-in-force.ts'

export type AppEnv = { Bindings: HttpBindings & { readonly via: Via } }

export interface AppState {
  readonly parts: ApiParts
  readonly rules: () => RulesInForce
  readonly rateLimit: RateLimit
  readonly streams: EventStreams
  /** Aborts when the API closes. */
  readonly closing: AbortSignal
}

/** A wrong token costs as much as so many requests. */
const failureCost = 10
/** Reading is bounded by the server; what an order waits for may take longer than a socket may be silent. */
const orderTimeoutMs = 600_000

const plainHeaders = ({ env }: Context<AppEnv>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env.incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))

const hasBody = (headers: Readonly<Record<string, string>>): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

const tooMany = (waitMs: number): Answer =>
  problem({
    status: 429,
    code: 'too-many-requests',
    detail: 'this client asks more often than api.requestsPerSecond allows',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  })

const clientOf = ({ env }: Context<AppEnv>, headers: Readonly<Record<string, string>>, rules: RulesInForce): string =>
  clientKey(clientAddress(env.incoming.socket.remoteAddress, headers['x-forwarded-for'], rules.proxies))

const isSpent = (state: AppState, client: string, via: Via): Answer | undefined => {
  if (via === 'socket') return undefined
  const taken = state.rateLimit.take(client, state.parts.now())
  return taken.isAllowed ? undefined : tooMany(taken.waitMs)
}

/** All that stands between a request and its route, in this order; the first that objects answers. */
const serve = async (state: AppState, route: Route, context: Context<AppEnv>): Promise<Answer> => {
  const { parts } = state
  const { via, incoming } = context.env
  const rules = state.rules()
  const headers = plainHeaders(context)
  const client = clientOf(context, headers, rules)
  const spent = route.isUnlimited ? undefined : isSpent(state, client, via)
  if (spent !== undefined) return spent

  const charge = (): void => void (via === 'socket' || state.rateLimit.charge(client, failureCost - 1, parts.now()))
  const judge = (identity: Identity, { reading }: RulesInForce) => decideAccess(route.need, identity, via === 'socket' ? 'none' : reading, headers['host'])
  const identity: Identity = route.need === 'nothing' ? { kind: 'nobody' } : identify(via, headers, rules.tokens)
  const verdict = judge(identity, rules)
  if (verdict.kind === 'refused') {
    if (verdict.isFailure) charge()
    return problem(verdict.problem)
  }

  const carriesBody = hasBody(headers)
  if (carriesBody && route.takes === 'json' && !isJsonType(headers['content-type'])) {
    return problem({ status: 415, code: 'not-json', detail: 'a body must be JSON', advice: 'send Content-Type: application/json' })
  }
  const read = carriesBody ? await readBody(incoming, route.bodyLimit) : { kind: 'read' as const, bytes: new Uint8Array() }
  if (read.kind === 'broken') return problem({ status: 400, code: 'broken-body', detail: 'the body did not come to its end' })
  if (read.kind === 'too-large') return problem({ status: 413, code: 'body-too-large', detail: `the body has more than ${route.bodyLimit} bytes` })

  if (route.need === 'operate') incoming.socket.setTimeout(orderTimeoutMs)
  const exchange: Exchange = {
    param: (name) => context.req.param(name) ?? '',
    query: new URL(context.req.url).searchParams,
    headers,
    isHead: incoming.method === 'HEAD',
    body: read.bytes,
    identity,
    actor: { name: nameOf(identity), via },
    client,
    parts,
    streams: state.streams,
    mayStillRead: () => {
      const now = state.rules()
      return judge(identify(via, headers, now.tokens), now).kind === 'granted'
    },
    // An order that came in whole is carried out though its sender has gone: half of one helps nobody.
    signal: state.closing,
  }
  const answer = await route.run(exchange)
  if (answer.kind === 'problem' && answer.isFailure === true) charge()
  if (route.need === 'operate') parts.log('info', `${exchange.actor.name} asked for ${route.method} ${instanceOf(context)}: ${statusOf(answer)}`, { actor: exchange.actor.name, via })
  return answer
}

const statusOf = (answer: Answer): string => {
  if (answer.kind === 'problem') return `${answer.problem.status} ${answer.problem.code}`
  return answer.kind === 'json' ? String(answer.status) : '200'
}

const instanceOf = ({ req }: Context<AppEnv>): string => req.path.slice(0, 300)

const withoutRoute = (state: AppState, context: Context<AppEnv>, answer: Answer): Answer =>
  isSpent(state, clientOf(context, plainHeaders(context), state.rules()), context.env.via) ?? answer

/** The routes as a hono app. */
export const createApp = (state: AppState, routes: readonly Route[]): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  const send = (context: Context<AppEnv>, answer: Answer): Response => {
    const { incoming, outgoing } = context.env
    // What was not read of a body must not be taken for the next request, nor waited for.
    if (state.closing.aborted || (!incoming.complete && hasBody(plainHeaders(context)))) outgoing.setHeader('connection', 'close')
    return respond(answer, instanceOf(context), outgoing)
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path)
    const allow = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
    app.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
      const { method = '' } = context.env.incoming
      const route = here.find((each) => each.method === (method === 'HEAD' ? 'GET' : method))
      if (route !== undefined) return send(context, await serve(state, route, context))
      return send(context, withoutRoute(state, context, problem({ status: 405, code: 'method-not-allowed', detail: `there is no ${method} here`, advice: `there is ${allow}`, headers: { allow } })))
    })
  }
  app.notFound((context) => send(context, withoutRoute(state, context, problem({ status: 404, code: 'not-found', detail: 'there is nothing here', advice: 'GET /api/v1/openapi.json says what there is' }))))
  app.onError((error, context) => {
    state.parts.log('error', `a fault of this program's own while it answered ${context.req.method} ${instanceOf(context)}: ${error.stack ?? error.message}`)
    return send(context, problem({ status: 500, code: 'internal', detail: 'a fault of the program itself; its log says more' }))
  })
  return app
}
