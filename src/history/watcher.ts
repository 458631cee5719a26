import type { SiteView } from '../engine/views.ts'
import { type Standing, standingsOf, watchOf } from './standing.ts'
import type { WatchSums } from './watch-sums.ts'

/** Between two samples further apart nobody watched: the process, or the machine, stood still. */
const longestGapMs = 10_000

interface Sample {
  readonly at: number
  readonly standings: readonly Standing[]
}

/** `ms` ago it began. */
export type OnWatched = (site: string, standing: Standing, sums: WatchSums, ms: number) => void

/** Turns samples into lasting: how a site stood holds until the next sample of it. `now`: monotonic. */
export const createWatcher = (now: () => number, onWatched: OnWatched): ((views: readonly SiteView[]) => void) => {
  let before = new Map<string, Sample>()
  return (views) => {
    const at = now()
    for (const { site } of views) {
      const last = before.get(site)
      const ms = last === undefined ? 0 : Math.min(longestGapMs, at - last.at)
      if (ms > 0) for (const each of last?.standings ?? []) onWatched(site, each, watchOf(each, ms), ms)
    }
    before = new Map(views.map((view) => [view.site, { at, standings: standingsOf(view) }]))
  }
}
