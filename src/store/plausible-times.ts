import type { Health } from '../core/health.ts'
import type { SiteState } from '../core/site-state.ts'
import type { Word } from '../core/word.ts'

const day = 86_400_000
/** Nothing that matters still is older; a time before that is a damaged one. */
const oldest = 3650 * day
/** The config's longest wait before re-admission. */
const longestWait = day
/** No outside monitor is believed for longer: the config allows 30 days. */
const longestWord = 31 * day
/** RFC 8767, section 4: no cache should keep a record for longer, whatever its TTL. */
const longestExposure = 7 * day
/** A time of just now may have been rounded up. */
const slack = 1_000

const plausibleHealth = (health: Health, isPlausible: (at: number) => boolean, now: number): Health => {
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

const plausibleWord = (word: Word, isPlausible: (at: number) => boolean, now: number): readonly Word[] => {
  if (!isPlausible(word.heardAt) || word.expiresAt > now + longestWord) return []
  return [isPlausible(word.since) && word.since <= word.heardAt ? word : { ...word, since: word.heardAt }]
}

const mapped = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => readonly U[]): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(record).flatMap(([key, value]) => change(value).map((changed) => [key, changed])))

/**
 * The state without times that cannot be, as a damaged file or somebody's edit leaves them: in the future, or older than
 * ten years. Each counts as if it were not there; what does not hang on it, above all whether an address has ever
 * passed, is kept.
 */
export const withPlausibleTimes = (state: SiteState, now: number): SiteState => {
  const isPlausible = (at: number): boolean => at <= now + slack && at >= now - oldest
  return {
    ...state,
    health: Object.fromEntries(Object.entries(state.health).map(([address, health]) => [address, plausibleHealth(health, isPlausible, now)])),
    removals: state.removals.filter(({ at }) => isPlausible(at)),
    words: mapped(state.words, (words) => [words.flatMap((word) => plausibleWord(word, isPlausible, now))].filter((all) => all.length > 0)),
    // What may still be in a cache is never taken to be in none: a time too late becomes the latest that can be.
    exposures: mapped(state.exposures, (all) => [mapped(all, (until) => (until < now - oldest ? [] : [Math.min(until, now + longestExposure)]))]),
    versions: mapped(state.versions, (all) => [all.map((version) => ({ ...version, ttl: Math.min(version.ttl, longestExposure / 1000), replacedAt: version.replacedAt === undefined ? undefined : Math.min(version.replacedAt, now) }))]),
    safe: mapped(state.safe, (since) => (isPlausible(since) ? [since] : [])),
    promotions: mapped(state.promotions, (promotion) => [promotion.countedAt === undefined || isPlausible(promotion.countedAt) ? promotion : { ...promotion, countedAt: undefined }]),
  }
}
