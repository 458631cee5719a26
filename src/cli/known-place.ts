import { didYouMean } from '../config/suggest.ts'
import { placesOfService, type SitePlace } from './link/operator-link.ts'
import type { Reached } from './operator-verb.ts'

/** The sites and regions that are watched; undefined: they cannot be told. */
export const placesOf = async (link: Reached, signal: AbortSignal): Promise<readonly SitePlace[] | undefined> => {
  if (link.kind === 'none') return link.loaded.config.sites.map(({ name, regions }) => ({ site: name, regions: regions.map((region) => region.name) }))
  const answer = await placesOfService(link.client, signal)
  return answer.kind === 'done' && answer.value.waiting === 0 ? answer.value.sites : undefined
}

/** What is wrong with a place of which nothing was found: most likely it is mistyped. Undefined: it is watched. */
export const unknownPlace = ({ sites, region }: { readonly sites: readonly string[]; readonly region?: string | undefined }, places: readonly SitePlace[]): string | undefined => {
  const known = places.map(({ site }) => site)
  const strange = sites.find((site) => !known.includes(site))
  if (strange !== undefined) return `there is no site ${JSON.stringify(strange)}${didYouMean(strange, known, 'there are')}`
  const meant = places.filter(({ site }) => sites.length === 0 || sites.includes(site))
  const regions = [...new Set(meant.flatMap((place) => place.regions))]
  if (region === undefined || regions.includes(region)) return undefined
  const where = sites.length === 0 ? 'no site has a region' : `site ${sites.join(', ')} has no region`
  return `${where} ${JSON.stringify(region)}${didYouMean(region, regions, sites.length === 0 ? 'there are' : 'it has')}`
}
