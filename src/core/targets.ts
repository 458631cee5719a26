import { type Address, addressSet, isPublishable } from './address.ts'
import { checkUrl, type Site } from './site.ts'
import type { CurrentRRset } from './rrset.ts'
import { configuredAddresses, regionOf, type SiteState } from './site-state.ts'

/** Health of addresses that are not asked any more is not renewed, so it says nothing: it is forgotten. */
export const withoutUnasked = (state: SiteState, targets: readonly Target[]): SiteState => {
  const asked = new Set<string>(targets.map((target) => target.address))
  return { ...state, health: Object.fromEntries(Object.entries(state.health).filter(([address]) => asked.has(address))) }
}

/** An address to check, and the URL to ask it. */
export interface Target {
  readonly address: Address
  readonly url: string
}

/**
 * Everything that is or may be published: what the regions lead to, and what else stands in the sets. An address
 * of no region is asked as the main domain; where the check's URL needs a service subdomain it cannot be asked.
 * What could never be published is not asked either.
 */
export const targetsOf = (site: Site, state: SiteState, current: readonly CurrentRRset[]): readonly Target[] => {
  const addresses = addressSet([...configuredAddresses(site, state), ...current.flatMap((rrset) => rrset.values)])
  const isAskable = (address: Address): boolean => isPublishable(address, site.policy.allowPrivate)
  return addresses.filter(isAskable).flatMap((address): readonly Target[] => {
    const region = regionOf(address, site, state) ?? site.regions.find((each) => each.name === state.retired[address])
    if (region !== undefined) return [{ address, url: checkUrl(site, region) }]
    return site.check.url.includes('{service}') ? [] : [{ address, url: site.check.url.replaceAll('{site}', site.names[0]) }]
  })
}
