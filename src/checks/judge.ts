import type { HealthCheck } from '../core/site.ts'
import type { CompiledPattern } from './body-pattern.ts'
import type { ResponseHead } from './response-head.ts'
import { cannotTell, failed, type Trouble } from './trouble.ts'

export const isExpectedStatus = (check: HealthCheck, status: number): boolean =>
  check.expect.status.some(({ from, to }) => status >= from && status <= to)

const statusText = (check: HealthCheck): string =>
  check.expect.status.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')

const judgeBody = (check: HealthCheck, pattern: CompiledPattern | undefined, head: ResponseHead, body: Buffer): Trouble | undefined => {
  const expected = check.expect.body
  if (expected === undefined) return undefined
  if (pattern?.kind === 'error') return cannotTell('local-error', `the expected pattern does not compile: ${pattern.error}`)
  const text = body.toString('utf8')
  if (pattern === undefined ? text.includes(expected.text) : pattern.test(text)) return undefined
  const coding = head.contentEncoding === 'identity' ? '' : `, content-encoding ${head.contentEncoding}`
  const what = expected.kind === 'contains' ? 'text' : 'pattern'
  return failed('body', `the expected ${what} is not in the first ${body.length} bytes of the body (status ${head.status}${coding})`)
}

/** What is wrong with a whole answer, if anything. The body was read only if the status is an expected one. */
export const judge = (
  check: HealthCheck,
  pattern: CompiledPattern | undefined,
  answer: { readonly head: ResponseHead; readonly body: Buffer; readonly certificateDays: number | undefined },
): Trouble | undefined => {
  if (!isExpectedStatus(check, answer.head.status)) {
    return failed('status', `status ${answer.head.status}, expected ${statusText(check)}`)
  }
  const body = judgeBody(check, pattern, answer.head, answer.body)
  if (body !== undefined) return body
  const days = answer.certificateDays
  return days !== undefined && check.minCertDays !== undefined && days < check.minCertDays
    ? failed('certificate-expiring', `${days} days left on the certificate, at least ${check.minCertDays} wanted`)
    : undefined
}
