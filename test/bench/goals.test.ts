import { expect, test } from 'vitest'
import { goalText, judge } from './goals.ts'

const text = (value: number): string => `${value} s`

test('a goal that is met names what comes nearest to missing it', () => {
  const goal = judge('quick', [{ of: 'killed', measured: 1, most: 4 }, { of: 'frozen', measured: 3, most: 4 }, { of: 'body', measured: 2, most: Number.POSITIVE_INFINITY }], text)
  expect(goal).toEqual({ goal: 'quick', isMet: true, says: 'met; nearest to it is frozen: 3 s of at most 4 s' })
  expect(goalText(goal)).toBe('- quick: met; nearest to it is frozen: 3 s of at most 4 s.\n')
})

test('one that is not says all that is beyond it, the worst first, and by how much', () => {
  const bounds = [{ of: 'killed', measured: 5, most: 4 }, { of: 'frozen', measured: 9, most: 4 }, { of: 'body', measured: Number.POSITIVE_INFINITY, most: 4 }, { of: 'drip', measured: 4, most: 4 }]
  expect(judge('quick', bounds, text).says).toBe('not met in 3 of 4: body: Infinity s instead of at most 4 s; frozen: 9 s instead of at most 4 s, 5 s too much; killed: 5 s instead of at most 4 s, 1 s too much')
})

test('nothing measured meets no goal', () => {
  expect(judge('quick', [], text)).toEqual({ goal: 'quick', isMet: false, says: 'not measured' })
})
