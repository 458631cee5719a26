import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdMs, type IdleHabit, isTrialDue, noIdleHabit, withClosed, withOutlived } from '../../src/core/idle-habit.ts'

const minute = 60_000
const forEver = Number.POSITIVE_INFINITY
const closing = (closesAfterMs: number): IdleHabit => withClosed(withClosed(noIdleHabit, closesAfterMs, 0), closesAfterMs, 0)

describe('an idle connection', () => {
  it('is held for as long as it lasts while nothing is known', () => {
    expect(holdMs(noIdleHabit, undefined, 0)).toBe(forEver)
  })

  it.each([
    [5000, 4750],
    [75_000, 71_250],
    [1000, 900],
    [350, 250],
    [349, 0],
    [0, 0],
  ])('of a server that closes after %d ms is held for %d', (closesAfterMs, expected) => {
    expect(holdMs(closing(closesAfterMs), undefined, 1)).toBe(expected)
    expect(holdMs(noIdleHabit, closesAfterMs, 1)).toBe(expected)
  })

  it('is held for the shorter of what was seen and what the server says', () => {
    const habit = closing(5000)
    expect([holdMs(habit, 2000, 1), holdMs(habit, 60_000, 1)]).toEqual([1900, 4750])
  })
})

describe('what was learned', () => {
  // A server that was restarted, and died a second later, was not seen to die: what it had done once was taken for its habit.
  it('is nothing as long as it was seen once', () => {
    const once = withClosed(noIdleHabit, 10, 0)
    expect(holdMs(once, undefined, 1)).toBe(forEver)
    expect(withOutlived(once, 10)).toBe(once)
    expect(withOutlived(once, 11)).toBe(noIdleHabit)
    expect(withClosed(once, 4000, 0)).toMatchObject({ closesAfterMs: 4000 })
  })

  it('is the shortest time seen, until it is tried out again', () => {
    const first = closing(5000)
    expect(first).toEqual({ suspectedMs: 5000, closesAfterMs: 5000, trialAt: minute, trialPauseMs: 2 * minute })
    expect(withClosed(first, 3000, 10)).toEqual({ suspectedMs: 5000, closesAfterMs: 3000, trialAt: 10 + 2 * minute, trialPauseMs: 4 * minute })
    expect(withClosed(first, 9000, 10)).toMatchObject({ closesAfterMs: 5000 })
    expect(withClosed(first, 9000, minute)).toMatchObject({ closesAfterMs: 9000 })
  })

  it('is forgotten once a connection has lasted longer', () => {
    const habit = closing(5000)
    expect(withOutlived(habit, 5000)).toBe(habit)
    expect(withOutlived(habit, 5001)).toBe(noIdleHabit)
  })

  it('is tried out ever more rarely: a server that closes at will has itself checked some dozen times a day', () => {
    let [habit, closings]: [IdleHabit, number] = [noIdleHabit, 0]
    for (let now = 0; now < 86_400_000; now += 1000) {
      if (holdMs(habit, undefined, now) < 10) continue
      habit = withClosed(habit, 10, now)
      closings += 1
    }
    expect(closings).toBe(13)
  })

  it('is never tried sooner than a minute after it was learned', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ idleMs: fc.nat(100_000), after: fc.nat(10 * minute) }), { minLength: 1 }), (closings) => {
        let [habit, now]: [IdleHabit, number] = [closing(100_000), 0]
        for (const { idleMs, after } of closings) {
          now += after
          habit = withClosed(habit, idleMs, now)
          expect(isTrialDue(habit, now + minute - 1)).toBe(false)
        }
      }),
    )
  })
})
