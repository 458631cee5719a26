import type { FailureCause, LocalCause } from '../core/result.ts'

/** Why a check did not get as far as a judgement of the answer: the target's fault, or ours. */
export type Trouble =
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string }
  | { readonly kind: 'cannot-tell'; readonly cause: LocalCause; readonly detail: string }

export const failed = (cause: FailureCause, detail: string): Trouble => ({ kind: 'failed', cause, detail: oneLine(detail) })

export const cannotTell = (cause: LocalCause, detail: string): Trouble => ({ kind: 'cannot-tell', cause, detail: oneLine(detail) })

/** Details may quote what a foreign server sent: no control characters, and short. */
const oneLine = (text: string): string => {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain
}
