import { setTimeout as pause } from 'node:timers/promises'
import { quantile } from './lateness.ts'
import { sweepNames } from './name-sweep.ts'
import { zoneName } from './peers/checker.ts'
import { type OurSite, sitesText, startOurProcess } from './peers/ours.ts'
import { openPacketFilter } from './peers/packet-filter.ts'
import type { BenchProcess } from './peers/process.ts'
import { startWebFarm, type WebFarm } from './peers/web-farm.ts'
import { monotonicMs, residentMiB, workedMs } from './process-cost.ts'
import { callsBetween, type ProviderCalls, providerCallsIn } from './provider-calls.ts'
import type { ScaleReport } from './scale-table.ts'

export interface ScalePlan {
  readonly sites: number
  /** Of as many sites one address fails. */
  readonly failing: number
  readonly restMs: number
  readonly steadyMs: number
}

const host = '127.0.2.1'
const dnsPort = 53
const longestMs = 120_000

const sitesOf = (count: number): readonly OurSite[] =>
  Array.from({ length: count }, (_, site) => ({
    name: `s${site}.${zoneName}`,
    regions: Array.from({ length: 4 }, (__, index) => site * 4 + index).map((at) => [`127.64.${Math.floor(at / 250)}.${(at % 250) + 1}`]),
  }))

const calls = async (): Promise<ProviderCalls> => {
  const response = await fetch(`http://${host}:8453/metrics`, { signal: AbortSignal.timeout(30_000) })
  if (!response.ok) throw new Error(`the metrics answer ${response.status}`)
  return providerCallsIn(await response.text())
}

const isAnswering = (): Promise<boolean> =>
  fetch(`http://${host}:8453/metrics`, { signal: AbortSignal.timeout(5000) }).then(
    async (response) => (await response.text()) !== '',
    () => false,
  )

interface Started {
  readonly process: BenchProcess
  /** Milliseconds from the start of the process. */
  readonly answersMs: number
  readonly publishedMs: number
  readonly workedMs: number
}

/** With the default settings of a check, and what else is by default. */
const start = async (farm: WebFarm, sites: readonly OurSite[]): Promise<Started> => {
  const startedAt = monotonicMs()
  const process = await startOurProcess(host, sitesText(sites, farm.port, undefined), { isReady: isAnswering })
  const answersMs = monotonicMs() - startedAt
  const published = await sweepNames(host, dnsPort, sites.map(({ name }) => name), (values) => values.length === 4, longestMs)
  if (published.includes(undefined)) {
    await process.stop()
    throw new Error(`${published.filter((each) => each === undefined).length} sites were not published within ${longestMs / 1000} s`)
  }
  return { process, answersMs, publishedMs: Math.max(...published.map((at) => at ?? 0)) - startedAt, workedMs: workedMs(process.pid) }
}

/** What a service with few sites has in memory after as long: what the rest costs is by site. */
const baselineMiB = async (farm: WebFarm, restMs: number): Promise<number> => {
  const { process } = await start(farm, sitesOf(1))
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
    const oneSiteMiB = await baselineMiB(farm, plan.restMs)
    const started = await start(farm, sites)
    running = started.process
    const { pid } = running
    await pause(plan.restMs)
    const [steadyBefore, workedBefore, steadyFrom] = [await calls(), workedMs(pid), monotonicMs()]
    await pause(plan.steadyMs)
    const [steady, steadyCpu] = [callsBetween(steadyBefore, await calls()), (workedMs(pid) - workedBefore) / (monotonicMs() - steadyFrom)]
    const rssMiB = residentMiB(pid)

    const failing = sites.slice(0, plan.failing)
    const gone = failing.map(({ regions }) => regions[0]?.[0] ?? '')
    const names = failing.map(({ name }) => name)
    const before = await calls()
    const failedAt = await filter.refuse(gone)
    const withdrawn = await sweepNames(host, dnsPort, names, (values, index) => values.length > 0 && !values.includes(gone[index] ?? ''), longestMs)
    const failover = callsBetween(before, await calls())
    const healedAt = await filter.pass()
    const restored = await sweepNames(host, dnsPort, names, (values) => values.length === 4, longestMs)
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
      oneSiteMiB,
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
