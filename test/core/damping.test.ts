import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { afterFall, type Falls, noFalls, waitAfter } from '../../src/core/damping.ts'

const damping = { baseMs: 60_000, maxMs: 600_000, halfLifeMs: 600_000 }

const fallen = (times: number, at = 0): Falls => Array.from({ length: times }).reduce<Falls>((falls) => afterFall(falls, at, damping), noFalls)

it.each([
  [0, 0],
  [1, 0],
  [2, 60_000],
  [3, 120_000],
  [4, 240_000],
  [5, 480_000],
  [6, 600_000],
  [50, 600_000],
])('after %i falls at once the wait is %i ms', (times, expected) => {
  expect(waitAfter(fallen(times), 0, damping)).toBe(expected)
})

it('halves its memory in a half-life', () => {
  expect(afterFall(fallen(2), 600_000, damping)).toEqual({ weight: 2, at: 600_000 })
  expect(waitAfter(fallen(4), 600_000, damping)).toBe(60_000)
  expect(waitAfter(fallen(2), 600_000, damping)).toBe(0)
})

it('takes a clock that went back as no time at all', () => {
  expect(afterFall({ weight: 1, at: 1_000 }, 0, damping)).toEqual({ weight: 2, at: 0 })
})

it('never waits longer than the cap, never less for one fall more, never more for waiting', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), fc.integer({ min: 0, max: 1e7 }), (weight, now) => {
      const falls = { weight, at: 0 }
      const wait = waitAfter(falls, now, damping)
      expect(wait).toBeLessThanOrEqual(damping.maxMs)
      expect(waitAfter(afterFall(falls, now, damping), now, damping)).toBeGreaterThanOrEqual(wait)
      expect(waitAfter(falls, now + 1, damping)).toBeLessThanOrEqual(wait)
    }),
  )
})
