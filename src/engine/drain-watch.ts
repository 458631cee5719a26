import { type Address, addressSet, families, familyOf, sameAddresses } from '../core/address.ts'
import type { NameServer, ServerAnswer } from '../core/answer.ts'
import { type DrainAnswer, type DrainProgress, drainProgress } from '../core/drain-progress.ts'
import { endpointText } from '../core/endpoint.ts'
import { exposedUntil, withExposure } from '../core/exposure.ts'
import { type CurrentRRset, keyText, type RRsetKey, sameKey, typeOf } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { regionsOut } from '../core/regions-out.ts'
import { addressesOf, regionState, type SiteState, withVersion } from '../core/site-state.ts'
import { longestTtl, withAgreed, withAnswered } from '../core/versions.ts'
import { isSeenEverywhere, type Verification } from '../core/verification.ts'
import type { SitePorts } from './ports.ts'

/** What is known of a site, as its monitor has it. */
export interface DrainKnowledge {
  state(): SiteState
  update(change: (state: SiteState) => SiteState): void
  current(): readonly CurrentRRset[]
  /** When the records were first read since the start; engine milliseconds. */
  firstReadAt(): number | undefined
}

/** Follows regions that operators took out until nobody has their addresses any more. */
export interface DrainWatch {
  /** Asks the name servers about those that are not known to be safe. */
  look(signal: AbortSignal): Promise<void>
  /** `heldBy`: why a decision keeps it published all the same. */
  progress(region: string, heldBy: string | undefined): DrainProgress
  answers(region: string): readonly DrainAnswer[]
  /** Where every name server was seen with the set as it is now, what it was before was handed out until then, and no longer. */
  verified(verification: Verification): void
}

/** How one name server stood to one set and region when it was last asked. */
interface Sighting {
  /** Seconds; undefined: it has not been seen to hand an address out. */
  readonly ttl: number | undefined
  /** It hands none out any more, and when it stopped has been taken into account. */
  readonly isOut: boolean
}

const slackMs = 1_000

const standingOf = ({ outcome }: ServerAnswer, addresses: readonly Address[]): Pick<DrainAnswer, 'standing' | 'detail'> => {
  switch (outcome.kind) {
    case 'answer':
      return { standing: outcome.values.some((value) => addresses.includes(value)) ? 'with' : 'without', detail: undefined }
    case 'absent':
      return { standing: 'without', detail: undefined }
    case 'alias':
      return { standing: 'lame', detail: `it answers with an alias to ${outcome.target}` }
    case 'lame':
    case 'unreachable':
      return { standing: outcome.kind, detail: outcome.detail }
  }
}

const rank: readonly DrainAnswer['standing'][] = ['without', 'lame', 'unreachable', 'with']
const worst = (answers: readonly Pick<DrainAnswer, 'standing' | 'detail'>[]): Pick<DrainAnswer, 'standing' | 'detail'> =>
  answers.toSorted((a, b) => rank.indexOf(b.standing) - rank.indexOf(a.standing))[0] ?? { standing: 'without', detail: undefined }

