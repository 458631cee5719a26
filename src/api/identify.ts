import type { Identity } from './access.ts'
import { bearerOf, type KnownToken, matchToken } from './bearer.ts'
import { readSession } from './session-cookie.ts'

/** By which door a request came in. */
export type Via = 'api' | 'socket'

/** A name for people, out of a header: printable, and short. */
const plainName = (text: string | undefined): string | undefined => {
  const plain = (text ?? '').replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').trim().slice(0, 60)
  return plain === '' ? undefined : plain
}

const bySession = (cookie: string | undefined, tokens: readonly KnownToken[], wallNow: number): Identity => {
  const session = readSession(cookie, tokens, wallNow)
  if (session.kind === 'valid') return { kind: 'token', name: session.token.name, scopes: session.token.scopes, sessionUntil: session.expiresAt }
  return session.kind === 'forged' ? { kind: 'nobody', isForger: true } : { kind: 'nobody' }
}

/** Who asks: a bearer wins over a cookie. The socket's file says who may open it; there X-Actor only gives a name. */
export const identify = (via: Via, headers: Readonly<Record<string, string>>, tokens: readonly KnownToken[], wallNow: number): Identity => {
  if (via === 'socket') return { kind: 'socket', name: plainName(headers['x-actor']) ?? 'user on this machine' }
  const { authorization } = headers
  if (authorization === undefined) return bySession(headers['cookie'], tokens, wallNow)
  const bearer = bearerOf(authorization)
  // Such as Basic, which a browser goes on sending to a proxy that asked for it, and the proxy to us.
  if (bearer === undefined) {
    const session = bySession(headers['cookie'], tokens, wallNow)
    if (session.kind === 'token') return session
  }
  const known = bearer === undefined ? undefined : matchToken(tokens, bearer)
  return known === undefined ? { kind: 'stranger' } : { kind: 'token', name: known.name, scopes: known.scopes }
}

export const nameOf = (identity: Identity): string => (identity.kind === 'token' || identity.kind === 'socket' ? identity.name : 'somebody')
