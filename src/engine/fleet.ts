import { backoffMs } from '../core/backoff.ts'
import type { Site } from '../core/site.ts'
import { resumedState, type SiteState } from '../core/site-state.ts'
import type { Cron } from './cron-port.ts'
import type { LiveSite } from './live-site.ts'
import type { Clock, SitePorts } from './ports.ts'
import type { ReplacementClaims } from './replacement-claims.ts'
import { runSite, type SiteTiming } from './run-site.ts'
import type { ZoneAudit } from './zone-audit.ts'

export interface FleetOptions {
  portsOf(site: Site): SitePorts
  readonly timing: SiteTiming
  readonly clock: Clock
  readonly cron: Cron
  readonly audit: ZoneAudit
  /** Shared by all sites, and kept over a reload. */
  readonly claims: ReplacementClaims
  /** In [0, 1): spreads restarts. */
  random(): number
}

/** How a site's loop stands: a number of milliseconds since it last went round; undefined while it waits to begin anew after a fault. */
export interface Pulse {
  readonly site: string
  readonly sinceMs: number | undefined
}

/** Watches many sites, each by itself: one that fails begins anew while the others go on. */
export interface Fleet {
  /** Begins to watch a site that is not watched yet; with `initial`, from what is known already. */
  start(site: Site, initial?: SiteState): void
  /** Ends a watch, once a write under way has ended; gives what is known by then. */
  stop(name: string): Promise<SiteState | undefined>
  /** For good: no site is started any more, whoever still asks for it. */
  stopAll(): Promise<void>
  pulses(): readonly Pulse[]
  /** What can be asked of a site now; undefined while it is not watched, or has yet to begin. */
  live(name: string): LiveSite | undefined
}

interface Watch {
  readonly controller: AbortController
  readonly done: Promise<void>
  readonly known: { state: SiteState | undefined; beatAt: number | undefined; live: LiveSite | undefined }
}

/** After so long without a fault the next one counts as the first again. Milliseconds. */
const forgivenMs = 600_000

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

export const createFleet = (options: FleetOptions): Fleet => {
  const { clock, timing, cron, audit, claims } = options
  const watches = new Map<string, Watch>()
  let isOver = false

  const keepWatching = async (site: Site, initial: SiteState | undefined, known: Watch['known'], signal: AbortSignal): Promise<void> => {
    let failures = 0
    for (let from = initial; !signal.aborted; from = known.state && resumedState(known.state)) {
      const startedAt = clock.now()
      known.beatAt = startedAt
      const ports = options.portsOf(site)
      try {
        const beat = (state: SiteState): void => {
          known.state = state
          known.beatAt = clock.now()
        }
        const attach = (live: LiveSite): void => {
          known.live = live
        }
        await runSite(site, ports, timing, signal, { initial: from, cron, audit, claims, isSpread: true, beat, attach })
      } catch (error) {
        failures = clock.now() - startedAt > forgivenMs ? 1 : failures + 1
        const againMs = backoffMs(failures, options.random(), undefined)
        known.beatAt = undefined
        known.live = undefined
        ports.report({ site: site.name, kind: 'site-failed', text: textOf(error), againMs })
        await clock.sleep(againMs, signal)
      }
    }
  }

  const stop = async (name: string): Promise<SiteState | undefined> => {
    const watch = watches.get(name)
    if (watch === undefined) return undefined
    watch.controller.abort()
    await watch.done
    watches.delete(name)
    return watch.known.state
  }

  return {
    start: (site, initial) => {
      if (isOver) return
      if (watches.has(site.name)) throw new Error(`the site ${site.name} is watched already`)
      const controller = new AbortController()
      const known: Watch['known'] = { state: initial, beatAt: undefined, live: undefined }
      watches.set(site.name, { controller, known, done: keepWatching(site, initial, known, controller.signal) })
    },
    stop,
    stopAll: async () => {
      isOver = true
      await Promise.all([...watches.keys()].map(stop))
    },
    live: (name) => watches.get(name)?.known.live,
    pulses: () =>
      [...watches].map(([site, { known }]) => ({ site, sinceMs: known.beatAt === undefined ? undefined : clock.now() - known.beatAt })),
  }
}
