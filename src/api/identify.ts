import type { Identity } from './access.ts'
import { bearerOf, type KnownToken, matchToken } from './bearer.ts'

/** By which door a request came in. */
export type Via = 'api' | 'socket'

/** A name for people, out of a header: printable, and short. */
const plainName = (text: string | undefined): string | undefined => {
  const plain = (text ?? '').replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').trim().slice(0, 60)
  return plain === '' ? undefined : plain
}

/** Who asks. The socket's file says who may open it; there X-Actor only gives a name. */
export const identify = (via: Via, headers: Readonly<Record<string, string>>, tokens: readonly KnownToken[]): Identity => {
  if (via === 'socket') return { kind: 'socket', name: plainName(headers['x-actor']) ?? 'user on this machine' }
  const { authorization } = headers
  if (authorization === undefined) return { kind: 'nobody' }
  const bearer = bearerOf(authorization)
  const known = bearer === undefined ? undefined : matchToken(tokens, bearer)
  return known === undefined ? { kind: 'stranger' } : { kind: 'token', name: known.name, scopes: known.scopes }
}

export const nameOf = (identity: Identity): string => (identity.kind === 'token' || identity.kind === 'socket' ? identity.name : 'somebody')
