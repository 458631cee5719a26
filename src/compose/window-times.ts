import { Cron } from 'croner'
import type { DrainWindow } from '../core/site.ts'

/** From when, and until just before when; milliseconds since the epoch. */
export interface Span {
  readonly since: number
  readonly until: number
}

export interface WindowTimes {
  /** What lasts now. Turns that come before the one before is over make one span. */
  readonly now: Span | undefined
  /** What begins next, after that. */
  readonly next: Span | undefined
}

/** So many turns are taken together at most: where each runs into the next for ever, a span ends somewhere, and the next goes on. */
const longestChain = 100

/** @throws if the expression or the time zone is none. */
export const cronOf = ({ cron, timeZone }: Pick<DrainWindow, 'cron' | 'timeZone'>): Cron => new Cron(cron, { mode: '5-or-6-parts', timezone: timeZone, paused: true })

/** The first turn after a time; it is a whole second. */
const turnAfter = (cron: Cron, at: number): number | undefined => cron.nextRun(new Date(at))?.getTime()

/** Where the turns that run into this one began. */
const startOf = (cron: Cron, forMs: number, turn: number): number => {
  let since = turn
  for (let taken = 0; taken < longestChain; taken += 1) {
    const before = turnAfter(cron, since - forMs - 1)
    if (before === undefined || before >= since) return since
    since = before
  }
  return since
}

/** Where this turn ends, and those that begin before it does. */
const endOf = (cron: Cron, forMs: number, turn: number): number => {
  let last = turn
  for (let taken = 0; taken < longestChain; taken += 1) {
    const after = turnAfter(cron, last)
    if (after === undefined || after > last + forMs) break
    last = after
  }
  return last + forMs
}

/**
 * When a planned window lasts. Only ever by looking for the next turn: one that still lasts began within `forMs`. Over a
 * change of clocks: a fixed time that is left out counts when the clock jumps, one that comes twice counts the first
 * time; "every so many minutes" goes by the clock on the wall as it runs. Whatever it is, a turn lasts `forMs` of real time.
 */
export const windowTimes = (cron: Cron, forMs: number, wallNow: number): WindowTimes => {
  const first = turnAfter(cron, wallNow - forMs)
  if (first === undefined) return { now: undefined, next: undefined }
  if (first > wallNow) return { now: undefined, next: { since: first, until: endOf(cron, forMs, first) } }
  const now: Span = { since: startOf(cron, forMs, first), until: endOf(cron, forMs, first) }
  const after = turnAfter(cron, now.until)
  return { now, next: after === undefined ? undefined : { since: after, until: endOf(cron, forMs, after) } }
}
