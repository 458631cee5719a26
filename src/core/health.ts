import type { CheckResult, FailureCause } from './result.ts'
import type { Damping, HealthCheck } from './site.ts'
import { longestPauseMs } from './longest-pause.ts'
import { afterFall, type Falls, noFalls, waitAfter } from './damping.ts'

/** A run of failures that `rise` successes in a row have not yet forgiven. Times: engine milliseconds. */
export interface FailingRun {
  /** Start of the first, the last but one and the latest failed check. */
  readonly firstAt: number
  readonly previousAt: number
  readonly lastAt: number
  /** Starts of the latest failed checks, oldest first: as many as a verdict takes, no denser than it takes. */
  readonly starts: readonly number[]
  readonly count: number
  readonly cause: FailureCause
  readonly detail: string
}

/** What a run of results adds up to, for one address under one check. */
export interface Health {
  /** The check's identity: results of another check say nothing about this one. */
  readonly identity: string
  readonly state: 'unknown' | 'up' | 'down'
  /** When it became what was decided last; a restart that only confirms it changes nothing here. */
  readonly since: number
  /** The last state but unknown; outlives a restart, which makes the state unknown again. */
  readonly decided: 'up' | 'down' | undefined
  /** The last verdict of all that have a voice, ours among them, for when they are split; outlives a restart. */
  readonly judged: 'up' | 'down' | undefined
  /** Whether it has ever been up under this check. Until then its failures may be the check's fault. */
  readonly hasPassed: boolean
  readonly failing: FailingRun | undefined
  /** Successes in a row, and when the first of them started. */
  readonly passing: number
  readonly passingSince: number
  /** End of the latest check that said anything. */
  readonly observedAt: number | undefined
  readonly falls: Falls
  /** It fell, but nothing has yet shown that the fault is not ours; the fall counts once something does. */
  readonly isFallUnseen: boolean
  /** Up again, but not re-admitted before this; a restart does not make the wait start anew. */
  readonly readmitAt: number | undefined
}

export type HealthRules = Pick<HealthCheck, 'identity' | 'fall' | 'rise' | 'confirmSpanMs' | 'bounds'>

export const unknownHealth = (identity: string, now: number): Health => ({
  identity,
  state: 'unknown',
  since: now,
  decided: undefined,
  judged: undefined,
  hasPassed: false,
  failing: undefined,
  passing: 0,
  passingSince: 0,
  observedAt: undefined,
  falls: noFalls,
  isFallUnseen: false,
  readmitAt: undefined,
})

/** Whether some address is so. Asked at every check: without a list made for it. */
export const isAny = (all: Readonly<Record<string, Health>>, isSo: (health: Health) => boolean): boolean => {
  for (const address in all) {
    const health = all[address]
    if (health !== undefined && isSo(health)) return true
  }
  return false
}

/** Whether two records are of the same addresses, and each is so in both. */
export const isPairwise = (some: Readonly<Record<string, Health>>, others: Readonly<Record<string, Health>>, isSo: (one: Health, other: Health) => boolean): boolean => {
  for (const address in some) {
    const [one, other] = [some[address], others[address]]
    if (one === undefined || other === undefined || !isSo(one, other)) return false
  }
  for (const address in others) if (some[address] === undefined) return false
  return true
}

/** The machine slept between: results so far apart do not belong to one run. */
const hasGap = (health: Health, startedAt: number, rules: HealthRules): boolean =>
  startedAt - (health.observedAt ?? startedAt) > longestPauseMs(rules)

/** Starts that follow too closely count as one; the oldest go once the rest is enough for a verdict. */
const extendStarts = (starts: readonly number[], startedAt: number, { fall, confirmSpanMs }: HealthRules): readonly number[] => {
  if (startedAt - (starts.at(-1) ?? startedAt) < confirmSpanMs / (4 * fall)) return starts
  const all = [...starts, startedAt]
  const firstNeeded = all.findLastIndex((start, index) => all.length - index >= fall && startedAt - start >= confirmSpanMs)
  return all.slice(Math.max(0, firstNeeded))
}

const extendRun = (health: Health, result: CheckResult & { kind: 'failed' }, rules: HealthRules): FailingRun => {
  const { cause, detail, startedAt } = result
  const run = health.failing
  const isBroken = run === undefined || (health.state !== 'down' && hasGap(health, startedAt, rules))
  return isBroken
    ? { firstAt: startedAt, previousAt: startedAt, lastAt: startedAt, starts: [startedAt], count: 1, cause, detail }
    : {
        firstAt: run.firstAt,
        previousAt: run.lastAt,
        lastAt: startedAt,
        starts: extendStarts(run.starts, startedAt, rules),
        count: run.count + 1,
        cause,
        detail,
      }
}

const hasFallen = (run: FailingRun, rules: HealthRules): boolean =>
  run.count >= rules.fall && run.lastAt - run.firstAt >= rules.confirmSpanMs

const onFailure = (health: Health, result: CheckResult & { kind: 'failed' }, rules: HealthRules): Health => {
  const failing = extendRun(health, result, rules)
  const next = { ...health, failing, passing: 0, observedAt: result.finishedAt }
  if (health.state === 'down' || !hasFallen(failing, rules)) return next
  const isFall = health.decided === 'up'
  const since = health.decided === 'down' ? health.since : result.finishedAt
  return { ...next, state: 'down', decided: 'down', since, isFallUnseen: isFall || health.isFallUnseen, readmitAt: undefined }
}

const onSuccess = (health: Health, result: CheckResult, rules: HealthRules, damping: Damping): Health => {
  const isNewRun = health.passing === 0 || (health.state !== 'up' && hasGap(health, result.startedAt, rules))
  const passing = isNewRun ? 1 : health.passing + 1
  const passingSince = isNewRun ? result.startedAt : health.passingSince
  const next = { ...health, passing, passingSince, observedAt: result.finishedAt }
  const isSteady = health.state === 'up' && health.failing === undefined && health.hasPassed
  if (isSteady || passing < rules.rise) return next
  const forgiven = { ...next, failing: undefined, hasPassed: true }
  if (health.state === 'up') return forgiven
  const waitMs = waitAfter(health.falls, result.finishedAt, damping)
  const readmitAt = health.decided === 'up' ? health.readmitAt : waitMs > 0 ? result.finishedAt + waitMs : undefined
  const since = health.decided === 'up' ? health.since : result.finishedAt
  return { ...forgiven, state: 'up', decided: 'up', since, isFallUnseen: false, readmitAt }
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
      return onFailure(current, result, rules)
    case 'cannot-tell':
      return current
  }
}

/** A fall that a witness has seen: from now on it lengthens the wait before re-admission. */
export const withFallSeen = (health: Health, now: number, damping: Damping): Health =>
  health.isFallUnseen ? { ...health, isFallUnseen: false, falls: afterFall(health.falls, now, damping) } : health

/**
 * Health as a new process takes it over: unknown until checks have said so again, for what was written down may be
 * older than what was seen last. What it has ever passed, and how often it fell, is kept.
 */
export const resumed = (health: Health): Health => ({ ...health, state: 'unknown', failing: undefined, passing: 0 })
