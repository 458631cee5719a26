import { addressSet } from './address.ts'
import type { Orders } from './orders.ts'
import type { Region, Site } from './site.ts'
import type { SiteState } from './site-state.ts'

/** What a region is, whatever it is called: its service subdomain, or its fixed addresses. */
export const placeOf = ({ source }: Pick<Region, 'source'>): string =>
  source.kind === 'service' ? source.service : addressSet(source.addresses).join(' ')

/** Names that the config has no more are remembered as long as there are not more than so many. */
const mostFormer = 100

type Regions = Pick<Site, 'regions'>

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** The state that knows where the config's regions are: by that a region is known again that goes by another name later. */
export const withPlaces = (state: SiteState, { regions }: Regions): SiteState => {
  if (regions.every((region) => own(state.places, region.name) === placeOf(region))) return state
  const former = Object.entries(state.places).filter(([name]) => regions.every((region) => region.name !== name))
  return { ...state, places: Object.fromEntries([...former.slice(-mostFormer), ...regions.map((region) => [region.name, placeOf(region)] as const)]) }
}

/** The region of the config that one that the config does not have was before: the only one at the same place. */
export const heirOf = (name: string, state: Pick<SiteState, 'places'>, { regions }: Regions): string | undefined => {
  const place = own(state.places, name)
  const heirs = regions.filter((region) => place !== undefined && placeOf(region) === place)
  return heirs.length === 1 && regions.every((region) => region.name !== name) ? heirs[0]?.name : undefined
}

const moved = <T>(record: Readonly<Record<string, T>>, from: string, to: string): Readonly<Record<string, T>> =>
  Object.hasOwn(record, from) && !Object.hasOwn(record, to) ? Object.fromEntries(Object.entries(record).map(([name, value]) => [name === from ? to : name, value])) : record

/** What is known of a region, under the name that it has now. */
export const withRegionRenamed = (state: SiteState, from: string, to: string): SiteState => ({
  ...state,
  regions: moved(state.regions, from, to),
  retired: Object.fromEntries(Object.entries(state.retired).map(([address, region]) => [address, region === from ? to : region])),
  words: moved(state.words, from, to),
  led: moved(state.led, from, to),
  safe: moved(state.safe, from, to),
  promotions: moved(state.promotions, from, to),
})

/** What is ordered for a region, for the name that it has now, unless something of the kind is ordered for that already. */
export const withOrdersRenamed = (orders: Orders, from: string, to: string): Orders => ({
  ...orders,
  drains: moved(orders.drains, from, to),
  forces: moved(orders.forces, from, to),
  ...(orders.skips === undefined ? {} : { skips: moved(orders.skips, from, to) }),
})
