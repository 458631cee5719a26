import { type Address, addressSet, familyOf, isPublishable } from './address.ts'
import { ballotOf, ballotsOfWords, settled, type Verdict, verdictOf, withFreshness, withSight } from './ballot.ts'
import type { Candidate } from './candidate.ts'
import { type FailingRun, type Health, isAny, unknownHealth, withFallSeen } from './health.ts'
import { familyOfType, type CurrentRRset } from './rrset.ts'
import { isSighted, type Witness, witnessAgainst } from './sight.ts'
import type { Site } from './site.ts'
import { wordsOn } from './word.ts'
import { catchingUpOf, drainOf, forceOf, knownAddresses, regionOf, type SiteState, staleOf } from './site-state.ts'

export interface Observer {
  /** The name of this vantage. */
  readonly vantage: string
  /** Reference targets and what they said; the site's own addresses witness by themselves. */
  readonly references: readonly Witness[]
  /** Addresses of this very machine. */
  readonly local: ReadonlySet<Address>
  /** Since when the site's own addresses bear witness of which nothing was heard while checks were started beside each other; engine milliseconds. */
  readonly heardAnew?: ReadonlyMap<Address, number>
}

/** Everything that may bear witness: the reference targets, and the site's addresses, of which one answers if its latest check passed. */
export const witnessesOf = (site: Site, state: SiteState, observer: Observer): readonly Witness[] => {
  const siblings = (Object.keys(state.health) as Address[]).flatMap((address) => {
    const health = state.health[address]
    if (health === undefined || health.identity !== site.check.identity) return []
    const name = `${regionOf(address, site, state)?.name ?? state.retired[address] ?? 'foreign'} (${address})`
    const isAnswering = health.passing > 0
    const answeringSince = isAnswering ? Math.max(health.passingSince, observer.heardAnew?.get(address) ?? health.passingSince) : undefined
    return [{ name, address, isLocal: observer.local.has(address), isAnswering, answeredAt: health.observedAt, answeringSince }]
  })
  return [...siblings, ...observer.references]
}

/** Who shows that an address's failures are its own; undefined if nobody does, or if it does not fail. */
export const witnessOf = (
  address: Address,
  failing: FailingRun | undefined,
  site: Site,
  observer: Observer,
  witnesses: readonly Witness[],
): Witness | undefined =>
  failing && witnessAgainst({ address, isLocal: observer.local.has(address), failing }, witnesses, site.check)

const isUnseen = ({ isFallUnseen }: Health): boolean => isFallUnseen

/** The state with every fall counted that something bears witness to. */
export const withFallsSeen = (state: SiteState, site: Site, observer: Observer, now: number): SiteState => {
  if (!isAny(state.health, isUnseen)) return state
  const unseen = Object.entries(state.health).filter(([, health]) => health.isFallUnseen)
  const witnesses = witnessesOf(site, state, observer)
  const seen = unseen.flatMap(([address, health]) =>
    witnessOf(address as Address, health.failing, site, observer, witnesses) === undefined
      ? []
      : [[address, withFallSeen(health, now, site.policy.damping)] as const],
  )
  return { ...state, health: { ...state.health, ...Object.fromEntries(seen) } }
}

/** Who may stand in each of a site's RRsets, with what is known of each. */
export const createCandidates = (
  all: readonly CurrentRRset[],
  known: ReadonlySet<Address>,
  site: Site,
  state: SiteState,
  observer: Observer,
  now: number,
): ((current: CurrentRRset) => readonly Candidate[]) => {
  const witnesses = witnessesOf(site, state, observer)
  const verdicts = new Map<Address, Verdict>()

  const healthOf = (address: Address): Health => {
    const recorded = state.health[address]
    return recorded?.identity === site.check.identity ? recorded : unknownHealth(site.check.identity, now)
  }
  const judge = (address: Address): Verdict => {
    const health = healthOf(address)
    const checked = ballotOf(observer.vantage, health, witnessOf(address, health.failing, site, observer, witnesses))
    const region = regionOf(address, site, state)?.name
    const own = region === undefined ? checked : withFreshness(checked, staleOf(state, region), catchingUpOf(state, region))
    const told = region === undefined ? [] : ballotsOfWords(wordsOn(state.words, region, now), site.sources)
    const verdict = verdictOf([own, ...told], site.quorum)
    return told.length === 0 ? verdict : withSight(verdict, isSighted(address, observer.local.has(address), witnesses))
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
        isOrphan: region === undefined && !site.regions.some((each) => each.name === lastRegion),
        role: region?.role ?? 'active',
        verdict: settled(verdictFor(address), current.values.includes(address), healthOf(address).judged),
        drain: lastRegion === undefined ? undefined : drainOf(state, lastRegion),
        force: lastRegion === undefined ? undefined : forceOf(state, lastRegion),
        isPublishable: isPublishable(address, site.policy.allowPrivate),
        isPublished: current.values.includes(address),
        isOwned: current.owned.includes(address),
      }
    })
  }
}

/** What the ballots together say of each address that may stand in some set; a split vote is settled by what stood before. */
export const verdictsOn = (current: readonly CurrentRRset[], site: Site, state: SiteState, observer: Observer, now: number): ReadonlyMap<Address, Verdict> => {
  const candidatesOf = createCandidates(current, new Set(knownAddresses(site, state, current)), site, state, observer, now)
  return new Map(current.flatMap((rrset) => candidatesOf(rrset)).map(({ address, verdict }) => [address, verdict]))
}
