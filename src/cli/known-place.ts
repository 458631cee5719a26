import { placesOfService, type SitePlace } from './link/operator-link.ts'
import { type MeantPlace, noSuchPlace, regionsMeant, strangeSites } from './no-such-place.ts'
import type { Reached } from './operator-verb.ts'

/** The sites and regions that are watched; undefined: they cannot be told. */
export const placesOf = async (link: Reached, signal: AbortSignal): Promise<readonly SitePlace[] | undefined> => {
  if (link.kind === 'none') return link.loaded.config.sites.map(({ name, regions }) => ({ site: name, regions: regions.map((region) => region.name) }))
  const answer = await placesOfService(link.client, signal)
  return answer.kind === 'done' && answer.value.waiting === 0 ? answer.value.sites : undefined
}

/** What is wrong with a place of which nothing was found: most likely it is mistyped. Undefined: it is watched. */
export const unknownPlace = (meant: MeantPlace, places: readonly SitePlace[]): string | undefined => {
  const isKnown = strangeSites(meant, places).length === 0 && (meant.region === undefined || regionsMeant(meant, places).includes(meant.region))
  return isKnown ? undefined : noSuchPlace(meant, places)
}
