import { isWithin } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import { zoneOfProvider } from './build-provider.ts'
import type { ConfigInput } from './config-schema.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'

/** A replacement that serves another region already would take that one's place from it. */
const checkOwners = (site: Site, path: Path, report: Report): void => {
  for (const { name, replacements } of site.regions) {
    for (const [index, replacement] of replacements.entries()) {
      const at = [...path, 'regions', name, 'replacements', index]
      for (const address of replacement) {
        const owner = site.regions.find((region) => region.name !== name && region.source.kind === 'fixed' && region.source.addresses.includes(address))
        if (owner === undefined) continue
        report({ ...errorAt(at, `${address} already belongs to region "${owner.name}"; a replacement serves no region yet`, address), restsOn: [...path, 'regions', owner.name, 'addresses'] })
      }
    }
  }
}

/** Only a name in a zone of ours can be pointed elsewhere. Which zones a token for Cloudflare opens is not known here. */
const checkZones = (input: ConfigInput, site: Site, path: Path, report: Report): void => {
  const zones = Object.values(input.providers).map(zoneOfProvider)
  if (zones.length === 0 || zones.includes(undefined)) return
  for (const { name, source, replacements } of site.regions) {
    if (source.kind !== 'service' || replacements.length === 0) continue
    if (zones.some((zone) => zone !== undefined && isWithin(source.service, zone))) continue
    const finding = errorAtKey([...path, 'regions', name, 'replacements'], `${source.service} is in no zone of the providers here, so that it cannot be pointed at a replacement`)
    report({ ...finding, restsOn: ['providers'] })
  }
}

/** What replacements must be to other regions and to the zones. */
export const checkReplacements = (input: ConfigInput, sites: readonly Site[], report: Report): void => {
  for (const site of sites) {
    const path = ['sites', site.name]
    checkOwners(site, path, report)
    checkZones(input, site, path, report)
  }
}
