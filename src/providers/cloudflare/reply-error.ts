import { type Obstacle, ProviderError, type ProviderErrorCode } from '../provider-error.ts'
import { Failure } from './envelope.ts'
import type { Answered } from './sdk.ts'

/** What an answer that is no success says, and what it says of a write. */
interface Judgement {
  readonly code: ProviderErrorCode
  readonly outcome: 'unchanged' | 'unknown'
  readonly text: string
  readonly obstacle?: Obstacle
  readonly retryAfterMs?: number
}

/** Milliseconds: longer than Cloudflare's own refusal after too many requests lasts nobody has to wait. */
const longestRetryAfterMs = 300_000

const auth = [1000, 6003, 6111, 9103, 9106, 9109, 10_000]
const moved = [81_044, 81_058]
const alias = [81_053, 81_054]
const noSuchZone = [1001, 7000, 7003]
const invalid = [1004, 9005, 9006, 9021]

/** Seconds or a date (RFC 9110 section 10.2.3). */
const retryAfterMs = (header: string | undefined, wallNow: number): number | undefined => {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - wallNow
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs)
}

const no = (code: ProviderErrorCode, text: string): Judgement => ({ code, outcome: 'unchanged', text })

const judge = (answer: Answered, wallNow: number): Judgement => {
  const failure = Failure.safeParse(answer.body)
  const errors = (failure.success ? (failure.data.errors ?? []) : []).flatMap((each) => [each, ...(each.error_chain ?? [])])
  const said = errors.length === 0 ? `HTTP ${answer.status}` : `${errors.map(({ code, message }) => `${message} (${code})`).join(', ')}, HTTP ${answer.status}`
  const has = (codes: readonly number[]): boolean => errors.some(({ code }) => codes.includes(code))

  if (answer.status === 429 || has([971])) {
    const after = retryAfterMs(answer.retryAfter, wallNow)
    return { ...no('rate-limited', `too many requests (${said}); whatever else uses the same user's tokens counts too`), ...(after === undefined ? {} : { retryAfterMs: after }) }
  }
  if (answer.status >= 500) return { code: 'unavailable', outcome: 'unknown', text: `Cloudflare failed (${said})` }
  if (has(auth) || answer.status === 401 || answer.status === 403) {
    return no('auth', `the API token was refused (${said}); it needs the permissions Zone:Read and DNS:Edit for this zone, must not have expired, and must be allowed from this machine's address`)
  }
  if (has(moved)) return no('conflict', `the records are not those that were read (${said})`)
  if (has(alias)) return { ...no('rejected', `a CNAME record stands there (${said}); delete it, or choose another name`), obstacle: 'cname' }
  if (has(noSuchZone)) return no('rejected', `there is no such zone for this token (${said}); check zoneId and the token's zones`)
  if (has(invalid)) return no('rejected', `the record was found invalid (${said})`)
  if (answer.status >= 300 && answer.status < 400) return no('unavailable', `it was answered by a redirection (${said}); check baseUrl, and what stands between`)
  if ([408, 409, 425].includes(answer.status)) return { code: 'unavailable', outcome: 'unknown', text: `it could not be done now (${said})` }
  if (answer.status >= 400) return no('rejected', `it was refused (${said})`)
  if (answer.body === undefined) {
    return { code: 'unavailable', outcome: 'unknown', text: `HTTP ${answer.status} came with something that is not JSON (${JSON.stringify(answer.start.slice(0, 30))}); check baseUrl, and what stands between` }
  }
  return { code: 'unavailable', outcome: 'unknown', text: errors.length === 0 ? `the answer (HTTP ${answer.status}) is not as Cloudflare documents it` : `no success (${said})` }
}

/** The error for an answer that is none of a success. `what` completes "cannot"; reading leaves the zone unchanged. */
export const replyError = (what: string, isWrite: boolean, answer: Answered, wallNow: number, redact: (text: string) => string): ProviderError => {
  const { text, outcome, ...facts } = judge(answer, wallNow)
  return new ProviderError(redact(`cannot ${what} at Cloudflare: ${text}`), { ...facts, outcome: isWrite ? outcome : 'unchanged' })
}
