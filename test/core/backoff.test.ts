import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs } from '../../src/core/backoff.ts'

it.each([
  [1, 0, undefined, 500],
  [1, 0.5, undefined, 750],
  [2, 0, undefined, 1_000],
  [3, 0, undefined, 2_000],
  [7, 0, undefined, 30_000],
  [7, 0.9999, undefined, 59_997],
  [1_000, 0, undefined, 30_000],
  [1, 0, 10_000, 10_000],
  [1, 0, 100, 500],
  [1, 0, 3_600_000, 300_000],
])('after %i failures, random %d, asked to wait %j: %i ms', (failures, random, retryAfterMs, expected) => {
  expect(backoffMs(failures, random, retryAfterMs)).toBe(expected)
})

it('stays between half a second and five minutes, and honours what is asked within these', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), random, fc.option(fc.nat({ max: 1e7 }), { nil: undefined }), (failures, at, asked) => {
      const wait = backoffMs(failures, at, asked)
      expect(wait).toBeGreaterThanOrEqual(Math.max(500, Math.min(asked ?? 0, 300_000)))
      expect(wait).toBeLessThanOrEqual(300_000)
    }),
  )
})
