import { setTimeout as pause } from 'node:timers/promises'
import { quantile } from './lateness.ts'
import { sweepNames } from './name-sweep.ts'
import type { OurSite } from './peers/ours.ts'
import { openPacketFilter } from './peers/packet-filter.ts'
import type { BenchProcess } from './peers/process.ts'
import { startWebFarm, type WebFarm } from './peers/web-farm.ts'
import { monotonicMs, residentMiB, workedMs } from './process-cost.ts'
import { callsBetween } from './provider-calls.ts'
import { callsNow, scaleHost, sitesOf, startMany } from './scale-service.ts'
import type { ScaleReport } from './scale-table.ts'

export interface ScalePlan {
  readonly sites: number
  /** Of another process, to tell what a site has in memory. */
  readonly fewSites: number
  /** Of as many sites one address fails. */
  readonly failing: number
  readonly restMs: number
  readonly steadyMs: number
}

const dnsPort = 53
const longestMs = 120_000

interface Published {
  readonly process: BenchProcess
  /** Milliseconds from the start of the process. */
  readonly answersMs: number
  readonly publishedMs: number
  readonly workedMs: number
}

const start = async (farm: WebFarm, sites: readonly OurSite[]): Promise<Published> => {
  const { process, startedAt, answersMs } = await startMany(farm, sites)
  const published = await sweepNames(scaleHost, dnsPort, sites.map(({ name }) => name), (values) => values.length === 4, longestMs)
  if (published.includes(undefined)) {
    await process.stop()
    throw new Error(`${published.filter((each) => each === undefined).length} sites were not published within ${longestMs / 1000} s`)
  }
  return { process, answersMs, publishedMs: Math.max(...published.map((at) => at ?? 0)) - startedAt, workedMs: workedMs(process.pid) }
}

/** What a service with fewer sites has in memory after as long: what the others cost is by site. */
const fewMiB = async (farm: WebFarm, { fewSites, restMs }: ScalePlan): Promise<number> => {
  const { process } = await start(farm, sitesOf(fewSites))
  await pause(restMs)
  const rss = residentMiB(process.pid)
  await process.stop()
  return rss
}

export const runScale = async (plan: ScalePlan): Promise<ScaleReport> => {
  const farm = await startWebFarm()
  const filter = await openPacketFilter()
  const sites = sitesOf(plan.sites)
  let running: BenchProcess | undefined
  try {
    const withFewMiB = await fewMiB(farm, plan)
    const started = await start(farm, sites)
    running = started.process
    const { pid } = running
    await pause(plan.restMs)
    const [steadyBefore, workedBefore, steadyFrom] = [await callsNow(), workedMs(pid), monotonicMs()]
    await pause(plan.steadyMs)
    const [steady, steadyCpu] = [callsBetween(steadyBefore, await callsNow()), (workedMs(pid) - workedBefore) / (monotonicMs() - steadyFrom)]
    const rssMiB = residentMiB(pid)

    const failing = sites.slice(0, plan.failing)
    const gone = failing.map(({ regions }) => regions[0]?.[0] ?? '')
    const names = failing.map(({ name }) => name)
    const before = await callsNow()
    const failedAt = await filter.refuse(gone)
    const withdrawn = await sweepNames(scaleHost, dnsPort, names, (values, index) => values.length > 0 && !values.includes(gone[index] ?? ''), longestMs)
    const failover = callsBetween(before, await callsNow())
    const healedAt = await filter.pass()
    const restored = await sweepNames(scaleHost, dnsPort, names, (values) => values.length === 4, longestMs)
    const since = (moments: readonly (number | undefined)[], from: number): readonly number[] => moments.map((at) => (at ?? Number.POSITIVE_INFINITY) - from)
    return {
      sites: plan.sites,
      failing: plan.failing,
      answersMs: started.answersMs,
      publishedMs: started.publishedMs,
      startWorkedMs: started.workedMs,
      steadyCpu,
      callsPerHour: ((steady.read + steady.apply + steady.other) * 3_600_000) / plan.steadyMs,
      rssMiB,
      fewSites: plan.fewSites,
      withFewMiB,
      withdrawn: { medianMs: quantile(since(withdrawn, failedAt), 0.5), worstMs: quantile(since(withdrawn, failedAt), 1) },
      restored: { medianMs: quantile(since(restored, healedAt), 0.5), worstMs: quantile(since(restored, healedAt), 1) },
      failover,
      endMiB: residentMiB(pid),
    }
  } finally {
    await running?.stop()
    await filter.pass()
    await farm.close()
  }
}
