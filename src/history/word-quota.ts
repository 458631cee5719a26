import type { EventLevel } from './history.ts'

/** Whose word it is, on what. */
export interface WordPlace {
  readonly source: string
  /** Null: of none that is known. */
  readonly site: string | null
  readonly region: string | null
}

export interface WordRow {
  readonly level: EventLevel
  readonly text: string
}

/** Words of one place that had no rows of their own, as one. */
export interface WordSum extends WordPlace, WordRow {
  readonly more: number
}

/** Bounds the rows that outside monitors can make: what decides about the DNS has rows of its own, whatever they say. */
export interface WordQuota {
  /** Whether this one is kept by itself; otherwise it is part of the next sum. `now`: monotonic milliseconds. */
  take(place: WordPlace, row: WordRow, now: number): boolean
  /** The sums of all minutes that are over. */
  ended(now: number): readonly WordSum[]
}

interface Minute extends WordPlace {
  readonly endsAt: number
  kept: number
  more: number
  last: WordRow
}

/** So many a minute more than a sound monitor has to say of one region. */
const mostAMinute = 20
const minuteMs = 60_000

const sumOf = ({ source, site, region, more, last }: Minute): WordSum => ({
  source,
  site,
  region,
  more,
  level: last.level,
  text: `${source}: and ${more} more ${more === 1 ? 'word' : 'words'} within a minute; the last: ${last.text}`,
})

/** The first words of a minute have rows; of the others the number and the last are told once it is over. */
export const createWordQuota = (): WordQuota => {
  const minutes = new Map<string, Minute>()
  const begin = (key: string, place: WordPlace, row: WordRow, now: number): Minute => {
    const minute = { ...place, endsAt: now + minuteMs, kept: 0, more: 0, last: row }
    minutes.set(key, minute)
    return minute
  }
  return {
    take: (place, row, now) => {
      const key = JSON.stringify([place.source, place.site, place.region])
      const minute = minutes.get(key) ?? begin(key, place, row, now)
      minute.last = row
      if (minute.kept < mostAMinute) minute.kept += 1
      else minute.more += 1
      return minute.more === 0
    },
    ended: (now) => {
      const over = [...minutes].filter(([, { endsAt }]) => endsAt <= now)
      for (const [key] of over) minutes.delete(key)
      return over.flatMap(([, minute]) => (minute.more === 0 ? [] : [sumOf(minute)]))
    },
  }
}
