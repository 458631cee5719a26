import { expect, it } from 'vitest'
import { phaseOf } from '../../src/core/turns.ts'
import { type Arrival, latenessOf, quantile } from './lateness.ts'

const addresses = Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 1}`)
const skew = 123_456.7

/** Checks of 20 addresses over 10 turns of a second; `lateBy` milliseconds, undefined: the turn is missed. */
const checks = (lateBy: (address: number, turn: number) => number | undefined): readonly Arrival[] =>
  addresses.flatMap((address, index) =>
    Array.from({ length: 10 }, (_, turn): Arrival[] => {
      const late = lateBy(index, turn)
      return late === undefined ? [] : [{ site: 'a.test', address, at: skew + (turn + phaseOf(`a.test ${address}`)) * 1000 + late }]
    }).flat(),
  )

const rounded = (arrivals: readonly Arrival[]) => {
  const { p50, p99, max, ...counts } = latenessOf(arrivals, 1000)
  return { ...counts, p50: Math.round(p50), p99: Math.round(p99), max: Math.round(max) }
}

it('tells lateness without knowing the clock of who checks', () => {
  expect(rounded(checks(() => 3))).toEqual({ count: 200, missed: 0, p50: 0, p99: 0, max: 0 })
  expect(rounded(checks((address, turn) => (address === 0 && turn === 5 ? 300 : 2)))).toEqual({ count: 200, missed: 0, p50: 0, p99: 0, max: 298 })
  expect(rounded(checks((address, turn) => (turn === 5 && address < 3 ? 300 : 2)))).toMatchObject({ p99: 298 })
})

it('counts a turn that was missed as a whole interval', () => {
  expect(rounded(checks((address, turn) => (turn === 5 && address < 3 ? undefined : 2)))).toEqual({ count: 197, missed: 3, p50: 0, p99: 1000, max: 1000 })
})

it('gives quantiles', () => {
  expect([quantile([], 0.99), quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1)]).toEqual([0, 2, 3])
})
