import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { ApiToken } from './api-parts.ts'

/** A token as it is kept: nothing here can be used as one. */
export interface KnownToken extends Pick<ApiToken, 'name' | 'scopes'> {
  readonly digest: Buffer
  /** Signs the sessions of those who signed in with it. */
  readonly sessionKey: Buffer
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

export const knownTokens = (tokens: readonly ApiToken[]): readonly KnownToken[] =>
  tokens.map(({ name, scopes, token }) => ({ name, scopes, digest: digestOf(token), sessionKey: createHmac('sha256', token).update('dns-failover session').digest() }))

/** The token of an Authorization header (RFC 6750); undefined: it carries none. */
export const bearerOf = (header: string | undefined): string | undefined => /^bearer +(\S+) *$/i.exec(header ?? '')?.[1]

/** Whose token it is. As long for one that is nearly right as for any other: all are compared, by their digests. */
export const matchToken = (tokens: readonly KnownToken[], token: string): KnownToken | undefined => {
  const digest = digestOf(token)
  return tokens.reduce<KnownToken | undefined>((found, each) => (timingSafeEqual(each.digest, digest) ? each : found), undefined)
}
