import type { Address } from './address.ts'
import type { Health } from './health.ts'
import type { SiteState } from './site-state.ts'
import type { Word } from './word.ts'

const later = (at: number | undefined, byMs: number): number | undefined => (at === undefined ? undefined : at + byMs)

const shiftedHealth = (health: Health, byMs: number): Health => ({
  ...health,
  since: health.since + byMs,
  failing: health.failing && {
    ...health.failing,
    firstAt: health.failing.firstAt + byMs,
    previousAt: health.failing.previousAt + byMs,
    lastAt: health.failing.lastAt + byMs,
    starts: health.failing.starts.map((start) => start + byMs),
  },
  passingSince: health.passingSince + byMs,
  observedAt: later(health.observedAt, byMs),
  falls: { ...health.falls, at: health.falls.at + byMs },
  readmitAt: later(health.readmitAt, byMs),
})

const shiftedWord = (word: Word, byMs: number): Word => ({ ...word, since: word.since + byMs, heardAt: word.heardAt + byMs, expiresAt: word.expiresAt + byMs })

const mapped = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

/** All times of a state moved by so many milliseconds: from one process's monotonic clock to another's. */
export const shifted = (state: SiteState, byMs: number): SiteState => ({
  ...state,
  health: Object.fromEntries(
    Object.entries(state.health).map(([address, health]): [Address, Health] => [address as Address, shiftedHealth(health, byMs)]),
  ),
  removals: state.removals.map((removal) => ({ ...removal, at: removal.at + byMs })),
  words: mapped(state.words, (all) => all.map((word) => shiftedWord(word, byMs))),
  exposures: mapped(state.exposures, (all) => mapped(all, (until) => until + byMs)),
  versions: mapped(state.versions, (all) => all.map((version) => ({ ...version, replacedAt: later(version.replacedAt, byMs) }))),
  safe: mapped(state.safe, (since) => since + byMs),
  promotions: mapped(state.promotions, (promotion) => ({ ...promotion, countedAt: later(promotion.countedAt, byMs) })),
  stale: mapped(state.stale, (stale) => ({ ...stale, since: stale.since + byMs })),
})
