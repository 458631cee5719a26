import { didYouMean } from '../config/suggest.ts'
import type { SitePlace } from './link/operator-link.ts'

export interface MeantPlace {
  /** Empty: all. */
  readonly sites: readonly string[]
  readonly region?: string | undefined
}

/** The sites, of those that are meant, that are not among the places. */
export const strangeSites = ({ sites }: MeantPlace, places: readonly SitePlace[]): readonly string[] => sites.filter((site) => !places.some((place) => place.site === site))

/** The regions that there are where one is meant. */
export const regionsMeant = ({ sites }: MeantPlace, places: readonly SitePlace[]): readonly string[] => [
  ...new Set(places.filter(({ site }) => sites.length === 0 || sites.includes(site)).flatMap(({ regions }) => regions)),
]

/** Of a place that is not there: what is most likely mistyped. */
export const noSuchPlace = (meant: MeantPlace, places: readonly SitePlace[]): string => {
  const [strange] = strangeSites(meant, places)
  const known = places.map(({ site }) => site)
  if (strange !== undefined) return `there is no site ${JSON.stringify(strange)}${didYouMean(strange, known, 'there are')}`
  const where = meant.sites.length === 0 ? 'no site has a region' : `site ${meant.sites.join(', ')} has no region`
  return `${where} ${JSON.stringify(meant.region)}${didYouMean(meant.region ?? '', regionsMeant(meant, places), meant.sites.length === 0 ? 'there are' : 'it has')}`
}
