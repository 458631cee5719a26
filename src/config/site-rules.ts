import type { Site } from '../core/site.ts'
import type { RegionInput } from './site-schema.ts'
import { errorAt, errorAtKey, type Finding, type Path, type Report, warningAt } from './problem.ts'

type Regions = Readonly<Record<string, RegionInput>>

const checkRegions = (site: Site, regions: Regions, path: Path, report: Report): void => {
  const owners = new Map<string, string>()
  for (const [name, { service, addresses = [] }] of Object.entries(regions)) {
    const at = [...path, 'regions', name]
    const own: readonly (readonly [string, Path])[] = addresses.map((address, index) => [address, [...at, 'addresses', index]])
    for (const [value, where] of service === undefined ? own : [[service, [...at, 'service']] as const]) {
      const owner = owners.get(value)
      if (owner === name) report(warningAt(where, `${value} is listed twice`))
      else if (owner !== undefined) report(errorAt(where, `${value} already belongs to region "${owner}"; each region has its own`))
      owners.set(value, owner ?? name)
    }
    if (service !== undefined && site.names.includes(service)) {
      report(errorAt([...at, 'service'], `the service subdomain is the main domain itself; it must be a name of its own that points only at region "${name}"`))
    }
  }
}

const checkCounts = (site: Site, path: Path, report: Report): void => {
  const at = [...path, 'regions']
  const about = (finding: Finding): void => report({ ...finding, restsOn: at })
  const count = site.regions.length
  if (count === 0) return about(errorAtKey(at, 'the site needs at least two regions to switch between'))
  if (count === 1) about(warningAt(at, 'only one region: nothing can be withdrawn, the site is only watched'))
  if (site.regions.every((region) => region.role === 'standby')) about(errorAtKey(at, 'every region is standby; at least one must be active'))
  const total = site.regions.reduce((sum, { source }) => sum + (source.kind === 'fixed' ? source.addresses.length : 1), 0)
  for (const key of ['minPublished', 'failOpenBelow'] as const) {
    const wanted = site.policy[key]
    if (wanted > total) about(errorAt([...path, key], `${wanted} is more than the ${total} ${total === 1 ? 'address' : 'addresses'} that the regions have`))
  }
}

const checkPlaceholders = (site: Site, path: Path, report: Report): void => {
  if (!site.check.url.includes('{service}')) return
  const fixed = site.regions.filter((region) => region.source.kind === 'fixed').map((region) => `"${region.name}"`)
  if (fixed.length === 0) return
  report(errorAt([...path, 'check', 'url'], `{service} means nothing for ${fixed.join(', ')}: fixed addresses have no service subdomain; write {site}`, '{service}'))
}

/** What the parts of one site must be to each other. */
export const checkSite = (site: Site, regions: Regions, path: Path, report: Report): void => {
  checkRegions(site, regions, path, report)
  checkCounts(site, path, report)
  checkPlaceholders(site, path, report)
  if (site.ttl > 3600) report(warningAt([...path, 'ttl'], `clients may go on using a withdrawn address for ${site.ttl} seconds; 60 is usual`))
  if (site.policy.failOpen === 'none') {
    report(warningAt([...path, 'failOpen'], 'fail closed: when every region is down, the domain has no address at all'))
  }
}
