import type { Address } from './address.ts'
import type { Health } from './health.ts'
import type { SiteState } from './site-state.ts'

/** The state with each verdict that stands now remembered, for when the vote is split; the very same where nothing is new. */
export const withLastVerdicts = (state: SiteState, identity: string, judged: ReadonlyMap<Address, 'up' | 'down'>): SiteState => {
  const changed = [...judged].flatMap(([address, opinion]): readonly (readonly [Address, Health])[] => {
    const health = state.health[address]
    return health === undefined || health.identity !== identity || health.judged === opinion ? [] : [[address, { ...health, judged: opinion }]]
  })
  return changed.length === 0 ? state : { ...state, health: { ...state.health, ...Object.fromEntries(changed) } }
}
