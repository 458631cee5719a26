import { type Address, addressSet } from '../core/address.ts'
import { configuredAddresses, regionOf, regionState } from '../core/site-state.ts'
import type { AddressSample, SiteSample } from './history-port.ts'
import type { LiveSite } from './live-site.ts'

const drained = {}

/** As `siteView` has it, without a decision made for it. */
export const siteSample = (live: Pick<LiveSite, 'site' | 'state' | 'current' | 'orders'>): SiteSample => {
  const { site } = live
  const [state, current, orders] = [live.state(), live.current(), live.orders()]
  const sampleOf = (address: Address): AddressSample => {
    const health = state.health[address]
    const is = health?.identity === site.check.identity ? health.state : 'unknown'
    return { address, state: is, sets: current.map(({ values }) => ({ isPublished: values.includes(address) })) }
  }
  const isTakenOut = (region: string): boolean =>
    Object.hasOwn(orders.drains, region) || (Object.hasOwn(orders.forces, region) && orders.forces[region]?.to === 'down')
  const ledTo = (region: string): readonly Address[] => (regionState(state, region)?.addresses ?? []).filter((address) => regionOf(address, site, state)?.name === region)
  const configured = new Set(configuredAddresses(site, state))
  return {
    site: site.name,
    regions: site.regions.map(({ name }) => ({ region: name, drain: isTakenOut(name) ? drained : null, addresses: ledTo(name).map(sampleOf) })),
    others: addressSet(current.flatMap(({ values }) => values)).filter((address) => !configured.has(address)).map(sampleOf),
  }
}
