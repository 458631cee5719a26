import type { Clock, NameService, ServiceZones } from '../engine/ports.ts'
import { createAuthorities } from './authorities.ts'
import type { Zones } from './zones.ts'

/** Service subdomains by the zones of all providers: often, but not always, the provider of the site itself. */
export const createServiceZones = (zones: Zones, nameService: Pick<NameService, 'ask'>, clock: Pick<Clock, 'now'>): ServiceZones => ({
  of: async (service, signal) => {
    const place = await zones.zoneOf(service, signal)
    if (place.kind !== 'ours') return place
    return { kind: 'ours', provider: place.provider, authorities: createAuthorities({ names: [service] }, zones, nameService, clock) }
  },
})
