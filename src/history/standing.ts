import type { AddressSample, SiteSample } from '../engine/history-port.ts'
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
const together = (addresses: readonly AddressSample[]): WatchState => {
  if (addresses.some(({ state }) => state === 'up')) return 'up'
  return addresses.length === 0 || addresses.some(({ state }) => state === 'unknown') ? 'unknown' : 'down'
}

const isPublished = ({ sets }: AddressSample): boolean => sets.some((set) => set.isPublished)

/** Of each address, each region and the site. An address that an operator took out is not missed. */
export const standingsOf = (view: SiteSample): readonly Standing[] => {
  const addresses = view.regions.flatMap(({ region, addresses: own }) =>
    own.map((each): Standing => ({ region, address: each.address, state: each.state, isPublished: isPublished(each), isDegraded: false })),
  )
  const regions = view.regions.map(
    ({ region, addresses: own }): Standing => ({ region, address: '', state: together(own), isPublished: own.some(isPublished), isDegraded: false }),
  )
  const published = [...view.regions.flatMap(({ addresses: own }) => own), ...view.others].filter(isPublished)
  const isAnyMissed = view.regions.some(({ drain, addresses: own }) => drain === null && own.some(({ state }) => state === 'down'))
  const state = together(published)
  return [...addresses, ...regions, { region: '', address: '', state, isPublished: published.length > 0, isDegraded: state === 'up' && isAnyMissed }]
}

const isSame = (one: Standing, other: Standing | undefined): boolean =>
  one.region === other?.region && one.address === other.address && one.state === other.state && one.isPublished === other.isPublished && one.isDegraded === other.isDegraded

/** Whether nothing has changed. */
export const areSame = (some: readonly Standing[], others: readonly Standing[]): boolean =>
  some.length === others.length && some.every((each, index) => isSame(each, others[index]))

/** What a standing that lasted for some time adds. */
export const watchOf = ({ state, isPublished: isOut, isDegraded }: Standing, ms: number): WatchSums => ({
  ...noWatch,
  [`${state}Ms`]: ms,
  publishedMs: isOut ? ms : 0,
  degradedMs: isDegraded ? ms : 0,
})
