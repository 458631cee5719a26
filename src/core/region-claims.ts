import { type Address, families, type Family, familyOf } from './address.ts'
import type { FamilyResolution, Resolution } from './answer.ts'
import type { Region } from './site.ts'
import { regionState, type SiteState, withResolution } from './site-state.ts'

export interface Resolved {
  readonly region: Region
  readonly resolution: Resolution
}

/** What a region holds on to in a family: what it was found to lead to, or what it keeps for want of an answer. */
const claimsOf = ({ region, resolution }: Resolved, family: Family, state: SiteState): readonly Address[] => {
  const found = resolution[family]
  if (found.kind === 'found') return found.addresses
  return (regionState(state, region.name)?.addresses ?? []).filter((address) => familyOf(address) === family)
}

/** Whose address it is, of the regions that claim it: of one that had it before, otherwise of the first in the config. */
const holderOf = (address: Address, family: Family, all: readonly Resolved[], state: SiteState): Region | undefined => {
  const claimants = all.filter((each) => claimsOf(each, family, state).includes(address))
  const before = claimants.find(({ region }) => regionState(state, region.name)?.addresses.includes(address))
  return (before ?? claimants[0])?.region
}

const contested = (resolved: Resolved, family: Family, all: readonly Resolved[], state: SiteState): FamilyResolution => {
  const found = resolved.resolution[family]
  if (found.kind !== 'found') return found
  for (const address of found.addresses) {
    const holder = holderOf(address, family, all, state)
    if (holder !== undefined && holder.name !== resolved.region.name) {
      return { kind: 'failed', detail: `it leads to ${address}, which is region ${holder.name}'s` }
    }
  }
  return found
}

/**
 * What all regions' subdomains resolve to now. An address serves one region: a subdomain that leads to another
 * region's server has been pointed at the wrong one, or is no region of its own; its last known addresses stay.
 */
export const withResolutions = (state: SiteState, all: readonly Resolved[]): SiteState =>
  all.reduce((next, resolved) => {
    const [v4, v6] = families.map((family) => contested(resolved, family, all, state))
    return withResolution(next, resolved.region, { v4: v4 ?? resolved.resolution.v4, v6: v6 ?? resolved.resolution.v6 })
  }, state)
