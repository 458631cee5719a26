import type { CycleOutcome } from './cycle.ts'

/** Whether the cycle is to be tried again soon. */
export const isTrouble = (outcome: CycleOutcome): boolean =>
  outcome.kind === 'read-failed' || outcome.kind === 'write-failed' || outcome.kind === 'write-unknown' || outcome.kind === 'contended'

/** When the provider asks to be left alone for so long; milliseconds. */
export const retryAfterOf = (outcome: CycleOutcome): number | undefined => ('error' in outcome ? outcome.error.retryAfterMs : undefined)

/** A reading that a stop has cut short, or a write that it has kept back, is no news. */
export const isCutShort = (outcome: CycleOutcome, signal: AbortSignal): boolean =>
  signal.aborted && (outcome.kind === 'read-failed' || outcome.kind === 'write-failed')
