import { type Address, families, familyOf } from '../core/address.ts'
import type { NameServer, ServerAnswer } from '../core/answer.ts'
import { type DrainAnswer, type DrainProgress, drainProgress } from '../core/drain-progress.ts'
import { endpointText } from '../core/endpoint.ts'
import { exposedUntil, withExposure } from '../core/exposure.ts'
import { type CurrentRRset, keyText, type RRsetKey, typeOf } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { addressesOf, type SiteState } from '../core/site-state.ts'
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
}

/** The regions that orders in force take out. */
export const regionsOut = (state: SiteState): readonly string[] => {
  const forcedDown = Object.entries(state.forces).flatMap(([region, { to }]) => (to === 'down' ? [region] : []))
  const drained = Object.keys(state.drains).filter((region) => !Object.hasOwn(state.forces, region))
  return [...new Set([...drained, ...forcedDown])]
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

export const createDrainWatch = (site: Site, known: DrainKnowledge, ports: Pick<SitePorts, 'authorities' | 'clock'>): DrainWatch => {
  const asked = new Map<string, readonly DrainAnswer[]>()
  /** TTLs, in seconds, with which servers were last seen to hand an address out, by server, set and region. */
  const handedOut = new Map<string, number>()

  const keysFor = (addresses: readonly Address[]): readonly RRsetKey[] => {
    const types = families.filter((family) => addresses.some((address) => familyOf(address) === family)).map(typeOf)
    return site.names.flatMap((name) => types.map((type) => ({ name, type })))
  }

  const isHidden = (key: RRsetKey): boolean => known.current().some((rrset) => keyText(rrset.key) === keyText(key) && rrset.isHidden === true)

  const isPublished = (addresses: readonly Address[]): boolean | undefined =>
    known.firstReadAt() === undefined ? undefined : known.current().some((rrset) => rrset.values.some((value) => addresses.includes(value)))

  /** What a server was seen to hand out counts until it was first seen not to. */
  const remember = (topic: string, key: RRsetKey, addresses: readonly Address[], answer: ServerAnswer): void => {
    const { outcome } = answer
    const values = outcome.kind === 'answer' ? outcome.values.filter((value) => addresses.includes(value)) : []
    const ttl = outcome.kind === 'answer' && values.length > 0 ? outcome.ttl : handedOut.get(topic)
    if (ttl === undefined) return
    if (values.length > 0) handedOut.set(topic, ttl)
    else if (outcome.kind === 'answer' || outcome.kind === 'absent') handedOut.delete(topic)
    const version = { values: values.length > 0 ? values : addresses, ttl }
    known.update((state) => ({ ...state, exposures: withExposure(state.exposures, key, version, answer.answeredAt) }))
  }

  const askServer = async (server: NameServer, region: string, addresses: readonly Address[], signal: AbortSignal): Promise<DrainAnswer> => {
    const address = endpointText(server.endpoint)
    const keys = keysFor(addresses).filter((key) => !isHidden(key))
    const answers = await Promise.all(
      keys.map(async (key) => {
        const answer = await ports.authorities.ask(server, key, signal)
        if (!signal.aborted) remember(`${address} ${keyText(key)} ${region}`, key, addresses, answer)
        return standingOf(answer, addresses)
      }),
    )
    return { name: server.name, address, ...worst(answers) }
  }

  /** The latest that a cache may hold one of its addresses; what was handed out before the start is not known, but for its TTL. */
  const exposed = (addresses: readonly Address[]): number => {
    const keys = keysFor(addresses).filter((key) => !isHidden(key))
    const ttl = Math.max(site.ttl, ...known.current().map((rrset) => rrset.ttl))
    const beforeStart = keys.length === 0 ? Number.NEGATIVE_INFINITY : (known.firstReadAt() ?? ports.clock.now()) + ttl * 1000 + slackMs
    return Math.max(exposedUntil(known.state().exposures, keys, addresses) ?? Number.NEGATIVE_INFINITY, beforeStart)
  }

  const progress = (region: string, heldBy: string | undefined): DrainProgress => {
    const state = known.state()
    const addresses = addressesOf(state, region)
    const hiddenOnly = keysFor(addresses).every(isHidden)
    const answers = asked.get(region)
    return drainProgress({
      heldBy,
      isPublished: isPublished(addresses),
      answers: hiddenOnly ? [{ name: 'provider', address: '', standing: 'without', detail: undefined }] : answers,
      exposedUntil: exposed(addresses),
      safeSince: state.safe[region],
      now: ports.clock.now(),
    })
  }

  const withSafe = (region: string, since: number | undefined): void =>
    known.update((state) => {
      const others = Object.fromEntries(Object.entries(state.safe).filter(([name]) => name !== region))
      return { ...state, safe: since === undefined ? others : { ...others, [region]: since } }
    })

  const lookAt = async (region: string, signal: AbortSignal): Promise<void> => {
    const addresses = addressesOf(known.state(), region)
    if (isPublished(addresses) !== false) {
      asked.delete(region)
      return withSafe(region, undefined)
    }
    if (known.state().safe[region] !== undefined) return
    const servers = await ports.authorities.servers(signal)
    const answers = await Promise.all(servers.map((server) => askServer(server, region, addresses, signal)))
    if (signal.aborted) return
    asked.set(region, answers)
    const { phase, safeSince } = progress(region, undefined)
    if (phase === 'safe') withSafe(region, safeSince)
  }

  return {
    look: async (signal) => {
      const out = regionsOut(known.state())
      for (const region of Object.keys(known.state().safe)) if (!out.includes(region)) withSafe(region, undefined)
      for (const region of asked.keys()) if (!out.includes(region)) asked.delete(region)
      await Promise.all(out.map((region) => lookAt(region, signal)))
    },
    progress,
    answers: (region) => asked.get(region) ?? [],
  }
}
