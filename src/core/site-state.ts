import { type Address, addressSet, families, type Family, familyOf } from './address.ts'
import type { FamilyResolution, Resolution } from './answer.ts'
import type { Removal } from './budget.ts'
import type { Drain, Force } from './candidate.ts'
import type { Exposures } from './exposure.ts'
import { type Health, observe, resumed, unknownHealth } from './health.ts'
import { withLed, withoutIdleLed } from './regions-out.ts'
import type { CheckResult } from './result.ts'
import type { CurrentRRset, RRsetContent, RRsetKey } from './rrset.ts'
import type { Orders } from './orders.ts'
import type { Promotion } from './promotion.ts'
import type { Region, Site } from './site.ts'
import type { Stale } from './stale.ts'
import { type Versions, withNewest } from './versions.ts'
import type { Words } from './word.ts'

/** The last known addresses of a region, which outlive a subdomain that cannot be resolved. */
export interface RegionState {
  readonly addresses: readonly Address[]
  /** Why a family could not be resolved this time, or answered nothing although it had an address. */
  readonly problems: Readonly<Partial<Record<Family, string>>>
}

/** All that is known of a site between cycles. Losing it changes no DNS. Times: engine milliseconds. */
export interface SiteState {
  readonly regions: Readonly<Record<string, RegionState>>
  /** Addresses that no region leads to any more but that may still be published, with the region they served. */
  readonly retired: Readonly<Record<Address, string>>
  readonly health: Readonly<Record<Address, Health>>
  readonly removals: readonly Removal[]
  /** By region: the operators' orders in force, as they were last read. */
  readonly drains: Readonly<Record<string, Drain>>
  readonly forces: Readonly<Record<string, Force>>
  /** What outside monitors say. */
  readonly words: Words
  /** Until when caches may hold what is no longer handed out. */
  readonly exposures: Exposures
  /** With which TTLs the sets may still be handed out. */
  readonly versions: Versions
  /** By region that operators took out: what it led to since then, and leads to no more. */
  readonly led: Readonly<Record<string, readonly Address[]>>
  /** By region, of the config and of late: what it is whatever it is called (`placeOf`). */
  readonly places: Readonly<Record<string, string>>
  /** Since when nobody has the addresses of a region any more that an operator took out, by region; engine milliseconds. */
  readonly safe: Readonly<Record<string, number>>
  /** How long regions have been down, by region, where a replacement waits. */
  readonly promotions: Readonly<Record<string, Promotion>>
  /** Regions that serve older content than others, by region. As long as the process: a new one looks for itself. */
  readonly stale: Readonly<Record<string, Stale>>
  /** Regions that came back and have yet to get what others have, by region, with what is said of it. As long as the process. */
  readonly catchingUp: Readonly<Record<string, string>>
  /** What was said to be wrong with the replication, by kind and place, and the paths said to differ. As long as the process. */
  readonly suspected: readonly string[]
  readonly differing: readonly string[]
}

export const emptyState: SiteState = { regions: {}, retired: {}, health: {}, removals: [], drains: {}, forces: {}, words: {}, exposures: {}, versions: {}, led: {}, places: {}, safe: {}, promotions: {}, stale: {}, catchingUp: {}, suspected: [], differing: [] }

/** The state as a new process takes it over. */
export const resumedState = (state: SiteState): SiteState => ({
  ...state,
  health: Object.fromEntries(Object.entries(state.health).map(([address, health]) => [address, resumed(health)])),
})

/** A region may be called as every object has a property. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** What is known of a region; undefined until it was resolved once. */
export const regionState = (state: SiteState, name: string): RegionState | undefined => own(state.regions, name)
export const drainOf = (state: SiteState, region: string): Drain | undefined => own(state.drains, region)
export const staleOf = (state: Pick<SiteState, 'stale'>, region: string): Stale | undefined => own(state.stale, region)
export const catchingUpOf = (state: Pick<SiteState, 'catchingUp'>, region: string): string | undefined => own(state.catchingUp, region)
export const forceOf = (state: SiteState, region: string): Force | undefined => own(state.forces, region)

/** The state under the orders that are in force now. */
export const withOrders = (state: SiteState, { drains, forces }: Orders): SiteState =>
  withoutIdleLed({
    ...state,
    drains: Object.fromEntries(Object.entries(drains).map(([region, { reason, isForced }]) => [region, { reason, isForced }])),
    forces: Object.fromEntries(Object.entries(forces).map(([region, { to, reason }]) => [region, { to, reason }])),
  })

const settle = (was: readonly Address[], resolution: FamilyResolution): { addresses: readonly Address[]; problem?: string } => {
  switch (resolution.kind) {
    case 'found':
      return { addresses: resolution.addresses }
    case 'failed':
      return { addresses: was, problem: resolution.detail }
    case 'nothing':
      return was.length === 0 ? { addresses: [] } : { addresses: was, problem: resolution.detail }
  }
}

/**
 * What a region's subdomain resolves to now. Each family by itself: an answer replaces what was known (what it
 * replaces is retired); no answer, NXDOMAIN or nothing keeps it, with the problem named.
 */
