import { type Health, isPairwise } from './health.ts'
import type { CurrentRRset } from './rrset.ts'
import type { SiteState } from './site-state.ts'

/** What a decision is made of, besides the config and the time. */
export interface Known {
  readonly state: SiteState
  readonly current: readonly CurrentRRset[]
}

const isQuiet = ({ state, failing, passing, readmitAt, isFallUnseen }: Health): boolean =>
  state === 'up' && failing === undefined && passing > 0 && readmitAt === undefined && !isFallUnseen

const isAsQuiet = (before: Health, after: Health): boolean =>
  isQuiet(before) && isQuiet(after) && before.identity === after.identity && before.since === after.since && before.judged === after.judged

const isEmpty = (record: Readonly<Record<string, unknown>>): boolean => {
  for (const _ in record) return false
  return true
}

/** Nobody has ordered, said or found anything that makes a difference, and no removal counts. */
const isLeftAlone = ({ removals, drains, forces, words, stale, catchingUp }: SiteState): boolean =>
  removals.length === 0 && [drains, forces, words, stale, catchingUp].every(isEmpty)

/**
 * Whether the same is decided as before, whatever time it is: each address is up and waits for nothing, as it was, the regions lead where they did,
 * and the records are the very same reading. Of a thousand sites nearly all are so at nearly all times, and are asked each second.
 */
export const isSameRest = (before: Known, after: Known): boolean =>
  before.current === after.current &&
  before.state.regions === after.state.regions &&
  before.state.retired === after.state.retired &&
  isLeftAlone(before.state) &&
  isLeftAlone(after.state) &&
  isPairwise(before.state.health, after.state.health, isAsQuiet)
