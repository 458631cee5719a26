import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Habit, noHabit, patienceOf, withHabit } from '../../src/core/habit.ts'
import { mostAtOnce } from '../../src/core/pacing.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { check } from './samples.ts'

const took = (ms: number): CheckResult => ({ kind: 'ok', startedAt: 1_000, finishedAt: 1_000 + ms, timing: { totalMs: ms } })
const failed: CheckResult = { kind: 'failed', cause: 'timeout', detail: '', startedAt: 0, finishedAt: 2_000, timing: { totalMs: 2_000 } }
const cannotTell: CheckResult = { kind: 'cannot-tell', cause: 'late', detail: '', startedAt: 0, finishedAt: 10, timing: { totalMs: 10 } }

/** A habit after these passes, with nothing started beside them. */
const after = (...all: readonly number[]): Habit => all.reduce((habit, ms) => withHabit(habit, took(ms), 0, check), noHabit)
const times = (count: number, ms: number): readonly number[] => Array.from({ length: count }, () => ms)
const patience = (habit: Habit): number => Math.round(patienceOf(habit, check))

it.each([
  ['nothing known', after(), Number.POSITIVE_INFINITY],
  ['four passes are no habit', after(...times(4, 10)), Number.POSITIVE_INFINITY],
  ['a server nearby: the floor', after(...times(20, 1)), 25],
  ['one far away that is always as quick: half as long again', after(...times(40, 200)), 300],
  ['one with jitter: four times the spread', after(...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 80 : 120))), 187],
  ['one that takes over a third of its timeout: its silence could hardly be told', after(...times(40, 700)), Number.POSITIVE_INFINITY],
  ['one bad moment among many good ones', after(...times(20, 20), 800), 898],
  ['and eight checks later', after(...times(20, 20), 800, ...times(8, 20)), 322],
])('%s', (_, habit, expected) => {
  expect(patience(habit)).toBe(expected)
})

it('learns nothing from failures, and doubles its patience after checks in vain', () => {
  const habit = after(...times(20, 20))
  const patienceMs = patienceOf(habit, check)
  expect(withHabit(habit, failed, 2, check)).toEqual(habit)
  expect(withHabit(habit, cannotTell, 0, check)).toEqual(habit)
  expect(patienceOf(withHabit(habit, cannotTell, 2, check), check)).toBe(2 * patienceMs)
  expect(withHabit(habit, took(20), 2, check).doublings).toBeCloseTo(1 - 1 / 200)
})

it('forgives a check in vain after a hundred passes for each that a verdict takes', () => {
  const doubled = withHabit(after(...times(20, 20)), cannotTell, 2, check)
  const forgiven = times(200, 20).reduce((habit, ms) => withHabit(habit, took(ms), 0, check), doubled)
  expect({ before: patience(doubled), after: patience(forgiven) }).toEqual({ before: 60, after: 30 })
})

it('starts no more than one check of a hundred in vain in the long run, however the times change', () => {
  const durations = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 40 }),
    fc.array(fc.constantFrom(1, 30, 60, 120, 250, 500, 999), { minLength: 1, maxLength: 40 }),
  )
  fc.assert(
    fc.property(durations, fc.integer({ min: 2, max: 20 }), (pattern, fall) => {
      const rules = { ...check, fall }
      const most = mostAtOnce(rules) - 1
      let habit = noHabit
      let inVain = 0
      const checks = 3_000
      for (let index = 0; index < checks; index += 1) {
        const ms = pattern[index % pattern.length] ?? 0
        const beside = ms > patienceOf(habit, rules) ? most : 0
        inVain += beside
        habit = withHabit(habit, took(ms), beside, rules)
      }
      // The least patience can be doubled so often until it is past half of the timeout.
      const atFirst = (Math.log2(1_000 / 25) + 1) * most
      expect(inVain).toBeLessThanOrEqual(atFirst + checks / 100)
    }),
    { numRuns: 40 },
  )
})
