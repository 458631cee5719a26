import { setTimeout as pause } from 'node:timers/promises'
import { zoneName } from './peers/checker.ts'
import { type OurSite, sitesText, startOurProcess } from './peers/ours.ts'
import type { BenchProcess } from './peers/process.ts'
import type { WebFarm } from './peers/web-farm.ts'
import { monotonicMs } from './process-cost.ts'
import { type ProviderCalls, providerCallsIn } from './provider-calls.ts'

export const scaleHost = '127.0.2.1'

/** Sites of four regions, each with an address of its own. */
export const sitesOf = (count: number): readonly OurSite[] =>
  Array.from({ length: count }, (_, site) => ({
    name: `s${site}.${zoneName}`,
    regions: Array.from({ length: 4 }, (__, index) => site * 4 + index).map((at) => [`127.64.${Math.floor(at / 250)}.${(at % 250) + 1}`]),
  }))

const ask = async (path: string): Promise<string> => {
  const response = await fetch(`http://${scaleHost}:8453${path}`, { signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`${path} answers ${response.status}`)
  return response.text()
}

/** Waits until as many sites are healthy: what has never passed a check is not withdrawn. */
export const untilHealthy = async (count: number, longestMs: number): Promise<void> => {
  for (const until = monotonicMs() + longestMs; ; await pause(500)) {
    const { sites } = JSON.parse(await ask('/api/v1/overview')) as { readonly sites: readonly { readonly condition: string }[] }
    const healthy = sites.filter(({ condition }) => condition === 'healthy').length
    if (healthy === count) return
    if (monotonicMs() > until) throw new Error(`${healthy} of ${count} sites were healthy within ${longestMs / 1000} s`)
  }
}

export const callsNow = async (): Promise<ProviderCalls> => providerCallsIn(await ask('/metrics'))

const isAnswering = (): Promise<boolean> =>
  ask('/healthz').then(
    () => true,
    () => false,
  )

/** With the default settings of a check, and what else is by default; and how long its API took to answer, milliseconds from the start of the process. */
export const startMany = async (farm: WebFarm, sites: readonly OurSite[], options: { readonly provider?: string; readonly more?: string } = {}): Promise<{ readonly process: BenchProcess; readonly startedAt: number; readonly answersMs: number }> => {
  const startedAt = monotonicMs()
  const process = await startOurProcess(scaleHost, sitesText(sites, farm.port, undefined), { ...options, isReady: isAnswering })
  return { process, startedAt, answersMs: monotonicMs() - startedAt }
}
