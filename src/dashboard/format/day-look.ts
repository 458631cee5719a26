import { utcDayText } from './clock-text.ts'
import { percentText } from './percent-text.ts'

/** How a day is drawn: how much of its bar is filled, and in which tone. */
export interface DayLook {
  readonly tone: 'ok' | 'warn' | 'bad' | 'none'
  /** Of the bar's height, in [0, 1]. */
  readonly missing: number
  readonly text: string
}

/** Below this a day was bad; above it, it was not perfect. */
const badBelow = 0.99
/** A short outage must be seen in a bar of a few pixels. */
const leastSeen = 0.12

export const dayLook = ({ day, availability }: { readonly day: string; readonly availability: number | null }): DayLook => {
  if (availability === null) return { tone: 'none', missing: 0, text: `${utcDayText(day)}: not watched` }
  const text = `${utcDayText(day)}: ${percentText(availability)}`
  if (availability >= 1) return { tone: 'ok', missing: 0, text }
  return { tone: availability < badBelow ? 'bad' : 'warn', missing: Math.max(leastSeen, 1 - availability), text }
}

interface Day {
  readonly day: string
  readonly availability: number | null
}

/** One entry for each of the last days, oldest first; what nobody tells of was not watched. */
export const lastDays = (days: readonly Day[], count: number, nowMs: number): readonly Day[] => {
  const byDay = new Map(days.map(({ day, availability }) => [day, availability]))
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(nowMs - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10)
    return { day, availability: byDay.get(day) ?? null }
  })
}

/** Of several days, weighed alike; null: none was watched. */
export const meanAvailability = (days: readonly Day[]): number | null => {
  const watched = days.flatMap(({ availability }) => (availability === null ? [] : [availability]))
  return watched.length === 0 ? null : watched.reduce((sum, each) => sum + each, 0) / watched.length
}
