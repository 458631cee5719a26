import { confirmationShare, mostAtOnce, patienceInRunMs } from '../core/pacing.ts'
import type { HealthCheck, Site } from '../core/site.ts'

type Rules = Pick<HealthCheck, 'fall' | 'rise' | 'confirmSpanMs' | 'bounds'>

/** What resolving, a busy machine and the first moments take besides, in milliseconds. */
const slackMs = 5_000
const leastMs = 60_000

/**
 * Milliseconds that the verdict on an address takes that never answers: `fall` checks, the last no sooner than `confirmSpan`, each
 * beside those before if these last so long.
 */
export const neededMs = (check: Rules): number => {
  const { fall, confirmSpanMs } = check
  const { totalMs } = check.bounds
  const share = confirmationShare(check)
  const secondAt = Math.max(share, patienceInRunMs)
  const isBeside = fall > 1 && fall <= mostAtOnce(check) && secondAt < totalMs
  const lastAt = isBeside ? secondAt + (fall - 2) * share : (fall - 1) * totalMs
  return Math.max(lastAt, confirmSpanMs) + totalMs
}

/** For one that changes its mind once, too. */
const enoughMs = ({ fall, rise, confirmSpanMs, bounds: { totalMs } }: Rules): number => (fall + rise) * totalMs + 2 * confirmSpanMs + slackMs

/** How long the checks of these sites may take where nobody says: a minute, or what the slowest site needs. Milliseconds. */
export const defaultChecksMs = (sites: readonly Pick<Site, 'check'>[]): number => Math.max(leastMs, ...sites.map(({ check }) => enoughMs(check)))

/** `75 s`, `1.5 s`. */
export const secondsText = (ms: number): string => `${Math.round(ms / 100) / 10} s`
