import type { NameServer } from '../core/answer.ts'
import { type Endpoint, endpointText } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Clock, NameService } from '../engine/ports.ts'
import type { Provider } from '../providers/provider.ts'

/** Which zone of which provider holds a name. */
export type ZoneOfName =
  | { readonly kind: 'ours'; readonly zone: Fqdn; readonly provider: Provider }
  | { readonly kind: 'not-ours' }
  /** A provider could not be asked: nobody knows. */
  | { readonly kind: 'unknown'; readonly detail: string }

/** The zones of all providers, and who answers for them. No method rejects. */
export interface Zones {
  zoneOf(name: Fqdn, signal: AbortSignal): Promise<ZoneOfName>
  /** Empty if they cannot be found. */
  serversOf(zone: Fqdn, provider: Provider, signal: AbortSignal): Promise<readonly NameServer[]>
}

/** How long the servers that were found by NS are taken for granted. */
const keptMs = 60_000

const configured = (endpoints: readonly Endpoint[]): readonly NameServer[] => endpoints.map((endpoint) => ({ name: endpointText(endpoint), endpoint }))

const askOne = async (provider: Provider, name: Fqdn, signal: AbortSignal): Promise<ZoneOfName> => {
  try {
    const zone = await provider.zoneOf(name, signal)
    return zone === undefined ? { kind: 'not-ours' } : { kind: 'ours', zone, provider }
  } catch (error) {
    return { kind: 'unknown', detail: error instanceof Error ? error.message : String(error) }
  }
}

export const createZones = (options: {
  readonly providers: readonly Provider[]
  /** As configured for all zones. */
  readonly nameservers: readonly Endpoint[] | undefined
  readonly nameService: Pick<NameService, 'serversOf'>
  readonly clock: Pick<Clock, 'now'>
}): Zones => {
  const { providers, nameservers, nameService, clock } = options
  const found = new Map<Fqdn, { readonly at: number; readonly servers: readonly NameServer[] }>()

  const lookUp = async (zone: Fqdn, signal: AbortSignal): Promise<readonly NameServer[]> => {
    const known = found.get(zone)
    if (known !== undefined && clock.now() - known.at < keptMs) return known.servers
    const servers = await nameService.serversOf(zone, signal)
    // Servers that answered a minute ago are better than none while the look-up fails.
    if (servers.length === 0) return known?.servers ?? []
    found.set(zone, { at: clock.now(), servers })
    return servers
  }

  return {
    zoneOf: async (name, signal) => {
      const answers = await Promise.all(providers.map((provider) => askOne(provider, name, signal)))
      const unknown = answers.find((answer) => answer.kind === 'unknown')
      if (unknown !== undefined) return unknown
      const ours = answers.flatMap((answer) => (answer.kind === 'ours' ? [answer] : []))
      return ours.toSorted((a, b) => b.zone.length - a.zone.length)[0] ?? { kind: 'not-ours' }
    },
    serversOf: async (zone, provider, signal) =>
      nameservers !== undefined ? configured(nameservers) : provider.servers !== undefined ? configured(provider.servers) : lookUp(zone, signal),
  }
}
