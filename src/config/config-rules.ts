import { endpointText } from '../core/endpoint.ts'
import { type Fqdn, isWithin } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import { ttlFloor, zoneOfProvider } from './build-provider.ts'
import type { ConfigInput } from './config-schema.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import { checkReplacements } from './replacement-rules.ts'

/** Where the n-th name of a site stands: in its list, or as its key. */
const namePath = (input: ConfigInput, site: Site, at: number): Path =>
  input.sites[site.name]?.names === undefined ? ['sites', site.name] : ['sites', site.name, 'names', at]

const errorAtName = (input: ConfigInput, site: Site, at: number, message: string): ReturnType<typeof errorAt> => {
  const path = namePath(input, site, at)
  return path.length === 2 ? errorAtKey(path, message) : errorAt(path, message)
}

const checkNames = (input: ConfigInput, sites: readonly Site[], report: Report): ReadonlyMap<Fqdn, Site> => {
  const owners = new Map<Fqdn, Site>()
  for (const site of sites) {
    for (const [at, name] of site.names.entries()) {
      const owner = owners.get(name)
      if (owner !== undefined) {
        const where = owner === site ? 'is listed twice' : `already belongs to site "${owner.name}"; two sites would undo each other's work`
        report(errorAtName(input, site, at, `${name} ${where}`))
      }
      owners.set(name, owner ?? site)
    }
  }
  return owners
}

const checkProvider = (input: ConfigInput, site: Site, report: Report): void => {
  const provider = Object.hasOwn(input.providers, site.provider) ? input.providers[site.provider] : undefined
  if (provider === undefined) return
  const path = ['sites', site.name]
  const { seconds, why } = ttlFloor[provider.type]
  if (site.ttl < seconds) {
    report(errorAt([...path, 'ttl'], `${site.ttl} is below the ${seconds} seconds that provider "${site.provider}" (${provider.type}) takes at least${why}`))
  }
  const zone = zoneOfProvider(provider)
  for (const [at, name] of site.names.entries()) {
    if (zone !== undefined && !isWithin(name, zone)) {
      report({ ...errorAtName(input, site, at, `${name} is not in the zone ${zone} of provider "${site.provider}"`), restsOn: ['providers', site.provider, 'zone'] })
    }
  }
}

const checkServices = (sites: readonly Site[], owners: ReadonlyMap<Fqdn, Site>, report: Report): void => {
  for (const site of sites) {
    for (const { name, source } of site.regions) {
      const owner = source.kind === 'service' ? owners.get(source.service) : undefined
      if (source.kind !== 'service' || owner === undefined || owner === site) continue
      const path = ['sites', site.name, 'regions', name, 'service']
      report(errorAt(path, `${source.service} is a main domain of site "${owner.name}", which changes its addresses; a region needs a name of its own`))
    }
  }
}

const checkRecords = (input: ConfigInput, owners: ReadonlyMap<Fqdn, Site>, report: Report): void => {
  for (const [key, provider] of Object.entries(input.providers)) {
    if (provider.type !== 'embedded') continue
    for (const [name, sets] of Object.entries(provider.records ?? {})) {
      const owner = owners.get(name.toLowerCase().replace(/\.$/, '') as Fqdn)
      for (const type of ['A', 'AAAA', 'CNAME'] as const) {
        if (owner === undefined || sets[type] === undefined) continue
        report(errorAtKey(['providers', key, 'records', name, type], `the ${type} records of ${name} belong to site "${owner.name}"; leave them out`))
      }
    }
  }
}

const checkListeners = (input: ConfigInput, report: Report): void => {
  const owners = new Map<string, string>()
  for (const [key, provider] of Object.entries(input.providers)) {
    if (provider.type !== 'embedded') continue
    const text = endpointText(provider.listen)
    const owner = owners.get(text)
    if (owner !== undefined) report(errorAt(['providers', key, 'listen'], `provider "${owner}" listens there already; give each its own port`))
    owners.set(text, owner ?? key)
  }
  const { listen } = input.api
  const owner = listen === undefined || listen === 'off' ? undefined : owners.get(endpointText(listen))
  if (owner !== undefined) report(errorAt(['api', 'listen'], `provider "${owner}" listens there already; give each its own port`))
}

/** What sites and providers must be to each other. */
export const checkConfig = (input: ConfigInput, sites: readonly Site[], report: Report): void => {
  const owners = checkNames(input, sites, report)
  for (const site of sites) checkProvider(input, site, report)
  checkServices(sites, owners, report)
  checkRecords(input, owners, report)
  checkListeners(input, report)
  checkReplacements(input, sites, report)
  const used = new Set(Object.values(input.sites).map((site) => site.provider))
  // With one provider sites need not name it; a site that still has to choose may mean any.
  if (used.has(undefined)) return
  for (const key of Object.keys(input.providers)) {
    if (!used.has(key)) report({ ...warningAt(['providers', key], `no site uses provider "${key}"`), part: 'key' })
  }
}
