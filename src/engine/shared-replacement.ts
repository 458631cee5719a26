import type { Address } from '../core/address.ts'
import { addressTypes } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import type { ServiceZones } from './ports.ts'
import { readCurrent } from './write.ts'

/**
 * Why servers are not to be given to a region: another one of the site leads to them by the records themselves, or may. What is
 * resolved can be older than that: a promotion right before a crash, which the name servers do not answer with yet.
 */
export const sharedBy = async (site: Site, regionName: string, addresses: readonly Address[], serviceZones: ServiceZones, signal: AbortSignal): Promise<string | undefined> => {
  for (const { name, source, replacements } of site.regions) {
    if (name === regionName || source.kind !== 'service' || !replacements.flat().some((address) => addresses.includes(address))) continue
    const zone = await serviceZones.of(source.service, signal)
    if (zone.kind === 'not-ours') continue
    const keys = addressTypes.map((type) => ({ name: source.service, type }))
    const read = zone.kind === 'ours' ? await readCurrent(zone.provider, keys, signal) : undefined
    if (read?.kind !== 'read') return `${source.service} of region ${name}, which may lead to the same server, cannot be read`
    if (read.current.some(({ values }) => values.some((value) => addresses.includes(value)))) return `region ${name} leads to the same server`
  }
  return undefined
}
