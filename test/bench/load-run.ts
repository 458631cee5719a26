import { setTimeout as pause } from 'node:timers/promises'
import { type ClientReport, startLoadClient } from './load-client.ts'
import { everyMs, type LoadedService, startLoadedService } from './load-service.ts'
import { type Arrival, type Lateness, latenessOf } from './lateness.ts'
import { goFirst, monotonicMs, residentMiB, waitedMs, workedMs } from './process-cost.ts'

export interface LoadPlan {
  readonly sites: number
  readonly perSecond: number
  /** Milliseconds: without load, with it but not counted (at least, and at most if it does not stop growing), counted. */
  readonly idleMs: number
  readonly warmUpMs: number
  readonly longestWarmUpMs: number
  readonly loadMs: number
}

/** How a service does for a while. */
export interface Stretch {
  readonly lateness: Lateness
  /** Of one core, that its process has worked. */
  readonly cpu: number
  /** Of the time, that it could have worked, but others did. */
  readonly waiting: number
}

export interface LoadReport {
  readonly idle: Stretch
  readonly loaded: Stretch
  /** MiB. */
  readonly rss: { readonly warm: number; readonly end: number; readonly growth: number }
  /** From a region's end until the name server answers without it, under load. Milliseconds. */
  readonly withdrawnMs: number
  readonly client: ClientReport
  /** What it answers afterwards. */
  readonly readAfter: number
}

/** Checks of all sites but the first, which loses a region and then checks by other turns. */
const regularArrivals = ({ fleet, sites }: LoadedService): readonly Arrival[] => {
  const siteOf = new Map(sites.slice(1).flatMap(({ name, addresses }) => addresses.map((address) => [address, name])))
  return fleet.takeArrivals().flatMap(({ address, at }) => {
    const site = siteOf.get(address)
    return site === undefined ? [] : [{ site, address, at }]
  })
}

const during = async (bench: LoadedService, run: () => Promise<unknown>): Promise<Stretch> => {
  bench.fleet.takeArrivals()
  const [startedAt, workedBefore, waitedBefore] = [monotonicMs(), workedMs(bench.pid), waitedMs(bench.pid)]
  await run()
  const tookMs = monotonicMs() - startedAt
  const [cpu, waiting] = [(workedMs(bench.pid) - workedBefore) / tookMs, (waitedMs(bench.pid) - waitedBefore) / tookMs]
  return { lateness: latenessOf(regularArrivals(bench), everyMs), cpu, waiting }
}

const failOver = async (bench: LoadedService): Promise<number> => {
  const [{ name, addresses: [msk, ams] } = { name: '', addresses: ['', ''] }] = bench.sites
  const startedAt = monotonicMs()
  await bench.fleet.kill(msk)
  while ((await bench.published(name)).join() !== ams) {
    if (monotonicMs() - startedAt > 20_000) return Number.POSITIVE_INFINITY
    await pause(20)
  }
  return monotonicMs() - startedAt
}

/** The most that it has in memory within some seconds: how much it is at one moment depends on the last collection. */
const peakMiB = async (pid: number, forMs: number): Promise<number> => {
  const until = monotonicMs() + forMs
  let peak = residentMiB(pid)
  while (monotonicMs() < until) {
    await pause(100)
    peak = Math.max(peak, residentMiB(pid))
  }
  return peak
}

/** Milliseconds. */
const peakMs = 3000

/** No more than this above the most before, for some windows in a row: it has the size that it stays at. */
const levelGrowth = 0.02
const levelWindows = 4

/** The size that it reaches. How long that takes is a matter of how many cores it gets; what never stops growing is found by what comes after. */
const warmSize = async ({ pid }: LoadedService, { warmUpMs, longestWarmUpMs }: LoadPlan): Promise<number> => {
  const startedAt = monotonicMs()
  const isOver = (ms: number): boolean => monotonicMs() - startedAt >= ms - peakMs
  let [highest, levelFor] = [0, 0]
  for (;;) {
    const peak = await peakMiB(pid, peakMs)
    levelFor = peak <= highest * (1 + levelGrowth) ? levelFor + 1 : 0
    highest = Math.max(highest, peak)
    if (isOver(longestWarmUpMs) || (isOver(warmUpMs) && levelFor >= levelWindows)) return highest
  }
}

/** A service of its own, without load and then with it. It, who asks it and who is asked by it go before all else on this machine, if they may. */
export const runLoad = async (plan: LoadPlan): Promise<LoadReport> => {
  const giveWay = goFirst()
  const bench = await startLoadedService(plan.sites)
  try {
    const idle = await during(bench, () => pause(plan.idleMs))
    const asking = startLoadClient({ ...bench.client, perSecond: plan.perSecond })
    const warm = await warmSize(bench, plan)
    asking.measure()
    let [withdrawnMs, end] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const loaded = await during(bench, async () => {
      const failover = pause(plan.loadMs / 2).then(() => failOver(bench))
      await pause(plan.loadMs - peakMs)
      end = await peakMiB(bench.pid, peakMs)
      withdrawnMs = await failover
    })
    const client = await asking.stop()
    const { status } = await bench.read('/api/v1/sites')
    return { idle, loaded, rss: { warm, end, growth: end / warm - 1 }, withdrawnMs, client, readAfter: status }
  } finally {
    await bench.close()
    giveWay()
  }
}
