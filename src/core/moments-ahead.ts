import { countsUntil, longestFlightMs, type Removal } from './budget.ts'
import type { Site } from './site.ts'
import type { SiteState } from './site-state.ts'

/** One whose write may take effect yet counts though its address is still there. */
const endsOf = (removal: Removal, windowMs: number): readonly number[] => {
  const until = countsUntil(removal, windowMs)
  return removal.isUncertain ? [removal.at + longestFlightMs, until] : [until]
}

/** When time alone may change a decision: a wait for re-admission ends, or a removal counts no more. Some may have passed. Engine milliseconds. */
export const momentsAhead = ({ policy }: Pick<Site, 'policy'>, { health, removals }: Pick<SiteState, 'health' | 'removals'>): readonly number[] => [
  ...Object.values(health).flatMap(({ state, readmitAt }) => (state === 'up' && readmitAt !== undefined ? [readmitAt] : [])),
  ...removals.flatMap((removal) => endsOf(removal, policy.budgetWindowMs)),
]
