import type { CheckResult, Timing } from '../core/result.ts'
import { type Latency, latencyOf, latencySum, noLatency } from './latency.ts'

export type Phase = 'connect' | 'tls' | 'headers' | 'body'

/** What the checks of one address in a stretch of time add up to. */
export interface CheckSums {
  readonly ok: number
  readonly failed: number
  /** Our own fault: says nothing of the address. */
  readonly cannotTell: number
  readonly causes: Readonly<Record<string, number>>
  /** Of those that passed: a timeout would only show its own bound. */
  readonly latency: Latency
  readonly phases: Readonly<Partial<Record<Phase, { readonly count: number; readonly sumMs: number }>>>
  /** The fewest that were seen. */
  readonly certificateDays: number | null
}

export const noChecks: CheckSums = { ok: 0, failed: 0, cannotTell: 0, causes: {}, latency: noLatency, phases: {}, certificateDays: null }

const phaseNames: readonly Phase[] = ['connect', 'tls', 'headers', 'body']

const phasesOf = (timing: Timing): CheckSums['phases'] =>
  Object.fromEntries(
    phaseNames.flatMap((phase) => {
      const ms = timing[`${phase}Ms`]
      return ms === undefined ? [] : [[phase, { count: 1, sumMs: ms }]]
    }),
  )

export const sumsOf = (result: CheckResult): CheckSums => ({
  ok: result.kind === 'ok' ? 1 : 0,
  failed: result.kind === 'failed' ? 1 : 0,
  cannotTell: result.kind === 'cannot-tell' ? 1 : 0,
  causes: result.kind === 'ok' ? {} : { [result.cause]: 1 },
  latency: result.kind === 'ok' ? latencyOf(result.timing.totalMs) : noLatency,
  phases: result.kind === 'ok' ? phasesOf(result.timing) : {},
  certificateDays: result.certificateDays ?? null,
})

const causesSum = (a: CheckSums['causes'], b: CheckSums['causes']): CheckSums['causes'] => {
  const sum: Record<string, number> = { ...a }
  for (const [cause, count] of Object.entries(b)) sum[cause] = (sum[cause] ?? 0) + count
  return sum
}

const phasesSum = (a: CheckSums['phases'], b: CheckSums['phases']): CheckSums['phases'] => {
  const sum: Partial<Record<Phase, { count: number; sumMs: number }>> = { ...a }
  for (const phase of phaseNames) {
    const more = b[phase]
    const known = a[phase]
    if (more !== undefined) sum[phase] = known === undefined ? more : { count: known.count + more.count, sumMs: known.sumMs + more.sumMs }
  }
  return sum
}

/** Both together, whatever the order: so minutes make hours, and hours make days. */
export const checkSum = (a: CheckSums, b: CheckSums): CheckSums => ({
  ok: a.ok + b.ok,
  failed: a.failed + b.failed,
  cannotTell: a.cannotTell + b.cannotTell,
  causes: causesSum(a.causes, b.causes),
  latency: latencySum(a.latency, b.latency),
  phases: phasesSum(a.phases, b.phases),
  certificateDays: a.certificateDays === null || b.certificateDays === null ? (a.certificateDays ?? b.certificateDays) : Math.min(a.certificateDays, b.certificateDays),
})
