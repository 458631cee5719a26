import type { CheckResult } from '../../src/core/result.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { createMetrics, type Metrics, type MetricsOptions } from '../../src/metrics/metrics.ts'
import { address } from '../fakes/dns-names.ts'

/** Metrics of a service without sites at a time that the test sets. */
export const startMetrics = (over: Partial<MetricsOptions> = {}): { readonly metrics: Metrics; readonly clock: { now: number } } => {
  const clock = { now: 0 }
  const metrics = createMetrics({ version: '1.2.3', views: () => [], pulses: () => [], now: () => clock.now, wallNow: () => 1_800_000_000_000 + clock.now, ...over })
  return { metrics, clock }
}

/** The samples of a render by series, those of the process itself apart; of histograms without the buckets. */
export const samplesOf = (body: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    body
      .split('\n')
      .filter((line) => line.startsWith('dns_failover_') && !line.startsWith('dns_failover_build_info') && !line.includes('_bucket{'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

/** A render once more, whatever was rendered within this second. */
export const renderAnew = async ({ metrics, clock }: ReturnType<typeof startMetrics>): Promise<Readonly<Record<string, number>>> => {
  clock.now += 1000
  return samplesOf((await metrics.render()).body)
}

const timed = { startedAt: 0, finishedAt: 40, timing: { totalMs: 40 } }
export const passed: CheckResult = { kind: 'ok', ...timed }
export const failed: CheckResult = { kind: 'failed', cause: 'status', detail: '500', ...timed }
export const untold: CheckResult = { kind: 'cannot-tell', cause: 'late', detail: 'late by 900 ms', ...timed }

export const checked = (site: string, region: string | undefined, text: string, result: CheckResult): EngineEvent => ({ kind: 'checked', site, region, address: address(text), result })
