import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CheckSums, checkSum, noChecks, sumsOf } from '../../src/history/check-sums.ts'
import { decodeSums } from '../../src/history/decode-sums.ts'
import { latencyOf, latencySum, noLatency, quantile } from '../../src/history/latency.ts'
import { failed, passed } from './samples.ts'

const checks = fc.array(fc.oneof(fc.integer({ min: 3, max: 40_000 }).map(passed), fc.constant(failed())), { maxLength: 30 })
const summed = (all: readonly CheckSums[]): CheckSums => all.reduce(checkSum, noChecks)

it('adds up to the same whatever is summed first, and through the file', () => {
  fc.assert(
    fc.property(checks, checks, (some, others) => {
      const whole = summed([...some, ...others].map(sumsOf))
      const parts = checkSum(summed(others.map(sumsOf)), decodeSums(JSON.stringify(summed(some.map(sumsOf)))))
      expect(parts).toEqual(whole)
      expect(whole.ok + whole.failed).toBe(some.length + others.length)
    }),
  )
})

it('tells a quantile to within its bucket', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.95), (times, share) => {
      const sorted = times.toSorted((a, b) => a - b)
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
      const all = times.map(latencyOf).reduce(latencySum, noLatency)
      const told = quantile(all, share) ?? Number.NaN
      const bucketOf = (ms: number): number => latencyOf(ms).buckets.length
      expect(told).toBeGreaterThanOrEqual(all.minMs)
      expect(told).toBeLessThanOrEqual(all.maxMs)
      expect(Math.abs(bucketOf(told) - bucketOf(exact))).toBeLessThanOrEqual(1)
    }),
  )
})

it.each([
  [[10], 0.5, 10],
  [[0, 0, 0], 0.95, 0],
  [[100_000], 0.95, 100_000],
  [[1, 1, 1, 1, 1, 1, 1, 1, 1, 400], 0.5, 1],
] as const)('of %j the quantile %d is %d', (times, share, ms) => {
  expect(quantile(times.map(latencyOf).reduce(latencySum, noLatency), share)).toBe(ms)
})

it('has no quantile of nothing, and takes damaged sums for none', () => {
  expect(quantile(noLatency, 0.5)).toBeNull()
  for (const text of ['', '{', '[]', '{"ok":"1"}', 'null']) expect(decodeSums(text)).toEqual(noChecks)
})
