import type { Places } from './link/operator-link.ts'
import { noSuchPlace } from './no-such-place.ts'

export type FoundRegion = { readonly kind: 'found'; readonly site: string } | { readonly kind: 'unknown' | 'not-watched'; readonly message: string }

const listed = (names: readonly string[]): string => (names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} others` : names.join(', '))

/** The site whose region is meant: the one that was named, or the only one that has a region of that name. */
export const findRegion = (region: string, site: string | undefined, { sites: places, waiting }: Places): FoundRegion => {
  const isListed = places.some((place) => place.site === site)
  // The service knows best whether it is about to watch such a site.
  if (site !== undefined && !isListed && waiting > 0) return { kind: 'found', site }
  const having = places.filter((place) => (site === undefined || place.site === site) && place.regions.includes(region))
  const [first, second] = having
  if (first !== undefined && second === undefined) return { kind: 'found', site: first.site }
  if (first !== undefined) return { kind: 'unknown', message: `${having.length} sites have a region ${region}: ${listed(having.map((place) => place.site))}; say which by --site` }
  if (waiting > 0 && site === undefined) return { kind: 'not-watched', message: `of the sites that are decided none has a region ${JSON.stringify(region)}, and ${waiting} of the service are not yet` }
  return { kind: 'unknown', message: noSuchPlace({ sites: site === undefined ? [] : [site], region }, places) }
}
