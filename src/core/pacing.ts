import type { Health } from './health.ts'
import type { HealthCheck } from './site.ts'

/** Milliseconds between two of the `fall` checks that are spread evenly over `confirmSpanMs`. */
export const confirmationShare = (check: Pick<HealthCheck, 'fall' | 'confirmSpanMs'>): number => check.confirmSpanMs / Math.max(1, check.fall - 1)

/**
 * Whether an address that is down is to be checked on at the pace of a confirmation because nobody has borne witness:
 * a witness counts only from when it began to answer. Not for ever, for who is cut off must not hurry for ever.
 */
export const isWorthWitnessing = (failures: number, lacksWitness: boolean, check: Pick<HealthCheck, 'fall'>): boolean =>
  lacksWitness && failures < 2 * check.fall

/** Whether a verdict is being gathered: checks then follow each other quickly instead of waiting for their turn. */
export const isConfirming = (health: Health, rise: number): boolean => {
  const towardsDown = health.failing !== undefined && health.state !== 'down'
  const towardsUp = health.state !== 'up' && health.passing > 0 && health.passing < rise
  return towardsDown || towardsUp
}

/**
 * When the next confirming check is due (engine milliseconds), given when the last one started. `fall` checks
 * are spread evenly over `confirmSpanMs`; a check that took longer than its share is followed at once.
 */
export const nextConfirmationAt = (health: Health, lastStartedAt: number, check: Pick<HealthCheck, 'fall' | 'confirmSpanMs'>): number => {
  const run = health.failing
  const share = confirmationShare(check)
  if (run === undefined || run.count < check.fall) return lastStartedAt + share
  return Math.max(run.firstAt + check.confirmSpanMs, lastStartedAt + Math.min(share, 100))
}
