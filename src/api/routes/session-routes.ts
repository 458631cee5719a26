import { decideAccess, hasScope, type Identity, missingScope } from '../access.ts'
import { matchToken } from '../bearer.ts'
import { type Call, jsonRoute } from '../json-route.ts'
import { type Answer, json, problem, type Route } from '../route.ts'
import { sessionRequest, type SessionView } from '../schemas/session-schema.ts'
import { endedCookie, readSession, sessionCookie, sessionMs } from '../session-cookie.ts'

const path = '/api/v1/session'

type SessionCall = Pick<Call<unknown, unknown>, 'headers' | 'parts' | 'rules' | 'isSecure'>

const sessionView = ({ headers, parts, rules }: SessionCall, identity: Identity): SessionView => {
  const may = (need: 'read' | 'operate'): boolean => decideAccess(need, identity, rules.reading, headers['host']).kind === 'granted'
  const until = identity.kind === 'token' ? identity.sessionUntil : undefined
  return {
    signedIn: until !== undefined,
    name: identity.kind === 'token' || identity.kind === 'socket' ? identity.name : null,
    mayRead: may('read'),
    mayOperate: may('operate'),
    expiresAt: until === undefined ? null : new Date(until).toISOString(),
    version: parts.version,
  }
}

/** Another site's page must not sign somebody in as somebody else. A browser that does not say whence asks first, for the body is JSON. */
const isFromElsewhere = ({ headers }: SessionCall): boolean => {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

const elsewhere = problem({ status: 403, code: 'cross-site', detail: 'a page of another site cannot sign anybody in or out here' })

const signIn = (call: SessionCall & { readonly body: { readonly token: string }; readonly client: string }): Answer => {
  const { parts, rules, body, client, isSecure } = call
  if (isFromElsewhere(call)) return elsewhere
  const token = matchToken(rules.tokens, body.token)
  if (token === undefined) {
    parts.log('warn', `${client} tried to sign in with a token that is not known here`, { client })
    return problem({ status: 401, code: 'token-unknown', detail: 'no token of the config is like this one', advice: 'sign in with a token under api.tokens that has the scope read or operate', headers: { 'www-authenticate': 'Bearer realm="dns-failover"' } }, true)
  }
  if (!hasScope(token.scopes, 'read')) return problem(missingScope(token.name, 'read'))
  const sessionUntil = parts.wallNow() + sessionMs
  parts.log('info', `${client} signed in with the token "${token.name}"`, { client, actor: token.name })
  return json(sessionView(call, { kind: 'token', name: token.name, scopes: token.scopes, sessionUntil }), 200, { 'set-cookie': sessionCookie(token, sessionUntil, isSecure) })
}

/** Whoever uses the pages of the dashboard signs in with a token, once. */
export const sessionRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path,
    need: 'anybody',
    summary: 'Who asks, and what they may do',
    answers: { 200: 'Session' },
    handle: (call) => {
      const { identity, headers, rules, parts, isSecure } = call
      // A cookie that opens nothing any more is taken away.
      const { kind } = readSession(headers['cookie'], rules.tokens, parts.wallNow())
      return json(sessionView(call, identity), 200, kind === 'none' || kind === 'valid' ? {} : { 'set-cookie': endedCookie(isSecure) })
    },
  }),
  jsonRoute({
    method: 'POST',
    path,
    need: 'anybody',
    summary: 'Signs in with a token that may read or operate: sets a cookie for twelve hours',
    body: sessionRequest,
    answers: { 200: 'Session' },
    handle: signIn,
  }),
  jsonRoute({
    method: 'DELETE',
    path,
    need: 'anybody',
    summary: 'Signs out: takes the cookie away',
    answers: { 200: 'Session' },
    handle: (call) => (isFromElsewhere(call) ? elsewhere : json(sessionView(call, { kind: 'nobody' }), 200, { 'set-cookie': endedCookie(call.isSecure) })),
  }),
]
