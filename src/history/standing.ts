import type { AddressView, SiteView } from '../engine/views.ts'
import { noWatch, type WatchSums } from './watch-sums.ts'

export type WatchState = 'up' | 'down' | 'unknown'

/** How one address, one region (no address) or the site itself (no region) stands at a moment. */
export interface Standing {
  readonly region: string
  readonly address: string
  readonly state: WatchState
  readonly isPublished: boolean
  readonly isDegraded: boolean
}

/** Together they are up if any is up, and down only if every one is known to be. */
const together = (addresses: readonly AddressView[]): WatchState => {
  if (addresses.some(({ state }) => state === 'up')) return 'up'
  return addresses.length === 0 || addresses.some(({ state }) => state === 'unknown') ? 'unknown' : 'down'
}

const isPublished = ({ sets }: AddressView): boolean => sets.some((set) => set.isPublished)

/** Of each address, each region and the site. An address that an operator took out is not missed. */
export const standingsOf = (view: SiteView): readonly Standing[] => {
  const addresses = view.regions.flatMap(({ region, addresses: own }) =>
    own.map((each): Standing => ({ region, address: each.address, state: each.state, isPublished: isPublished(each), isDegraded: false })),
  )
  const regions = view.regions.map(
    ({ region, addresses: own }): Standing => ({ region, address: '', state: together(own), isPublished: own.some(isPublished), isDegraded: false }),
  )
  const published = [...view.regions.flatMap(({ addresses: own }) => own), ...view.others].filter(isPublished)
  const isAnyMissed = view.regions.some(({ drain, addresses: own }) => drain === null && own.some(({ standing, state }) => standing === 'configured' && state === 'down'))
  const state = together(published)
  return [...addresses, ...regions, { region: '', address: '', state, isPublished: published.length > 0, isDegraded: state === 'up' && isAnyMissed }]
}

/** What a standing that lasted for some time adds. */
export const watchOf = ({ state, isPublished: isOut, isDegraded }: Standing, ms: number): WatchSums => ({
  ...noWatch,
  [`${state}Ms`]: ms,
  publishedMs: isOut ? ms : 0,
  degradedMs: isDegraded ? ms : 0,
})
