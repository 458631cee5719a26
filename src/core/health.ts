import type { CheckResult, FailureCause } from './result.ts'
import type { Damping, HealthCheck } from './site.ts'
import { afterFall, type Falls, noFalls, waitAfter } from './damping.ts'

/** A run of failures that `rise` successes in a row have not yet forgiven. Times: engine milliseconds. */
export interface FailingRun {
  /** Start of the first, the last but one and the latest failed check. */
  readonly firstAt: number
  readonly previousAt: number
  readonly lastAt: number
  readonly count: number
  readonly cause: FailureCause
  readonly detail: string
}

/** What a run of results adds up to, for one address under one check. */
export interface Health {
  /** The check's identity: results of another check say nothing about this one. */
  readonly identity: string
  readonly state: 'unknown' | 'up' | 'down'
  readonly since: number
  /** The last state but unknown; outlives a restart, which makes the state unknown again. */
  readonly decided: 'up' | 'down' | undefined
  /** Whether it has ever been up under this check. Until then its failures may be the check's fault. */
  readonly hasPassed: boolean
  readonly failing: FailingRun | undefined
  /** Successes in a row. */
  readonly passing: number
  /** Start of the latest check that passed. */
  readonly passedAt: number | undefined
  /** End of the latest check that said anything. */
  readonly observedAt: number | undefined
  readonly falls: Falls
  /** Up again, but not re-admitted before this; a restart does not make the wait start anew. */
  readonly readmitAt: number | undefined
}

export type HealthRules = Pick<HealthCheck, 'identity' | 'fall' | 'rise' | 'confirmSpanMs' | 'bounds'>

export const unknownHealth = (identity: string, now: number): Health => ({
  identity,
  state: 'unknown',
  since: now,
  decided: undefined,
  hasPassed: false,
  failing: undefined,
  passing: 0,
  passedAt: undefined,
  observedAt: undefined,
  falls: noFalls,
  readmitAt: undefined,
})

/** Failures further apart than a confirmation could ever be do not belong to one run: the machine slept between. */
const longestGapMs = (rules: HealthRules): number => 10_000 + 2 * (rules.bounds.totalMs + rules.confirmSpanMs)

const extendRun = (health: Health, result: CheckResult & { kind: 'failed' }, rules: HealthRules): FailingRun => {
  const { cause, detail, startedAt } = result
  const run = health.failing
  const isBroken = run === undefined || (health.state !== 'down' && startedAt - (health.observedAt ?? startedAt) > longestGapMs(rules))
  return isBroken
    ? { firstAt: startedAt, previousAt: startedAt, lastAt: startedAt, count: 1, cause, detail }
    : { firstAt: run.firstAt, previousAt: run.lastAt, lastAt: startedAt, count: run.count + 1, cause, detail }
}

const hasFallen = (run: FailingRun, rules: HealthRules): boolean =>
  run.count >= rules.fall && run.lastAt - run.firstAt >= rules.confirmSpanMs

const onFailure = (health: Health, result: CheckResult & { kind: 'failed' }, rules: HealthRules, damping: Damping): Health => {
  const failing = extendRun(health, result, rules)
  const next = { ...health, failing, passing: 0, observedAt: result.finishedAt }
  if (health.state === 'down' || !hasFallen(failing, rules)) return next
  const falls = health.decided === 'up' ? afterFall(health.falls, result.finishedAt, damping) : health.falls
  return { ...next, state: 'down', decided: 'down', since: result.finishedAt, falls, readmitAt: undefined }
}

const onSuccess = (health: Health, result: CheckResult, rules: HealthRules, damping: Damping): Health => {
  const passing = health.passing + 1
  const next = { ...health, passing, passedAt: result.startedAt, observedAt: result.finishedAt }
  if (passing < rules.rise) return next
  const forgiven = { ...next, failing: undefined, hasPassed: true }
  if (health.state === 'up') return forgiven
  const readmitAt = health.decided === 'up' ? health.readmitAt : result.finishedAt + waitAfter(health.falls, result.finishedAt, damping)
  return { ...forgiven, state: 'up', decided: 'up', since: result.finishedAt, readmitAt }
}

/**
 * One result more. Down takes `fall` failures whose checks started over at least `confirmSpanMs`; they are
 * forgiven only by `rise` successes in a row, so that a target that fails every other check goes down too.
 * A result that cannot tell changes nothing.
 */
export const observe = (health: Health, result: CheckResult, rules: HealthRules, damping: Damping): Health => {
  const current = health.identity === rules.identity ? health : unknownHealth(rules.identity, result.startedAt)
  switch (result.kind) {
    case 'ok':
      return onSuccess(current, result, rules, damping)
    case 'failed':
      return onFailure(current, result, rules, damping)
    case 'cannot-tell':
      return current
  }
}

/**
 * Health as a new process takes it over: unknown until checks have said so again, for what was written down may be
 * older than what was seen last. What it has ever passed, and how often it fell, is kept.
 */
export const resumed = (health: Health): Health => ({ ...health, state: 'unknown', failing: undefined, passing: 0 })
