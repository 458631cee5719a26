import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextTurn, phaseOf } from '../../src/core/turns.ts'

it.each([
  [0, 5_000, 0, 5_000],
  [4_999, 5_000, 0, 5_000],
  [5_000, 5_000, 0, 10_000],
  [0, 5_000, 0.5, 2_500],
  [2_500, 5_000, 0.5, 7_500],
  [-1, 5_000, 0, 0],
])('after %i, every %i at phase %d: %i', (now, everyMs, phase, expected) => {
  expect(nextTurn(now, everyMs, phase)).toBe(expected)
})

it('is the next turn: after now, no later than one interval, and the same for every moment before it', () => {
  const now = fc.integer({ min: 0, max: 1e9 })
  fc.assert(
    fc.property(now, fc.integer({ min: 100, max: 3_600_000 }), fc.integer({ min: 0, max: 63 }), (at, everyMs, eighths) => {
      const next = nextTurn(at, everyMs, eighths / 64)
      expect(next).toBeGreaterThan(at)
      expect(next).toBeLessThanOrEqual(at + everyMs)
      expect(nextTurn((at + next) / 2, everyMs, eighths / 64)).toBe(next)
    }),
  )
})

it('gives a text always the same phase, and different texts different ones', () => {
  expect([phaseOf(''), phaseOf('a')]).toEqual([0x81_1c_9d_c5 / 2 ** 32, 0xe4_0c_29_2c / 2 ** 32])
  const phases = Array.from({ length: 256 }, (_, index) => phaseOf(`failover.example.com 192.0.2.${index}`))
  expect(new Set(phases).size).toBe(256)
  expect(phases.every((phase) => phase >= 0 && phase < 1)).toBe(true)
})

it('is the one after a turn that has come, though a sum of fractions is a hair short of that', () => {
  const now = 261_831.095_515_517_5
  expect(nextTurn(now, 1_000, phaseOf('site 26670'))).toBeCloseTo(now + 1_000, 6)
})
