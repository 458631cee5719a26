import { addressSet, familyOf, isPublishable } from './address.ts'
import { type Change, content, type CurrentRRset, familyOfType, type Reason } from './rrset.ts'
import type { Site } from './site.ts'
import { configuredAddresses, regionOf, regionState, type SiteState } from './site-state.ts'

/** Regions of which no address is known, so that not all could be published. */
export const unknownRegions = (site: Pick<Site, 'regions'>, state: SiteState): readonly string[] =>
  site.regions.filter((region) => (regionState(state, region.name)?.addresses ?? []).length === 0).map((region) => region.name)

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
      const region = regionOf(address, site, state)?.name
      const action = rrset.values.includes(address) ? 'keep' : 'add'
      return { address, action, rule: 'release', text: region === undefined ? 'stays: no region leads to it; remove it by hand if it is not to' : `region ${region}` }
    })
    const mark: readonly Reason[] = rrset.owned.length === 0 ? [] : [{ address: undefined, action: 'mark', rule: 'release', text: 'the ownership mark goes: nothing here is ours any more' }]
    return [{ key: rrset.key, before: rrset, after, reasons: [...reasons, ...mark] }]
  })
