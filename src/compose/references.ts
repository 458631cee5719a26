import type { HttpReference } from '../checks/reference.ts'
import { type Address } from '../core/address.ts'
import type { Site } from '../core/site.ts'
import type { Clock, NameService, References } from '../engine/ports.ts'
import { siteServers } from './authorities.ts'
import type { Zones } from './zones.ts'

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
        const isAnswering = outcome.kind !== 'unreachable'
        return { name: `name server ${server.name}`, address, isLocal: local.has(address), isAnswering, answeredAt: isAnswering ? askedAt : undefined }
      })
      const urls = site.reference.map(async (url) =>
        (await http.ask(url, signal)).map(({ address, answered, askedAt }) => ({
          name: new URL(url).host,
          address,
          isLocal: local.has(address),
          isAnswering: answered,
          answeredAt: answered ? askedAt : undefined,
        })),
      )
      return [...(await Promise.all(nameServers)), ...(await Promise.all(urls)).flat()]
    },
  }
}
