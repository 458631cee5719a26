import { type Address, addressSet, familyOf, isPublishable } from './address.ts'
import { ballotOf, type Verdict, verdictOf } from './ballot.ts'
import type { Candidate } from './candidate.ts'
import { unknownHealth } from './health.ts'
import { familyOfType, type CurrentRRset } from './rrset.ts'
import { type Witness, witnessAgainst } from './sight.ts'
import type { Site } from './site.ts'
import { regionOf, type SiteState } from './site-state.ts'

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

/** Who may stand in each of a site's RRsets, with what is known of each. */
export const createCandidates = (
  all: readonly CurrentRRset[],
  known: ReadonlySet<Address>,
  site: Site,
  state: SiteState,
  observer: Observer,
  now: number,
): ((current: CurrentRRset) => readonly Candidate[]) => {
  const witnesses = [...siblings(site, state, observer), ...observer.references]
  const verdicts = new Map<Address, Verdict>()

  const judge = (address: Address): Verdict => {
    const recorded = state.health[address]
    const health = recorded?.identity === site.check.identity ? recorded : unknownHealth(site.check.identity, now)
    const failingSince = health.failing?.previousAt
    const isLocal = observer.local.has(address)
    const witness = failingSince === undefined ? undefined : witnessAgainst({ address, isLocal, failingSince }, witnesses)
    return verdictOf([ballotOf(observer.vantage, health, witness)])
  }
  const verdictFor = (address: Address): Verdict => {
    const verdict = verdicts.get(address) ?? judge(address)
    verdicts.set(address, verdict)
    return verdict
  }
  const addresses = addressSet([...known, ...all.flatMap((rrset) => rrset.values)])

  return (current) => {
    const family = familyOfType(current.key.type)
    const isRelevant = (address: Address): boolean => familyOf(address) === family && (known.has(address) || current.values.includes(address))
    return addresses.filter(isRelevant).map((address): Candidate => {
      const region = regionOf(address, site, state)
      const lastRegion = region?.name ?? state.retired[address]
      return {
        address,
        standing: region === undefined ? (known.has(address) ? 'retired' : 'foreign') : 'configured',
        region: lastRegion,
        role: region?.role ?? 'active',
        verdict: verdictFor(address),
        drain: lastRegion === undefined ? undefined : state.drains[lastRegion],
        isPublishable: isPublishable(address, site.policy.allowPrivate),
        isPublished: current.values.includes(address),
        isOwned: current.owned.includes(address),
      }
    })
  }
}
