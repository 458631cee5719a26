import type { Site } from './site.ts'
import type { SiteState } from './site-state.ts'

/** When time alone may change a decision: a wait for re-admission ends, or a removal counts no more. Some may have passed. Engine milliseconds. */
export const momentsAhead = ({ policy }: Pick<Site, 'policy'>, { health, removals }: Pick<SiteState, 'health' | 'removals'>): readonly number[] => [
  ...Object.values(health).flatMap(({ state, readmitAt }) => (state === 'up' && readmitAt !== undefined ? [readmitAt] : [])),
  ...removals.map(({ at }) => at + policy.budgetWindowMs),
]
