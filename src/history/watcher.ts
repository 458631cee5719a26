import type { SiteSample } from '../engine/history-port.ts'
import { areSame, type Standing, standingsOf, watchOf } from './standing.ts'
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
export const createWatcher = (now: () => number, onWatched: OnWatched): ((sites: readonly SiteSample[]) => void) => {
  let before = new Map<string, Sample>()
  /** What stands as it did is kept: of thousands nearly all do, and what lives for seconds only is dear to let go of. */
  const lasting = (last: Sample | undefined, standings: readonly Standing[]): readonly Standing[] => (last !== undefined && areSame(last.standings, standings) ? last.standings : standings)
  return (sites) => {
    const at = now()
    for (const { site } of sites) {
      const last = before.get(site)
      const ms = last === undefined ? 0 : Math.min(longestGapMs, at - last.at)
      if (ms > 0) for (const each of last?.standings ?? []) onWatched(site, each, watchOf(each, ms), ms)
    }
    before = new Map(sites.map((each) => [each.site, { at, standings: lasting(before.get(each.site), standingsOf(each)) }]))
  }
}