/** `onSafe`: told of each region once it is known to be safe. */
export const createDrainWatch = (site: Site, known: DrainKnowledge, ports: Pick<SitePorts, 'authorities' | 'clock'>, onSafe: (region: string, text: string) => void = () => undefined): DrainWatch => {
  const asked = new Map<string, readonly DrainAnswer[]>()
  /** By region, then by server and set; since the region was last published. */
  const sightings = new Map<string, Map<string, Sighting>>()
  /** With what it led to since it was taken out: a server that it was pointed away from meanwhile may still be in caches. */
  const addressesFor = (region: string): readonly Address[] => {
    const state = known.state()
    const led = Object.hasOwn(state.led, region) ? (state.led[region] ?? []) : []
    const others = new Set(site.regions.flatMap(({ name }) => (name === region ? [] : (regionState(state, name)?.addresses ?? []))))
    return addressSet([...addressesOf(state, region), ...led.filter((address) => !others.has(address))])
  }

  const keysFor = (addresses: readonly Address[]): readonly RRsetKey[] => {
    const types = families.filter((family) => addresses.some((address) => familyOf(address) === family)).map(typeOf)
    return site.names.flatMap((name) => types.map((type) => ({ name, type })))
  }

  const isHidden = (key: RRsetKey): boolean => known.current().some((rrset) => keyText(rrset.key) === keyText(key) && rrset.isHidden === true)

  /** Not known either while the region's addresses are not: after a lost state, until its subdomain has been resolved. */
  const isPublished = (addresses: readonly Address[]): boolean | undefined =>
    known.firstReadAt() === undefined || addresses.length === 0 ? undefined : known.current().some((rrset) => rrset.values.some((value) => addresses.includes(value)))

  const expose = (key: RRsetKey, values: readonly Address[], ttl: number, at: number): void =>
    known.update((state) => ({ ...state, exposures: withExposure(state.exposures, key, { values, ttl }, at) }))

  const withVersions = (change: (versions: SiteState['versions']) => SiteState['versions']): void =>
    known.update((state) => {
      const versions = change(state.versions)
      return versions === state.versions ? state : { ...state, versions }
    })

  /**
   * A server hands out until it is first seen not to: whatever it said before, and if it could not be asked before, maybe
   * the oldest version that is still about.
   */
  const remember = (region: string, topic: string, key: RRsetKey, addresses: readonly Address[], { outcome, answeredAt }: ServerAnswer): void => {
    const own = sightings.get(region) ?? new Map<string, Sighting>()
    sightings.set(region, own)
    const before = own.get(topic)
    const values = outcome.kind === 'answer' ? outcome.values.filter((value) => addresses.includes(value)) : []
    if (outcome.kind === 'answer' && values.length > 0) {
      own.set(topic, { ttl: outcome.ttl, isOut: false })
      withVersions((versions) => withAnswered(versions, key, { values, ttl: outcome.ttl }, answeredAt))
      return expose(key, values, outcome.ttl, answeredAt)
    }
    if (before?.isOut === true || outcome.kind === 'unreachable') return
    own.set(topic, { ttl: undefined, isOut: true })
    expose(key, addresses, Math.max(before?.ttl ?? 0, longestTtl(known.state().versions, key) ?? site.ttl), answeredAt)
  }

  const askServer = async (server: NameServer, region: string, addresses: readonly Address[], signal: AbortSignal): Promise<DrainAnswer> => {
    const address = endpointText(server.endpoint)
    const keys = keysFor(addresses).filter((key) => !isHidden(key))
    const answers = await Promise.all(
      keys.map(async (key) => {
        const answer = await ports.authorities.ask(server, key, signal)
        if (!signal.aborted) remember(region, `${address} ${keyText(key)}`, key, addresses, answer)
        return standingOf(answer, addresses)
      }),
    )
    return { name: server.name, address, ...worst(answers) }
  }

  const recorded = (addresses: readonly Address[]): number =>
    exposedUntil(known.state().exposures, keysFor(addresses).filter((key) => !isHidden(key)), addresses) ?? Number.NEGATIVE_INFINITY

  /** Since when it is safe, unless it was handed out once more: put back by somebody else, and withdrawn again before anybody looked. */
  const safeSince = (region: string, addresses: readonly Address[]): number | undefined =>
    recorded(addresses) > ports.clock.now() || !Object.hasOwn(known.state().safe, region) ? undefined : known.state().safe[region]

  /** The latest that a cache may hold one of its addresses; what was handed out before the start is not known, but for its TTL. */
  const exposed = (addresses: readonly Address[]): number => {
    const keys = keysFor(addresses).filter((key) => !isHidden(key))
    const ttl = Math.max(site.ttl, ...known.current().map((rrset) => rrset.ttl))
    const beforeStart = keys.length === 0 ? Number.NEGATIVE_INFINITY : (known.firstReadAt() ?? ports.clock.now()) + ttl * 1000 + slackMs
    return Math.max(recorded(addresses), beforeStart)
  }

  const progress = (region: string, heldBy: string | undefined): DrainProgress => {
    const addresses = addressesFor(region)
    const hiddenOnly = keysFor(addresses).every(isHidden)
    const answers = asked.get(region)
    return drainProgress({
      heldBy,
      isPublished: isPublished(addresses),
      answers: hiddenOnly ? [{ name: 'provider', address: '', standing: 'without', detail: undefined }] : answers,
      exposedUntil: exposed(addresses),
      safeSince: safeSince(region, addresses),
      now: ports.clock.now(),
    })
  }

  const withSafe = (region: string, since: number | undefined): void =>
    known.update((state) => {
      if (state.safe[region] === since) return state
      const others = Object.fromEntries(Object.entries(state.safe).filter(([name]) => name !== region))
      return { ...state, safe: since === undefined ? others : { ...others, [region]: since } }
    })

  const forget = (region: string): void => {
    asked.delete(region)
    sightings.delete(region)
  }

  const lookAt = async (region: string, signal: AbortSignal): Promise<void> => {
    const addresses = addressesFor(region)
    if (isPublished(addresses) !== false) {
      forget(region)
      return withSafe(region, undefined)
    }
    if (safeSince(region, addresses) !== undefined) return
    withSafe(region, undefined)
    const servers = await ports.authorities.servers(signal)
    const answers = await Promise.all(servers.map((server) => askServer(server, region, addresses, signal)))
    if (signal.aborted) return
    asked.set(region, answers)
    const { phase, safeSince: since, text } = progress(region, undefined)
    if (phase !== 'safe') return
    withSafe(region, since)
    onSafe(region, text)
  }

  return {
    look: async (signal) => {
      for (const rrset of known.current()) known.update((state) => withVersion(state, rrset.key, rrset, ports.clock.now()))
      const out = regionsOut(known.state())
      for (const region of Object.keys(known.state().safe)) if (!out.includes(region)) withSafe(region, undefined)
      for (const region of [...asked.keys(), ...sightings.keys()]) if (!out.includes(region)) forget(region)
      await Promise.all(out.map((region) => lookAt(region, signal)))
    },
    progress,
    answers: (region) => asked.get(region) ?? [],
    verified: (verification) => {
      const { key, expected } = verification
      const newest = known.current().find((rrset) => sameKey(rrset.key, key))
      if (newest === undefined || !sameAddresses(newest.values, expected) || !isSeenEverywhere(verification)) return
      const { versions, older } = withAgreed(known.state().versions, key, newest)
      withVersions(() => versions)
      for (const { values, ttl } of older) expose(key, values, ttl, ports.clock.now())
    },
  }
}