export const withResolution = (state: SiteState, region: Region, resolution: Resolution): SiteState => {
  const was = regionState(state, region.name)?.addresses ?? []
  const settled = families.map((family) => ({
    family,
    ...settle(
      was.filter((address) => familyOf(address) === family),
      resolution[family],
    ),
  }))
  const addresses = addressSet(settled.flatMap((each) => each.addresses))
  const failures = settled.flatMap((each) => (each.problem === undefined ? [] : [[each.family, each.problem] as const]))
  const isUnknown = addresses.length === 0 && failures.length === 0
  const nothing = families.flatMap((family) => (resolution[family].kind === 'nothing' ? [[family, resolution[family].detail] as const] : []))
  const problems = Object.fromEntries(isUnknown ? nothing : failures)
  const gone = was.filter((address) => !addresses.includes(address))
  const left = gone.map((address) => [address, region.name] as const)
  const retired = Object.fromEntries([...Object.entries(state.retired), ...left])
  return { ...state, regions: { ...state.regions, [region.name]: { addresses, problems } }, retired, led: withLed(state.led, left) }
}

/** Regions that led to a server before which they lead to no more. */
export const movedRegions = (before: SiteState, after: SiteState): readonly string[] =>
  Object.keys(before.regions).filter((name) => {
    const now = regionState(after, name)?.addresses ?? []
    return (regionState(before, name)?.addresses ?? []).some((address) => !now.includes(address))
  })

/** What one health check more says of an address. */
export const withResult = (state: SiteState, address: Address, result: CheckResult, site: Pick<Site, 'check' | 'policy'>): SiteState => {
  const health = state.health[address] ?? unknownHealth(site.check.identity, result.startedAt)
  return { ...state, health: { ...state.health, [address]: observe(health, result, site.check, site.policy.damping) } }
}

/** The region that leads to an address now; of two that do, the first in the config. */
export const regionOf = (address: Address, site: Pick<Site, 'regions'>, state: SiteState): Region | undefined =>
  site.regions.find((region) => regionState(state, region.name)?.addresses.includes(address))

/** Addresses that some region leads to now. */
export const configuredAddresses = (site: Pick<Site, 'regions'>, state: SiteState): readonly Address[] =>
  addressSet(site.regions.flatMap((region) => regionState(state, region.name)?.addresses ?? []))

/** Addresses that are ours: led to now, or marked or once led to and still published. */
export const knownAddresses = (site: Pick<Site, 'regions'>, state: SiteState, current: readonly CurrentRRset[]): readonly Address[] => {
  const published = new Set(current.flatMap((rrset) => rrset.values))
  const marked = current.flatMap((rrset) => rrset.owned.filter((address) => rrset.values.includes(address)))
  const retired = (Object.keys(state.retired) as Address[]).filter((address) => published.has(address))
  return addressSet([...configuredAddresses(site, state), ...marked, ...retired])
}

/** What the records were read to be: until every name server has it, what was there before may be handed out as well. */
export const withVersion = (state: SiteState, key: RRsetKey, version: Pick<RRsetContent, 'values' | 'ttl'>, now: number): SiteState => {
  const versions = withNewest(state.versions, key, version, now)
  return versions === state.versions ? state : { ...state, versions }
}

/** The addresses that a region leads to, and those that it led to and that may still be published. */
export const addressesOf = (state: SiteState, region: string): readonly Address[] => {
  const retired = (Object.keys(state.retired) as Address[]).filter((address) => state.retired[address] === region)
  return addressSet([...(regionState(state, region)?.addresses ?? []), ...retired])
}

const filterKeys = <T>(record: Readonly<Record<Address, T>>, isKept: (address: Address) => boolean): Readonly<Record<Address, T>> =>
  Object.fromEntries(Object.entries(record).filter(([address]) => isKept(address as Address)))

/** Regions of which a family is unresolved, with why. */
export const unresolvedRegions = (site: Pick<Site, 'regions'>, state: SiteState): readonly { readonly region: string; readonly detail: string }[] =>
  site.regions.flatMap((region) => {
    const known = regionState(state, region.name)
    if (known === undefined) return [{ region: region.name, detail: 'not resolved yet' }]
    return Object.values(known.problems).map((detail) => ({ region: region.name, detail }))
  })

/** The state as a decision should see it when some addresses were not decided: what was known of them is too old. */
export const withUndecided = (state: SiteState, addresses: readonly Address[]): SiteState => ({
  ...state,
  health: Object.fromEntries(
    Object.entries(state.health).map(([address, health]) => [
      address,
      addresses.includes(address as Address) ? { ...health, state: 'unknown' as const } : health,
    ]),
  ),
})

const isReplacement = (site: Pick<Site, 'regions'>, address: Address): boolean =>
  site.regions.some(({ replacements }) => replacements.some((addresses) => addresses.includes(address)))

/** Forgets what no longer matters: retired addresses that are led to again or published nowhere, and health of nobody. */
export const pruned = (state: SiteState, site: Pick<Site, 'regions'>, current: readonly CurrentRRset[]): SiteState => {
  const configured = new Set(configuredAddresses(site, state))
  const published = new Set(current.flatMap((rrset) => rrset.values))
  const isRetired = (address: Address): boolean => published.has(address) && !configured.has(address)
  const forgotten = Object.entries(state.retired).flatMap(([text, region]): readonly (readonly [Address, string])[] => {
    const address = text as Address
    return isRetired(address) ? [] : [[address, region]]
  })
  return {
    ...state,
    led: withLed(state.led, forgotten),
    retired: filterKeys(state.retired, isRetired),
    health: filterKeys(state.health, (address) => configured.has(address) || published.has(address) || isReplacement(site, address)),
  }
}
