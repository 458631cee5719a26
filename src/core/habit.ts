import { mostAtOnce } from './pacing.ts'
import type { CheckResult } from './result.ts'
import type { HealthCheck } from './site.ts'

/** What a check of one address usually takes, learned from those that passed. Milliseconds. */
export interface Habit {
  /** Passes that it was learned from. */
  readonly passes: number
  readonly usualMs: number
  /** By how much they differ from that, on the mean. */
  readonly spreadMs: number
  /** How often patience has been doubled because it ended in vain; forgiven bit by bit. */
  readonly doublings: number
}

export const noHabit: Habit = { passes: 0, usualMs: 0, spreadMs: 0, doublings: 0 }

/** Fewer passes are no habit yet. */
const leastPasses = 5

/** A busy machine alone makes a check take so much longer. */
const leastPatienceMs = 25

/** So many passes with nothing amiss make up for one check that was started in vain. */
const passesPerNeedless = 100

/**
 * After how many milliseconds a running check counts as running well past what is usual for its address: past four times the usual
 * spread, and past half as long again. Infinite while that is not known, and where it would be more than half of the timeout: a server that
 * is usually so slow has enough to do, and its silence can hardly be told from its slowness.
 */
export const patienceOf = ({ passes, usualMs, spreadMs, doublings }: Habit, check: Pick<HealthCheck, 'bounds'>): number => {
  if (passes < leastPasses) return Number.POSITIVE_INFINITY
  const patienceMs = Math.max(leastPatienceMs, usualMs + 4 * Math.max(spreadMs, usualMs / 8)) * 2 ** doublings
  return patienceMs > check.bounds.totalMs / 2 ? Number.POSITIVE_INFINITY : patienceMs
}

/** A moving mean and its deviation, as TCP has them of its round trips (RFC 6298, section 2). */
const withPass = (habit: Habit, tookMs: number): Habit =>
  habit.passes === 0
    ? { ...habit, passes: 1, usualMs: tookMs, spreadMs: tookMs / 2 }
    : {
        ...habit,
        passes: habit.passes + 1,
        usualMs: habit.usualMs + (tookMs - habit.usualMs) / 8,
        spreadMs: habit.spreadMs + (Math.abs(tookMs - habit.usualMs) - habit.spreadMs) / 4,
      }

/**
 * One check more, and how many were started beside it because it ran past the patience. Unless it failed they were in vain, and patience
 * doubles: in the long run no more than one check of a hundred is, whatever an address does.
 */
export const withHabit = (habit: Habit, result: CheckResult, beside: number, check: Pick<HealthCheck, 'fall'>): Habit => {
  if (result.kind === 'failed') return habit
  const doublings = habit.doublings + (beside > 0 ? 1 : 0)
  if (result.kind === 'cannot-tell') return { ...habit, doublings }
  const forgiven = Math.max(0, doublings - 1 / (passesPerNeedless * Math.max(1, mostAtOnce(check) - 1)))
  return withPass({ ...habit, doublings: forgiven }, result.finishedAt - result.startedAt)
}
