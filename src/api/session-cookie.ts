import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KnownToken } from './bearer.ts'

/** How long somebody who signed in stays so. Milliseconds. */
export const sessionMs = 43_200_000

const cookieName = 'dns-failover-session'
/** A browser may send several of one name, of several paths. */
const mostCookies = 8

/** What a cookie says of a session. `unknown`: its token is gone, or it is no cookie of ours. `forged`: it is not signed by the token that it names. */
export type SessionRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'valid'; readonly token: KnownToken; readonly expiresAt: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'forged' }

const signature = ({ name, sessionKey }: KnownToken, expiresAt: number): Buffer => createHmac('sha256', sessionKey).update(`${name}\n${expiresAt}`).digest()

/**
 * The value names the token and an end, signed with a key that is made of the token: it needs no memory, survives a
 * restart, and ends with the token. The token cannot be had from it.
 */
const valueOf = (token: KnownToken, expiresAt: number): string => [Buffer.from(token.name).toString('base64url'), expiresAt, signature(token, expiresAt).toString('base64url')].join('.')

const readValue = (value: string, tokens: readonly KnownToken[], wallNow: number): SessionRead => {
  const { name = '', end = '', signed = '' } = /^(?<name>[\w-]{1,100})\.(?<end>\d{1,15})\.(?<signed>[\w-]{43})$/.exec(value)?.groups ?? {}
  const token = tokens.find((each) => each.name === Buffer.from(name, 'base64url').toString())
  if (token === undefined) return { kind: 'unknown' }
  const expiresAt = Number(end)
  const given = Buffer.from(signed, 'base64url')
  const own = signature(token, expiresAt)
  if (given.length !== own.length || !timingSafeEqual(given, own)) return { kind: 'forged' }
  // No session lasts longer than they are made to: the clock may have been set back.
  return expiresAt > wallNow && expiresAt <= wallNow + sessionMs ? { kind: 'valid', token, expiresAt } : { kind: 'expired' }
}

const rank: readonly SessionRead['kind'][] = ['none', 'unknown', 'expired', 'forged', 'valid']

/** The session of a Cookie header: the first that is valid, or what is wrong with those that are there. */
export const readSession = (header: string | undefined, tokens: readonly KnownToken[], wallNow: number): SessionRead =>
  (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .flatMap((part) => (part.startsWith(`${cookieName}=`) ? [part.slice(cookieName.length + 1)] : []))
    .slice(0, mostCookies)
    .map((value) => readValue(value, tokens, wallNow))
    .reduce<SessionRead>((best, each) => (rank.indexOf(each.kind) > rank.indexOf(best.kind) ? each : best), { kind: 'none' })

/** Without a path: the browser then sends it to what lies beside this route, whatever prefix a proxy took off. */
const attributes = (isSecure: boolean): string => `HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`

export const sessionCookie = (token: KnownToken, expiresAt: number, isSecure: boolean): string =>
  `${cookieName}=${valueOf(token, expiresAt)}; Max-Age=${sessionMs / 1000}; ${attributes(isSecure)}`

export const endedCookie = (isSecure: boolean): string => `${cookieName}=; Max-Age=0; ${attributes(isSecure)}`
