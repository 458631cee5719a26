import type { CheckResult, Timing } from '../core/result.ts'
import { addLatency, type Growing, type Latency, latencySum, noLatency } from './latency.ts'

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

export const newChecks = (): Growing<CheckSums> => ({ ok: 0, failed: 0, cannotTell: 0, causes: {}, latency: { ...noLatency, buckets: [] }, phases: {}, certificateDays: null })

const addPhases = (phases: Growing<CheckSums['phases']>, timing: Timing): void => {
  for (const phase of phaseNames) {
    const ms = timing[`${phase}Ms`]
    if (ms === undefined) continue
    const known = phases[phase]
    if (known === undefined) phases[phase] = { count: 1, sumMs: ms }
    else {
      known.count += 1
      known.sumMs += ms
    }
  }
}

/** Puts one check more in: what is summed thousands of times a second is not made anew each time. */
export const addCheck = (sums: Growing<CheckSums>, result: CheckResult): void => {
  const days = result.certificateDays
  if (days !== undefined) sums.certificateDays = Math.min(sums.certificateDays ?? days, days)
  if (result.kind === 'ok') {
    sums.ok += 1
    addLatency(sums.latency, result.timing.totalMs)
    return addPhases(sums.phases, result.timing)
  }
  if (result.kind === 'failed') sums.failed += 1
  else sums.cannotTell += 1
  sums.causes[result.cause] = (sums.causes[result.cause] ?? 0) + 1
}

export const sumsOf = (result: CheckResult): CheckSums => {
  const sums = newChecks()
  addCheck(sums, result)
  return sums
}

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
