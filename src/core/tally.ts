import type { Health } from './health.ts'
import type { CheckResult } from './result.ts'
import type { HealthCheck } from './site.ts'

/** What one run of the one-shot has seen of an address by itself, whatever was known before. */
export interface Tally {
  readonly checks: number
  /** Successes in a row, and when the first and the last of them started. */
  readonly passed: number
  readonly passedSince: number
  readonly passedUntil: number
  readonly failed: number
  readonly failedSince: number
  readonly failedUntil: number
  /** Failures right after a success that itself came after failures. */
  readonly relapses: number
  readonly firstStartedAt: number
  readonly lastStartedAt: number
  readonly last: CheckResult | undefined
}

export const emptyTally: Tally = { checks: 0, passed: 0, passedSince: 0, passedUntil: 0, failed: 0, failedSince: 0, failedUntil: 0, relapses: 0, firstStartedAt: 0, lastStartedAt: 0, last: undefined }

export const counted = (tally: Tally, result: CheckResult): Tally => {
  const at = result.startedAt
  const firstStartedAt = tally.checks === 0 ? at : tally.firstStartedAt
  const next = { ...tally, checks: tally.checks + 1, firstStartedAt, lastStartedAt: at, last: result }
  switch (result.kind) {
    case 'ok':
      return { ...next, passed: tally.passed + 1, passedSince: tally.passed === 0 ? at : tally.passedSince, passedUntil: at }
    case 'failed':
      return { ...next, passed: 0, failed: tally.failed + 1, failedSince: tally.failed === 0 ? at : tally.failedSince, failedUntil: at, relapses: tally.relapses + (tally.passed > 0 && tally.failed > 0 ? 1 : 0) }
    case 'cannot-tell':
      return next
  }
}

/**
 * Whether this run alone has `fall` or `rise` results spanning `confirmSpanMs`, and they agree with the health. A first success
 * after the failures opens it again: it may be back. One that has failed again after such a success is not open at each of them:
 * what fails every other check would be down in one run and undecided in the next, as its last check happened to come out.
 */
export const isDecided = (tally: Tally, health: Health, check: Pick<HealthCheck, 'fall' | 'rise' | 'confirmSpanMs'>): boolean => {
  const hasRisen = tally.passed >= check.rise && tally.passedUntil - tally.passedSince >= check.confirmSpanMs
  const hasFallen = (tally.passed === 0 || tally.relapses > 0) && tally.failed >= check.fall && tally.failedUntil - tally.failedSince >= check.confirmSpanMs
  return (health.state === 'up' && health.failing === undefined && hasRisen) || (health.state === 'down' && hasFallen)
}

/** Whether this machine cannot tell, and will not: nothing but faults of our own, for as long as a verdict would have taken. */
export const isHopeless = (tally: Tally, check: Pick<HealthCheck, 'fall' | 'rise' | 'confirmSpanMs'>): boolean =>
  tally.passed === 0 &&
  tally.failed === 0 &&
  tally.checks >= 2 * Math.max(check.fall, check.rise) &&
  tally.lastStartedAt - tally.firstStartedAt >= 2 * check.confirmSpanMs

/**
 * When the next check of this run is due (engine milliseconds): the results that are needed are spread evenly over
 * `confirmSpanMs`, and the last of them comes just after its end.
 */
export const nextInRunAt = (tally: Tally, check: Pick<HealthCheck, 'fall' | 'rise' | 'confirmSpanMs'>): number => {
  const isPassing = tally.passed > 0
  const needed = isPassing ? check.rise : check.fall
  const have = isPassing ? tally.passed : tally.failed
  const since = isPassing ? tally.passedSince : tally.failedSince
  const share = check.confirmSpanMs / Math.max(1, needed - 1)
  const regular = tally.lastStartedAt + Math.max(share, 50)
  if (have === 0 || tally.last?.kind === 'cannot-tell') return regular
  return have >= needed - 1 ? Math.max(since + check.confirmSpanMs, tally.lastStartedAt + Math.min(share, 50)) : regular
}
