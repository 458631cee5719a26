import type { Resolution } from '../core/answer.ts'
import type { Fqdn } from '../core/fqdn.ts'
import { resolveInZone } from '../dns/service-resolution.ts'
import type { NameService, ServiceResolver } from '../engine/ports.ts'
import { createProxyGuard } from './proxy-addresses.ts'
import type { Zones } from './zones.ts'

/**
 * A service subdomain in one of our zones is read from the zone's authoritative servers, any other through the
 * recursive resolvers. Where a provider cannot say whether the zone is its, nothing is resolved: a cache might still
 * hold what was there before a repoint. One that leads to a proxy is refused.
 */
export const createServiceResolver = (zones: Zones, nameService: NameService): ServiceResolver => {
  const guarded = createProxyGuard()

  const resolve = async (service: Fqdn, signal: AbortSignal): Promise<Resolution> => {
    const place = await zones.zoneOf(service, signal)
    switch (place.kind) {
      case 'ours': {
        const servers = await zones.serversOf(place.zone, place.provider, signal)
        return resolveInZone(service, servers, place.zone, nameService, signal)
      }
      case 'not-ours':
        return nameService.resolve(service, signal)
      case 'unknown': {
        const failed = { kind: 'failed', detail: `whether ${service} is in a zone of ours is not known: ${place.detail}` } as const
        return { v4: failed, v6: failed }
      }
    }
  }

  return { resolve: async (service, signal) => guarded(await resolve(service, signal)) }
}
