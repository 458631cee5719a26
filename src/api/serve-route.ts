import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { decideAccess, type Identity } from './access.ts'
import type { ApiParts } from './api-parts.ts'
import { bearerOf } from './bearer.ts'
import { clientAddress, clientKey, isTrusted, plainAddress } from './client-address.ts'
import { crossSiteProblem } from './cross-site.ts'
import type { EventStreams } from './event-streams.ts'
import { identify, nameOf, type Via } from './identify.ts'
import { nothingHere } from './nothing-here.ts'
import type { RateLimit } from './rate-limit.ts'
import type { BodyReader } from './read-body.ts'
import { isJsonType } from './read-json.ts'
import { type Answer, type Exchange, problem, type Route } from './route.ts'
import type { RulesInForce } from './rules-in-force.ts'
import type { StatusBoard } from './status-board.ts'

export type AppEnv = { Bindings: HttpBindings & { readonly via: Via } }

export interface AppState {
  readonly parts: ApiParts
  readonly rules: () => RulesInForce
  readonly rateLimit: RateLimit
  readonly streams: EventStreams
  readonly statuses: StatusBoard
  readonly readBody: BodyReader
  /** Aborts when the API closes. */
  readonly closing: AbortSignal
}

/** A wrong token costs as much as so many requests. */
const failureCost = 10
/** Reading is bounded by the server; what an order waits for may take longer than a socket may be silent. */
const orderTimeoutMs = 600_000

const plainHeaders = ({ env }: Context<AppEnv>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env.incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))

export const hasBody = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

const tooMany = (waitMs: number): Answer =>
  problem({
    status: 429,
    code: 'too-many-requests',
    detail: 'this client asks more often than api.requestsPerSecond allows',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  })

const clientOf = ({ env }: Context<AppEnv>, rules: RulesInForce): string => {
  const { socket, headers } = env.incoming
  return clientKey(clientAddress(socket.remoteAddress, [headers['x-forwarded-for']].flat().join(',') || undefined, rules.proxies))
}

/** The first that a chain of proxies says is how the browser came; only a trusted one is believed. */
const cameByHttps = ({ env }: Context<AppEnv>, rules: RulesInForce): boolean => {
  const peer = plainAddress(env.incoming.socket.remoteAddress ?? '')
  const [proto = ''] = [env.incoming.headers['x-forwarded-proto']].flat().join(',').split(',')
  return peer !== undefined && isTrusted(rules.proxies, peer) && proto.trim().toLowerCase() === 'https'
}

/** By a bearer or a session; a source that speaks for itself has no session. */
const identityOf = (route: Route, via: Via, headers: Readonly<Record<string, string>>, { tokens }: RulesInForce, wallNow: number): Identity => {
  if (route.need === 'nothing') return { kind: 'nobody' }
  return identify(via, route.need === 'own' ? { ...headers, cookie: '' } : headers, tokens, wallNow)
}

const isGuess = (identity: Identity, headers: Readonly<Record<string, string>>): boolean =>
  identity.kind === 'stranger' ? bearerOf(headers['authorization']) !== undefined : identity.kind === 'nobody' && identity.isForger === true

const isSpent = (state: AppState, client: string, via: Via): Answer | undefined => {
  if (via === 'socket') return undefined
  const taken = state.rateLimit.take(client, state.parts.now())
  return taken.isAllowed ? undefined : tooMany(taken.waitMs)
}

/** Names in a path as they may be in a config, and in a log. */
const arePlain = (names: Readonly<Record<string, string>>): boolean => Object.values(names).every((name) => name.length <= 260 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name))

/** All that stands between a request and its route, in this order; the first that objects answers. */
export const serveRoute = async (state: AppState, route: Route, context: Context<AppEnv>): Promise<Answer> => {
  const { parts } = state
  const { via, incoming } = context.env
  const rules = state.rules()
  const client = clientOf(context, rules)
  const spent = route.isUnlimited ? undefined : isSpent(state, client, via)
  if (spent !== undefined) return spent
  const headers = plainHeaders(context)

  const charge = (): void => void (via === 'socket' || state.rateLimit.charge(client, failureCost - 1, parts.now()))
  const judge = (identity: Identity, { reading }: RulesInForce) => decideAccess(route.need, identity, via === 'socket' ? 'none' : reading, headers['host'])
  const identity = identityOf(route, via, headers, rules, parts.wallNow())
  const verdict = judge(identity, rules)
  // Also where nothing is asked of the caller: it would tell whether a guess was right.
  if ((verdict.kind === 'refused' && verdict.isFailure) || (route.need !== 'own' && isGuess(identity, headers))) {
    charge()
    parts.log('warn', `${client} sent ${identity.kind === 'stranger' ? 'a token' : 'the cookie of a session'} that is not known here, for ${route.method} ${instanceOf(context)}`, { client })
  }
  if (verdict.kind === 'refused') return problem(verdict.problem)
  const crossSite = crossSiteProblem(incoming.method ?? '', identity, headers)
  if (crossSite !== undefined) return problem(crossSite)

  if (!arePlain(context.req.param())) return nothingHere
  const carriesBody = hasBody(incoming)
  if (carriesBody && route.takes === 'json' && !isJsonType(headers['content-type'])) {
    return problem({ status: 415, code: 'not-json', detail: 'a body must be JSON', advice: 'send Content-Type: application/json' })
  }
  const read = carriesBody ? await state.readBody(incoming, route.bodyLimit, client) : { kind: 'read' as const, bytes: new Uint8Array() }
  if (read.kind === 'broken') return problem({ status: 400, code: 'broken-body', detail: 'the body did not come to its end' })
  if (read.kind === 'busy') return problem({ status: 503, code: 'busy', detail: 'too much is coming in at once', headers: { 'retry-after': '5' } })
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
    isSecure: cameByHttps(context, rules),
    rules,
    client,
    parts,
    streams: state.streams,
    statuses: state.statuses,
    mayStillRead: () => {
      const now = state.rules()
      return judge(identityOf(route, via, headers, now, parts.wallNow()), now).kind === 'granted'
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
  return answer.kind === 'json' || answer.kind === 'file' ? String(answer.status) : '200'
}

/** As it was sent: hono decodes its own. */
export const instanceOf = ({ req }: Context<AppEnv>): string => new URL(req.url).pathname.slice(0, 300)

/** What is not there counts against the rate as well. */
export const withoutRoute = (state: AppState, context: Context<AppEnv>, answer: Answer): Answer =>
  isSpent(state, clientOf(context, state.rules()), context.env.via) ?? answer
