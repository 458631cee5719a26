import type { ApiAnswer } from '../../api/client.ts'
import type { Outcome } from '../../engine/operations.ts'
import type { ErrorReport } from '../render/json.ts'

/** What came of asking, whoever was asked. */
export type Answer<T> = { readonly kind: 'done'; readonly value: T } | Refused

export interface Refused {
  readonly kind: 'refused'
  readonly exitCode: number
  readonly error: ErrorReport
}

/** Of what is no error (1): held, or nothing that could be meant. */
const exitCodes: Readonly<Record<string, number>> = {
  floor: 3,
  paused: 3,
  moved: 3,
  'check-failed': 3,
  locked: 3,
  usage: 64,
  'unknown-site': 64,
  'unknown-region': 64,
  'bad-address': 64,
  'invalid-request': 64,
  'unknown-alert': 64,
}

/** `advice`: what to do about it. */
export const refusal = (code: string, text: string, advice?: string): Refused => ({
  kind: 'refused',
  exitCode: exitCodes[code] ?? 1,
  error: { code, message: advice === undefined ? text : `${text}; ${advice}`, outcome: null, obstacle: null, retryAfterMs: null },
})

/** What the API says to programs, as the command line has it. */
const adviceHere: Readonly<Record<string, string>> = {
  'token-needed': 'give one by --token-file or DNS_FAILOVER_TOKEN',
  'token-unknown': 'give one of its config by --token-file or DNS_FAILOVER_TOKEN',
}

export const answerOfApi = <T>(answer: ApiAnswer<T>): Answer<T> => {
  switch (answer.kind) {
    case 'done':
      return answer
    case 'unreachable':
      return refusal('unreachable', answer.detail)
    case 'problem': {
      const { code, detail, advice, errors = [] } = answer.problem
      const fields = errors.map(({ field, text }) => `${field}: ${text}`).filter((text) => !detail.includes(text))
      return refusal(code, [detail, ...fields].join('; '), adviceHere[code] ?? advice)
    }
  }
}

export const answerOfOutcome = <T>(outcome: Outcome<T>): Answer<T> => (outcome.kind === 'done' ? outcome : refusal(outcome.code, outcome.text, outcome.advice))
