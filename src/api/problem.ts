import { STATUS_CODES } from 'node:http'
import type { RefusalCode } from '../engine/operations.ts'
import type { Problem } from './schemas/problem-schema.ts'

export interface ProblemFacts {
  readonly status: number
  /** Stable, for programs. */
  readonly code: string
  readonly detail: string
  readonly advice?: string | undefined
  readonly errors?: Problem['errors']
  readonly headers?: Readonly<Record<string, string>>
}

/** Which status says what a refusal of the service means. */
const refusalStatus: Readonly<Record<RefusalCode, number>> = {
  'unknown-site': 404,
  'unknown-region': 404,
  floor: 409,
  'no-order': 409,
  paused: 409,
  'address-taken': 409,
  moved: 409,
  'called-off': 409,
  'not-repointable': 409,
  'check-failed': 409,
  'not-watched': 503,
  'bad-address': 422,
  provider: 502,
  'not-saved': 503,
  busy: 503,
}

export const problemOf = (refusal: { readonly code: RefusalCode; readonly text: string; readonly advice?: string }): ProblemFacts => ({
  status: refusalStatus[refusal.code],
  code: refusal.code,
  detail: refusal.text,
  advice: refusal.advice,
})

/** RFC 9457. `instance`: what was asked for. */
export const problemBody = ({ status, code, detail, advice, errors }: ProblemFacts, instance: string | undefined): Problem => ({
  type: `urn:dns-failover:problem:${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  ...(instance === undefined ? {} : { instance }),
  code,
  ...(advice === undefined ? {} : { advice }),
  ...(errors === undefined ? {} : { errors }),
})
