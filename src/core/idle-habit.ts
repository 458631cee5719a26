/** How long a server lets an idle connection be, as far as is known. All times in milliseconds. */
export interface IdleHabit {
  /** It has closed one that had been idle for so long, which may have been a restart; undefined: it has closed none. */
  readonly suspectedMs: number | undefined
  /** It closes them after so long; undefined: it is not known to. */
  readonly closesAfterMs: number | undefined
  /** Whether that still holds is tried out from then on. */
  readonly trialAt: number
  /** From a trial, or what was learned without one, to the next. */
  readonly trialPauseMs: number
}

const firstPauseMs = 60_000
const longestPauseMs = 6 * 3_600_000

/** Ours is closed that much ahead of the server: a share of its time, for what the network adds, and never less than this. */
const aheadShare = 0.05
const leastAheadMs = 100

/** A connection that may not be idle for longer is not worth holding: such a server closes after each answer. */
const leastWorthMs = 250

export const noIdleHabit: IdleHabit = { suspectedMs: undefined, closesAfterMs: undefined, trialAt: 0, trialPauseMs: firstPauseMs }

const aheadOf = (closesAfterMs: number): number => {
  const ms = closesAfterMs - Math.max(leastAheadMs, closesAfterMs * aheadShare)
  return ms < leastWorthMs ? 0 : ms
}

export const isTrialDue = (habit: IdleHabit, now: number): boolean => habit.closesAfterMs !== undefined && now >= habit.trialAt

/** How long a connection may be held idle from `now` on: 0 for not at all, infinity for as long as it lasts. `saysMs`: what the server says itself. */
export const holdMs = (habit: IdleHabit, saysMs: number | undefined, now: number): number =>
  Math.min(
    habit.closesAfterMs === undefined || isTrialDue(habit, now) ? Number.POSITIVE_INFINITY : aheadOf(habit.closesAfterMs),
    saysMs === undefined ? Number.POSITIVE_INFINITY : aheadOf(saysMs),
  )

const closesAfter = (habit: IdleHabit, suspectedMs: number, idleMs: number, now: number): number => {
  if (habit.closesAfterMs === undefined) return Math.max(suspectedMs, idleMs)
  return isTrialDue(habit, now) ? idleMs : Math.min(habit.closesAfterMs, idleMs)
}

/**
 * The server closed a connection that had been idle for `idleMs`, and goes on answering. Once may have been a restart; the second time in a row it is
 * believed. It is tried out again after a minute, and each time that it proves true after twice as long. That is also what
 * bounds the checks that a server can bring about by closing.
 */
export const withClosed = (habit: IdleHabit, idleMs: number, now: number): IdleHabit => {
  const { suspectedMs } = habit
  if (suspectedMs === undefined) return { ...habit, suspectedMs: idleMs }
  return {
    suspectedMs,
    closesAfterMs: closesAfter(habit, suspectedMs, idleMs, now),
    trialAt: now + habit.trialPauseMs,
    trialPauseMs: Math.min(longestPauseMs, 2 * habit.trialPauseMs),
  }
}

/** A connection was still open when it had been idle for `idleMs`: whoever closed earlier than that no longer does. */
export const withOutlived = (habit: IdleHabit, idleMs: number): IdleHabit =>
  habit.suspectedMs === undefined || idleMs <= (habit.closesAfterMs ?? habit.suspectedMs) ? habit : noIdleHabit
