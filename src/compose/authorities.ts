import type { NameServer } from '../core/answer.ts'
import { endpointText } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import type { Authorities, Clock, NameService } from '../engine/ports.ts'
import type { ZoneOfName, Zones } from './zones.ts'

const ourZone = (place: ZoneOfName): Extract<ZoneOfName, { kind: 'ours' }> | undefined => (place.kind === 'ours' ? place : undefined)

/** Each zone that holds one of the site's names, with its servers, each server once. */
export const siteServers = async (
  site: Pick<Site, 'names'>,
  zones: Zones,
  signal: AbortSignal,
): Promise<readonly { readonly server: NameServer; readonly zone: Fqdn }[]> => {
  const places = await Promise.all(site.names.map((name) => zones.zoneOf(name, signal)))
  const ours = new Map(places.flatMap((place) => (place.kind === 'ours' ? [[place.zone, place] as const] : [])))
  const perZone = await Promise.all(
    [...ours.values()].map(async ({ zone, provider }) => (await zones.serversOf(zone, provider, signal)).map((server) => ({ server, zone }))),
  )
  return [...new Map(perZone.flat().map((each) => [endpointText(each.server.endpoint), each])).values()]
}

/** The authoritative servers of the zones that hold these names. */
export const createAuthorities = (site: Pick<Site, 'names'>, zones: Zones, nameService: Pick<NameService, 'ask'>, clock: Pick<Clock, 'now'>): Authorities => ({
  servers: async (signal) => (await siteServers(site, zones, signal)).map(({ server }) => server),
  ask: async (server, key, signal) => {
    const askedAt = clock.now()
    const place = await zones.zoneOf(key.name, signal)
    const zone = ourZone(place)?.zone
    if (zone !== undefined) return nameService.ask(server, key, zone, signal)
    const detail = place.kind === 'unknown' ? place.detail : `no provider has a zone that holds ${key.name}`
    return { server, askedAt, answeredAt: clock.now(), outcome: { kind: 'unreachable', detail } }
  },
})
