import type { Address } from '../core/address.ts'
import { holdMs, type IdleHabit, noIdleHabit, withClosed, withOutlived } from '../core/idle-habit.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Watch } from '../engine/ports.ts'
import type { Line } from './line.ts'
import type { Holder, WireRoom } from './wire-room.ts'

/** The line of one address that is held open between its checks. */
export interface Wire extends Holder {
  /** A check begins: what it may go over instead of a fresh connection. That line is the caller's then; any other is closed, for a server may serve only one at a time. */
  take(check: HealthCheck): Line | undefined
  /** A check that began at `startedAt` passed, and leaves its line, if it is good for more. */
  passed(startedAt: number, line: Line | undefined, saysMs: number | undefined): void
  /** A check failed, or could not tell. */
  notPassed(startedAt: number): void
  /** The address is watched no more. */
  end(): void
}

/** What a wire needs of those around it. */
export interface WirePlace extends Omit<WireRoom, 'dropAll'> {
  readonly now: () => number
  readonly wallNow: () => number
}

/** A server that accepts no more connections is noticed no later than so many milliseconds, and a check, after the last fresh one. */
const freshEveryMs = 10_000

/** `always` brings checks forward no more often than this. */
const leastAheadTurnMs = 1_000

/** `setTimeout` turns a longer delay into one millisecond. */
const longestTimerMs = 2 ** 31 - 1

interface Held {
  readonly line: Line
  readonly since: number
  readonly timer: NodeJS.Timeout | undefined
}

/** RFC 9110 section 9.2.2: such a request must not meet a connection that is just being closed, for it would have to be repeated. */
const mayBeRepeated = (method: HealthCheck['method']): boolean => method !== 'POST'

/**
 * What one address's server does with its idle line, and what follows from that: a check, never a verdict. A break is taken for
 * the server's habit only once a check after it has passed.
 */
export const createWire = (watch: Watch, check: HealthCheck, address: Address, place: WirePlace): Wire => {
  const { now } = place
  let habit: IdleHabit = noIdleHabit
  let held: Held | undefined
  let broke: { readonly at: number; readonly idleMs: number } | undefined
  let passes = 0
  let failures = 0
  let underway = 0

  const letGo = (): Held | undefined => {
    const was = held
    if (was === undefined) return undefined
    held = undefined
    clearTimeout(was.timer)
    place.onDrop(wire)
    return was
  }
  /** It was still open: that, too, says something of the server. */
  const takeBack = (): Line | undefined => {
    const was = letGo()
    if (was !== undefined) habit = withOutlived(habit, now() - was.since)
    return was?.line
  }
  const drop = (): boolean => {
    const line = takeBack()
    line?.close()
    return line !== undefined
  }

  const hold = (line: Line, saysMs: number | undefined): void => {
    const since = now()
    const forMs = holdMs(habit, saysMs, since)
    // Another check may be waiting for the very worker that this line keeps.
    if (forMs === 0 || underway > 0 || watch.signal.aborted || !place.mayHold(wire)) return line.close()
    let isLeaving = false
    const leave = (): void => {
      if (check.tripwire !== 'always' || forMs < leastAheadTurnMs) return void drop()
      // This one stays until the check begins.
      isLeaving = true
      watch.checkNow()
    }
    const onBroken = (): void => {
      letGo()?.line.close()
      if (isLeaving) return
      broke = { at: now(), idleMs: now() - since }
      if (check.tripwire !== 'off') watch.checkNow()
    }
    // The server is about to close it: we are ahead of that.
    const timer = forMs <= longestTimerMs ? setTimeout(leave, forMs).unref() : undefined
    held = { line, since, timer }
    // What nobody asked for is no sign of a fault, and nothing to go on with.
    line.hear({ onBytes: () => void drop(), onEnd: onBroken, onError: onBroken })
    line.unref()
    place.onHold(wire)
  }

  const learn = (startedAt: number, hasPassed: boolean): void => {
    if (broke === undefined || startedAt < broke.at) return
    if (hasPassed) habit = withClosed(habit, broke.idleMs, now())
    broke = undefined
  }

  const isGood = (line: Line): boolean => {
    const expiresAt = line.certificate()?.expiresAt
    return now() - line.openedAt < freshEveryMs && (expiresAt === undefined || place.wallNow() < expiresAt)
  }

  const wire: Wire = {
    address,
    check,
    take: (asked) => {
      underway += 1
      if (underway > 1) place.onTrouble(wire)
      const mayRide = asked.connection === 'kept' && mayBeRepeated(asked.method) && passes >= asked.rise
      if (mayRide && held !== undefined && isGood(held.line)) return takeBack()
      drop()
      return undefined
    },
    passed: (startedAt, line, saysMs) => {
      underway -= 1
      passes += 1
      failures = 0
      place.onCalm(wire)
      learn(startedAt, true)
      drop()
      if (line !== undefined) hold(line, saysMs)
    },
    notPassed: (startedAt) => {
      underway -= 1
      passes = 0
      failures += 1
      // One that is down for long keeps nobody else from a wire.
      if (watch.signal.aborted || failures > 2 * check.fall) place.onCalm(wire)
      else place.onTrouble(wire)
      learn(startedAt, false)
      drop()
    },
    drop,
    end: () => {
      drop()
      place.onCalm(wire)
    },
  }
  return wire
}
