import { type Composition } from '../compose.ts'
import { type Address, parseAddress } from '../core/address.ts'
import { markChanges, markObjection, type MarkOrder, withoutRetired } from '../core/ownership.ts'
import type { CurrentRRset } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import type { SiteState } from '../core/site-state.ts'
import { changeOnce } from '../engine/change-once.ts'
import { keysOf } from '../engine/site-keys.ts'
import { withResolutions } from '../core/region-claims.ts'
import { resolveRegions } from '../engine/resolve-regions.ts'
import type { Io } from './io.ts'
import { type OrderOptions, runOrder } from './order.ts'
import { leftSite, orderedSite, type OrderedSite } from './render/order-report.ts'

export interface AdoptOptions extends OrderOptions {
  readonly addresses: readonly Address[]
  /** Drop ours, instead of taking foreign ones over. */
  readonly isGivenUp: boolean
}

interface Looked {
  readonly site: Site
  readonly state: SiteState
  readonly current: readonly CurrentRRset[]
}

const look = async (site: Site, composition: Composition, signal: AbortSignal): Promise<Looked> => {
  const { store, resolver, provider } = composition.portsOf(site)
  const [state, resolved, current] = await Promise.all([store.load(site.name), resolveRegions(site, resolver, signal), provider.read(keysOf(site), signal)])
  return { site, state: withResolutions(state, resolved), current }
}

/** What makes no sense at any of the sites; an address need stand at one of them only. */
const refusals = (order: MarkOrder, addresses: readonly Address[], looked: readonly Looked[]): readonly OrderedSite[] => {
  const objections = addresses.flatMap((address) => {
    const each = looked.map(({ site, state, current }) => ({ site: site.name, text: markObjection(order, address, site, state, current) }))
    return each.some(({ text }) => text === undefined) ? [] : each.slice(0, 1)
  })
  return objections.map(({ site, text }) => leftSite(site, 'failed', `${text ?? ''}; nothing was changed`))
}

/** The addresses in these texts, or the first that is none. */
export const parseAddresses = (texts: readonly string[]): { readonly addresses: readonly Address[]; readonly bad: string | undefined } => {
  const parsed = texts.map((text) => parseAddress(text))
  return { addresses: parsed.flatMap((address) => address ?? []), bad: texts.find((_, at) => parsed[at] === undefined) }
}

/** Takes foreign values over, or gives ours up: writes the ownership mark and nothing else. For exit codes see `runOrder`. */
export const adopt = (options: AdoptOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { addresses, verifyMs } = options
  const order: MarkOrder = options.isGivenUp ? 'give-up' : 'take-over'
  return runOrder(
    options,
    {
      command: 'dns-failover adopt',
      refuse: async (sites, composition, inner) => {
        const refused = refusals(order, addresses, await Promise.all(sites.map((site) => look(site, composition, inner))))
        return refused.length === 0 ? undefined : refused
      },
      onSite: async (site, composition, isDryRun, inner) => {
        const ports = composition.portsOf(site)
        const { state } = await look(site, composition, inner)
        const meant = addresses.filter((address) => order === 'take-over' || !(site.regions.some(({ name }) => state.regions[name]?.addresses.includes(address))))
        const result = await changeOnce(site, (current) => markChanges(order, meant, site, state, current), ports, { isDryRun, verifyMs }, inner)
        // What a region once led to would be taken for ours again.
        if (!isDryRun && order === 'give-up' && result.failure === undefined) await ports.store.save(site.name, withoutRetired(await ports.store.load(site.name), meant), true)
        return orderedSite(site.name, result, [], ports.clock, (text) => text)
      },
    },
    io,
    env,
    signal,
  )
}
