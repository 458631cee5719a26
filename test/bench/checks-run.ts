import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import type { Measured } from './checks-table.ts'
import { latenessOf } from './lateness.ts'
import { sweepNames } from './name-sweep.ts'
import { accepts } from './peers/accepts.ts'
import { startBlackboxProcess } from './peers/blackbox.ts'
import { zoneName } from './peers/checker.ts'
import { startGdnsdProcess } from './peers/gdnsd.ts'
import { startHaproxyProcess } from './peers/haproxy.ts'
import { equal } from './our-settings.ts'
import { sitesText, startOurProcess } from './peers/ours.ts'
import { startPowerdnsProcess } from './peers/powerdns.ts'
import { type BenchProcess, startProcess } from './peers/process.ts'
import { type Served, startWebFarm } from './peers/web-farm.ts'
import { residentMiB, workedMs } from './process-cost.ts'

/** The checker has one core for itself; the web server, and whoever asks, the other. */
export const checkerCore = 0
export const otherCore = 1

const host = '127.0.2.1'
const longestMs = 120_000
const regionsPerSite = 4
const addressesPerRegion = 2
const addressesPerSite = regionsPerSite * addressesPerRegion

/** A site, which is a name of as many addresses elsewhere. */
interface Group {
  readonly name: string
  readonly addresses: readonly string[]
}

const groupsOf = (targets: number): readonly Group[] =>
  Array.from({ length: targets / addressesPerSite }, (_, group) => ({
    name: `s${group}`,
    addresses: Array.from({ length: addressesPerSite }, (__, index) => group * addressesPerSite + index).map((at) => `127.64.${Math.floor(at / 250)}.${(at % 250) + 1}`),
  }))

export interface Contender {
  readonly who: string
  readonly everyMs: number
  start(groups: readonly Group[], port: number): Promise<BenchProcess>
}

const all = (groups: readonly Group[]): readonly string[] => groups.flatMap(({ addresses }) => addresses)

const ours = (who: string, connection: 'fresh' | 'kept'): Contender => ({
  who,
  everyMs: 1000,
  start: (groups, port) => {
    const regionsOf = (addresses: readonly string[]) => Array.from({ length: regionsPerSite }, (_, region) => addresses.slice(region * addressesPerRegion, (region + 1) * addressesPerRegion))
    const sites = groups.map(({ name, addresses }) => ({ name: `${name}.${zoneName}`, regions: regionsOf(addresses) }))
    // Whether the sites come to be published is not waited for: where it cannot keep up, that is what the rate says.
    const isReady = (): Promise<boolean> => accepts(host, 8453)
    return startOurProcess(host, sitesText(sites, port, { ...equal, connection }), { isReady, core: checkerCore })
  },
})

const powerdns: Contender = {
  who: 'PowerDNS',
  everyMs: 1000,
  start: async (groups, port) => {
    const process = await startPowerdnsProcess(host, port, { everySeconds: 1, timeoutSeconds: 1, names: groups }, checkerCore)
    // It checks what it has been asked for.
    const answered = await sweepNames(host, 53, groups.map(({ name }) => `${name}.${zoneName}`), (values) => values.length > 0, longestMs)
    if (!answered.includes(undefined)) return process
    await process.stop()
    throw new Error(`PowerDNS did not answer for ${answered.filter((at) => at === undefined).length} of ${groups.length} names within ${longestMs / 1000} s`)
  },
}

const bare = (kind: 'fresh' | 'kept'): Contender => ({
  who: `bare sockets of Node, ${kind} connections`,
  everyMs: 1000,
  start: (groups, port) => {
    const program = fileURLToPath(new URL('peers/bare-checks.mjs', import.meta.url))
    return startProcess([process.execPath, program, kind, `${port}`, ...all(groups)], { isReady: async () => true, core: checkerCore })
  },
})

export const contenders: readonly Contender[] = [
  ours('dns-failover', 'fresh'),
  ours('dns-failover, kept connections', 'kept'),
  { who: 'HAProxy', everyMs: 1000, start: (groups, port) => startHaproxyProcess(host, port, all(groups), checkerCore) },
  { who: 'gdnsd', everyMs: 2000, start: (groups, port) => startGdnsdProcess(host, port, { everySeconds: 2, timeoutSeconds: 1, resources: groups }, checkerCore) },
  powerdns,
  { who: 'blackbox_exporter', everyMs: 1000, start: (groups, port) => startBlackboxProcess(host, port, all(groups), checkerCore) },
  bare('fresh'),
  bare('kept'),
]

export interface ChecksPlan {
  readonly targets: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

/** The most that it has in memory while it is measured. */
const peakDuring = async (pid: number, forMs: number): Promise<number> => {
  const until = performance.now() + forMs
  let peak = 0
  while (performance.now() < until) {
    peak = Math.max(peak, residentMiB(pid))
    await pause(Math.min(500, Math.max(1, until - performance.now())))
  }
  return peak
}

const lateness = (served: readonly Served[], groups: readonly Group[], everyMs: number): number => {
  const siteOf = new Map(groups.flatMap(({ name, addresses }) => addresses.map((address) => [address, `${name}.${zoneName}`])))
  return latenessOf(served.flatMap(({ address, at }) => ((site) => (site === undefined ? [] : [{ site, address, at }]))(siteOf.get(address))), everyMs).p99
}

/** What one of them needs to check so many targets. */
export const measureChecks = async ({ who, everyMs, start }: Contender, { targets, warmUpMs, measuredMs }: ChecksPlan): Promise<Measured> => {
  const groups = groupsOf(targets)
  const farm = await startWebFarm(otherCore)
  try {
    const checker = await start(groups, farm.port)
    try {
      await pause(warmUpMs)
      await farm.forget()
      const [startedAt, workedBefore] = [performance.now(), workedMs(checker.pid)]
      const from = Date.now()
      const rssMiB = await peakDuring(checker.pid, measuredMs)
      const [tookMs, worked, to] = [performance.now() - startedAt, workedMs(checker.pid) - workedBefore, Date.now()]
      const served = (await farm.served()).filter(({ at }) => at >= from && at < to)
      return {
        who,
        targets,
        wantedPerSecond: (targets * 1000) / everyMs,
        perSecond: (served.length * 1000) / tookMs,
        cpuMsPerCheck: worked / served.length,
        cpu: worked / tookMs,
        rssMiB,
        keptShare: served.filter(({ onConnection }) => onConnection > 1).length / served.length,
        latenessP99Ms: who.startsWith('dns-failover') ? lateness(served, groups, everyMs) : undefined,
      }
    } finally {
      await checker.stop()
    }
  } finally {
    await farm.close()
  }
}
