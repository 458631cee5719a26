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

/** So many checks of one address at most are under way at a time, whatever `fall` is: a server in trouble is not to be run over. */
export const mostAtOnce = (check: Pick<HealthCheck, 'fall'>): number => Math.min(check.fall, 10)

/** In a single run what is usual of an address is not known: its silence is taken for one after so many milliseconds, for a check more does no harm there. */
export const patienceInRunMs = 250

/** Checks of one address that have been started and whose results have not joined yet, and the first and the last of them. Times: engine milliseconds. */
export interface Underway {
  readonly count: number
  /** Of those that were started together, ended ones included. */
  readonly started: number
  readonly firstAt: number
  readonly lastAt: number
}

/**
 * When another confirming check is to start beside those that still run, if the first runs past `patienceMs` (engine milliseconds; infinite: none). They are taken for
 * failures: no more are started than a verdict lacks then, spread over `confirmSpanMs` as they would be one after the other.
 */
export const nextBesideAt = (health: Health, underway: Underway, patienceMs: number, check: Pick<HealthCheck, 'fall' | 'confirmSpanMs'>): number => {
  const missing = check.fall - (health.failing?.count ?? 0) - underway.count
  if (health.state === 'down' || missing < 1 || underway.count >= mostAtOnce(check)) return Number.POSITIVE_INFINITY
  const share = confirmationShare(check)
  const next = underway.started === 1 ? underway.firstAt + Math.max(patienceMs, share) : underway.lastAt + share
  return missing > 1 ? next : Math.max(next, (health.failing?.firstAt ?? underway.firstAt) + check.confirmSpanMs)
}
