import type { Health } from '../core/health.ts'
import type { SiteState } from '../core/site-state.ts'

const day = 86_400_000
/** Nothing that matters still is older; a time before that is a damaged one. */
const oldest = 3650 * day
/** The config's longest wait before re-admission. */
const longestWait = day
/** A time of just now may have been rounded up. */
const slack = 1_000

const plausibleHealth = (health: Health, now: number): Health => {
  const isPlausible = (at: number): boolean => at <= now + slack && at >= now - oldest
  const { failing, falls, observedAt, readmitAt } = health
  const isRunPlausible = failing !== undefined && [failing.firstAt, failing.previousAt, failing.lastAt, ...failing.starts].every(isPlausible)
  return {
    ...health,
    since: isPlausible(health.since) ? health.since : now,
    failing: isRunPlausible ? failing : undefined,
    ...(health.passing === 0 || isPlausible(health.passingSince) ? {} : { passing: 0, passingSince: now }),
    observedAt: observedAt !== undefined && isPlausible(observedAt) ? observedAt : undefined,
    falls: falls.weight === 0 || isPlausible(falls.at) ? falls : { weight: 0, at: now },
    readmitAt: readmitAt !== undefined && readmitAt <= now + longestWait ? readmitAt : undefined,
  }
}

/**
 * The state without times that cannot be, as a damaged file or somebody's edit leaves them: in the future, or older than
 * ten years. Each counts as if it were not there; what does not hang on it, above all whether an address has ever
 * passed, is kept.
 */
export const withPlausibleTimes = (state: SiteState, now: number): SiteState => ({
  ...state,
  health: Object.fromEntries(Object.entries(state.health).map(([address, health]) => [address, plausibleHealth(health, now)])),
  removals: state.removals.filter(({ at }) => at <= now + slack && at >= now - oldest),
})
