import { type Address, addressSet, familyOf, isPublishable } from './address.ts'
import { ballotOf, verdictOf } from './ballot.ts'
import type { Candidate } from './candidate.ts'
import { unknownHealth } from './health.ts'
import { familyOfType, type CurrentRRset } from './rrset.ts'
import { type Witness, witnessAgainst } from './sight.ts'
import type { Site } from './site.ts'
import { knownAddresses, regionOf, type SiteState } from './site-state.ts'

export interface Observer {
  /** The name of this vantage. */
  readonly vantage: string
  /** Reference targets and what they said; the site's own addresses witness by themselves. */
  readonly references: readonly Witness[]
  /** Addresses of this very machine. */
  readonly local: ReadonlySet<Address>
}

/** The site's addresses as witnesses of each other: one answers if its latest check passed. */
const siblings = (site: Site, state: SiteState, observer: Observer): readonly Witness[] =>
  (Object.keys(state.health) as Address[]).flatMap((address) => {
    const health = state.health[address]
    if (health === undefined || health.identity !== site.check.identity) return []
    const name = `${regionOf(address, site, state)?.name ?? state.retired[address] ?? 'foreign'} (${address})`
    return [{ name, address, isLocal: observer.local.has(address), isAnswering: health.passing > 0, answeredAt: health.passedAt }]
  })

/** Who may stand in one RRset, with what is known of each. */
export const candidatesOf = (
  current: CurrentRRset,
  all: readonly CurrentRRset[],
  site: Site,
  state: SiteState,
  observer: Observer,
  now: number,
): readonly Candidate[] => {
  const witnesses = [...siblings(site, state, observer), ...observer.references]
  const known = new Set(knownAddresses(site, state, all))
  const family = familyOfType(current.key.type)
  const addresses = addressSet([...known, ...current.values]).filter((address) => familyOf(address) === family)
  return addresses.map((address): Candidate => {
    const region = regionOf(address, site, state)
    const lastRegion = region?.name ?? state.retired[address]
    const health = state.health[address]
    const ownHealth = health?.identity === site.check.identity ? health : unknownHealth(site.check.identity, now)
    const failingSince = ownHealth.failing?.previousAt ?? now
    const witness = witnessAgainst({ address, isLocal: observer.local.has(address), failingSince }, witnesses)
    return {
      address,
      standing: region === undefined ? (known.has(address) ? 'retired' : 'foreign') : 'configured',
      region: lastRegion,
      role: region?.role ?? 'active',
      verdict: verdictOf([ballotOf(observer.vantage, ownHealth, witness)]),
      drain: lastRegion === undefined ? undefined : state.drains[lastRegion],
      isPublishable: isPublishable(address, site.policy.allowPrivate),
      isPublished: current.values.includes(address),
      isOwned: current.owned.includes(address),
    }
  })
}
