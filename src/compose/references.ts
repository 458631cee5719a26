import type { HttpReference } from '../checks/reference.ts'
import { type Address } from '../core/address.ts'
import type { Sighting } from '../core/sight.ts'
import type { Site } from '../core/site.ts'
import type { Clock, NameService, References } from '../engine/ports.ts'
import { siteServers } from './authorities.ts'
import type { Zones } from './zones.ts'

/** An answer that took longer may be one to a second question of our own (the name service asks again after so long), or to a second SYN (RFC 6298: after 1 s). Milliseconds. */
const firstTryMs = { dns: 700, http: 1_000 }

/** What an answer shows, if one came. */
const shown = (isAnswering: boolean, askedAt: number, answeredAt: number, mostMs: number): Pick<Sighting, 'isAnswering' | 'answeredAt' | 'isBelated'> => {
  if (!isAnswering) return { isAnswering, answeredAt: undefined }
  return answeredAt - askedAt < mostMs ? { isAnswering, answeredAt: askedAt } : { isAnswering, answeredAt, isBelated: true }
}

/**
 * What shows that we can see: the name servers of the site's zones, of which any answer counts, a refusal too, and the
 * site's reference URLs. Every address is a witness of its own family.
 */
export const createReferences = (
  site: Site,
  parts: {
    readonly zones: Zones
    readonly nameService: Pick<NameService, 'ping'>
    readonly http: HttpReference
    readonly local: ReadonlySet<Address>
    readonly clock: Pick<Clock, 'now'>
  },
): References => {
  const { zones, nameService, http, local, clock } = parts
  return {
    ask: async (signal) => {
      const nameServers = (await siteServers(site, zones, signal)).map(async ({ server, zone }) => {
        const askedAt = clock.now()
        const outcome = await nameService.ping(server, zone, signal)
        const { address } = server.endpoint
        const said = shown(outcome.kind !== 'unreachable', askedAt, clock.now(), firstTryMs.dns)
        return { name: `name server ${server.name}`, address, isLocal: local.has(address), ...said }
      })
      const urls = site.reference.map(async (url) =>
        (await http.ask(url, signal)).map(({ address, answered, askedAt, answeredAt }) => ({
          name: new URL(url).host,
          address,
          isLocal: local.has(address),
          ...shown(answered, askedAt, answeredAt, firstTryMs.http),
        })),
      )
      return [...(await Promise.all(nameServers)), ...(await Promise.all(urls)).flat()]
    },
  }
}
