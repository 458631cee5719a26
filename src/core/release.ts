import { type Address, addressSet, familyOf, isPublishable } from './address.ts'
import { type Change, content, type CurrentRRset, familyOfType, type Reason } from './rrset.ts'
import type { Site } from './site.ts'
import { configuredAddresses, drainOf, regionOf, regionState, type SiteState } from './site-state.ts'

/** Regions of which no address is known, so that not all could be published. */
export const unknownRegions = (site: Pick<Site, 'regions'>, state: SiteState): readonly string[] =>
  site.regions.filter((region) => (regionState(state, region.name)?.addresses ?? []).length === 0).map((region) => region.name)

/** What somebody who releases the site should know of an address. */
const reasonText = (address: Address, site: Site, state: SiteState): string => {
  const region = regionOf(address, site, state)?.name
  if (region === undefined) return 'stays: no region leads to it; remove it by hand if it is not to'
  const failing = state.health[address]?.failing
  const drain = drainOf(state, region)
  return [`region ${region}`, ...(drain === undefined ? [] : [`drained (${drain.reason})`]), ...(failing === undefined ? [] : [`failed when it was last checked: ${failing.cause} (${failing.detail})`])].join(', ')
}

/**
 * What leaves the site to itself: every configured address is published, whatever the checks say, and our marks are
 * dropped. Nothing is taken out, so that no set can end emptier than it was.
 */
export const releaseChanges = (site: Site, state: SiteState, current: readonly CurrentRRset[]): readonly Change[] =>
  current.flatMap((rrset): readonly Change[] => {
    const family = familyOfType(rrset.key.type)
    const configured = configuredAddresses(site, state).filter((address) => familyOf(address) === family && isPublishable(address, site.policy.allowPrivate))
    const added = configured.filter((address) => !rrset.values.includes(address))
    if (added.length === 0 && rrset.owned.length === 0) return []
    const after = content([...rrset.values, ...added], rrset.values.length === 0 ? site.ttl : rrset.ttl, [])
    const reasons = addressSet(after.values).map((address): Reason => {
      const action = rrset.values.includes(address) ? 'keep' : 'add'
      return { address, action, rule: 'release', text: reasonText(address, site, state) }
    })
    const mark: readonly Reason[] = rrset.owned.length === 0 ? [] : [{ address: undefined, action: 'mark', rule: 'release', text: 'the ownership mark goes: nothing here is ours any more' }]
    return [{ key: rrset.key, before: rrset, after, reasons: [...reasons, ...mark] }]
  })
