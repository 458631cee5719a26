import { type Address, isPublishable } from './address.ts'
import { type Change, content, type CurrentRRset, type Reason } from './rrset.ts'
import type { Site } from './site.ts'
import { regionOf, type SiteState } from './site-state.ts'

/** An order to change what our mark names, and nothing else. */
export type MarkOrder = 'take-over' | 'give-up'

const takenOver = (address: Address, site: Site, state: SiteState): string => {
  const region = regionOf(address, site, state)?.name
  if (region !== undefined) return `taken over: region ${region} leads to it`
  if (!isPublishable(address, site.policy.allowPrivate)) return 'taken over: this kind of address is never published, so it will be withdrawn'
  return 'taken over: no region leads to it, so it will be withdrawn once every active region serves'
}

const givenUp = (site: Site): string =>
  site.policy.foreign === 'keep'
    ? 'given up: from now on foreign, which is kept and reported, and never counted'
    : 'given up: from now on foreign, which "foreign: remove" withdraws once every region serves'

/** The sets whose mark the order changes; none where everything is as ordered. Values and TTL stay. */
export const markChanges = (order: MarkOrder, addresses: readonly Address[], site: Site, state: SiteState, current: readonly CurrentRRset[]): readonly Change[] =>
  current.flatMap((rrset): readonly Change[] => {
    const meant =
      order === 'take-over'
        ? addresses.filter((address) => rrset.values.includes(address) && !rrset.owned.includes(address))
        : addresses.filter((address) => rrset.owned.includes(address))
    if (meant.length === 0) return []
    const owned = order === 'take-over' ? [...rrset.owned, ...meant] : rrset.owned.filter((address) => !meant.includes(address))
    const reasons = meant.map((address): Reason => ({
      address,
      action: 'mark',
      rule: order,
      text: order === 'take-over' ? takenOver(address, site, state) : givenUp(site),
    }))
    return [{ key: rrset.key, before: rrset, after: content(rrset.values, rrset.ttl, owned), reasons }]
  })

/** Why an order on one address makes no sense; undefined if it does, or if there is nothing left to do. */
export const markObjection = (order: MarkOrder, address: Address, site: Site, state: SiteState, current: readonly CurrentRRset[]): string | undefined => {
  const isThere = current.some((rrset) => rrset.values.includes(address) || rrset.owned.includes(address))
  if (!isThere) return `${address} is in no set of ${site.names.join(', ')}: there is nothing to ${order === 'take-over' ? 'take over' : 'give up'}`
  const region = regionOf(address, site, state)?.name
  if (order === 'give-up' && region !== undefined) {
    return `region ${region} leads to ${address}, so it would be marked again: take it out of the region first, or drain the region`
  }
  return undefined
}

/** The state once these addresses are not ours any more: what was once led to is forgotten. */
export const withoutRetired = (state: SiteState, addresses: readonly Address[]): SiteState => ({
  ...state,
  retired: Object.fromEntries(Object.entries(state.retired).filter(([address]) => !addresses.includes(address as Address))),
})
