import type { Address } from '../../src/core/address.ts'
import type { Heartbeat } from '../../src/core/heartbeat.ts'
import type { Replication } from '../../src/core/replication.ts'
import type { Site } from '../../src/core/site.ts'
import { type LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

export const [msk, ams, fra] = [v4(1), v4(2), v4(3)]
const three = { msk, ams, fra } as const
const nameOf = (address: Address): string => Object.entries(three).find(([, each]) => each === address)?.[0] ?? '?'

export const replication: Replication = {
  root: '/var/www/html',
  user: 'replication',
  mode: 'single-writer',
  writer: 'msk',
  topology: 'mesh',
  delayMs: 3_000,
  hosts: Object.fromEntries(Object.entries(three).map(([name, address]) => [name, { address, port: 22, hostKeys: [] }])),
  heartbeat: { everyMs: 5_000, path: '/.dns-failover' },
  maxLagMs: 30_000,
  onLag: 'alarm',
  sameContent: [],
  onDifference: 'report',
}

/** What sends the writers' content to the others: each heartbeat comes with new content, and arrives 3 s later. */
export interface Sync {
  /** `writer>receiver`: nothing arrives any more since then. */
  readonly cut: Map<string, number>
  /** Writers whose heartbeat stands still since then. */
  readonly still: Map<string, number>
  /** Regions whose web server hands out no heartbeats, and why. */
  readonly silent: Map<string, 'missing' | 'failed'>
}

const delayMs = 3_000
const heartbeatAt = (writer: string, at: number): Heartbeat => ({ region: writer, counter: Math.floor(at / 5_000), boot: 'b', writtenAt: at, content: `c${Math.floor(at / 5_000)}` })

/** What a region has of a writer's heartbeat. */
const copyIn = (sync: Sync, region: string, writer: string, now: number): Heartbeat | 'missing' | 'failed' => {
  const silent = sync.silent.get(region)
  if (silent !== undefined) return silent
  const writtenAt = Math.min(now, sync.still.get(writer) ?? now)
  if (region === writer) return heartbeatAt(writer, writtenAt)
  const arrived = Math.min(writtenAt, sync.cut.get(`${writer}>${region}`) ?? now) - delayMs
  return arrived < 0 ? 'missing' : heartbeatAt(writer, arrived)
}

export interface Replicating extends Bench {
  readonly sync: Sync
  readonly site: Site
  live(): LiveSite
  /** Runs on for so many seconds. */
  seconds(count: number): Promise<void>
  cut(...links: readonly string[]): void
  mend(...links: readonly string[]): void
  /** The A sets as they came to be since the last time. */
  sets(): readonly string[]
  /** What was said since the last time about freshness, in short. */
  said(): readonly string[]
  freshness(region: string): string
  /** Ends the watch, and begins it anew: with what the first knew, as a reload does, or as a new process. */
  restart(site: Site, how: 'reload' | 'restart'): Promise<void>
  /** Ends the watch: nobody looks any more. */
  end(): Promise<void>
}

export interface ReplicatingOptions {
  readonly regions?: readonly (keyof typeof three)[]
  readonly changes?: Partial<Replication>
  readonly site?: Partial<Site>
  readonly sync?: Partial<Sync>
}

const kinds = ['stale', 'fresh', 'caught-up', 'replication-suspected', 'replication-mended', 'content-differs', 'content-agrees'] as const

/** A site whose regions replicate, watched and published, at minute 1. */
export const replicating = async ({ regions = ['msk', 'ams', 'fra'], changes = {}, site: over = {}, sync: given = {} }: ReplicatingOptions = {}): Promise<Replicating> => {
  const bench = makeBench()
  const site = siteOf(Object.fromEntries(regions.map((name) => [name, three[name]])), { replication: { ...replication, ...changes }, ...over })
  const sync: Sync = { cut: new Map(), still: new Map(), silent: new Map(), ...given }
  bench.world.heartbeatAt = (address, writer) => copyIn(sync, nameOf(address), writer, bench.time.now())
  let live: LiveSite | undefined
  let stop = new AbortController()
  let running = Promise.resolve()
  const start = (watched: Site, initial?: Parameters<typeof runSite>[4]): void => {
    stop = new AbortController()
    running = runSite(watched, bench.ports, timing, stop.signal, { ...initial, attach: (each) => (live = each) })
  }
  start(site)
  await bench.time.runUntil(minutes(1))
  let [setsSeen, eventsSeen] = [bench.history.length, bench.events.length]
  const all: Replicating = {
    ...bench,
    sync,
    site,
    live: () => {
      if (live === undefined) throw new Error('the site is not watched yet')
      return live
    },
    seconds: (count) => bench.time.runUntil(bench.time.now() + count * 1_000),
    cut: (...links) => {
      for (const link of links) sync.cut.set(link, bench.time.now())
    },
    mend: (...links) => {
      for (const link of links) sync.cut.delete(link)
    },
    sets: () => {
      const sets = bench.history.slice(setsSeen).map(({ values }) => values.map(nameOf).join(' '))
      setsSeen = bench.history.length
      return sets
    },
    said: () => {
      const told = bench.events.slice(eventsSeen).filter(({ kind }) => kinds.some((each) => each === kind))
      eventsSeen = bench.events.length
      return told.map((event) => `${event.kind}${'region' in event ? ` ${event.region}` : ''}${'path' in event ? ` ${event.path}` : ''}`)
    },
    freshness: (region) => {
      const view = all.live().view().regions.find((each) => each.region === region)?.freshness
      return view === null || view === undefined ? 'none' : `${view.state}: ${view.text}`
    },
    end: async () => {
      stop.abort()
      await bench.time.runUntil(bench.time.now() + 2_000)
      await running
    },
    restart: async (next, how) => {
      const initial = all.live().state()
      await all.end()
      start(next, how === 'reload' ? { initial } : {})
    },
  }
  return all
}
