import { expect, it } from 'vitest'
import { budgetLeft, countedRemovals, type Removal } from '../../src/core/budget.ts'
import { v4 } from './samples.ts'

const removal = (number: number, at: number, isUncertain = false): Removal => ({ address: v4(number), at, isUncertain })

it.each([
  [0, 0, 0],
  [1, 0, 1],
  [2, 0, 1],
  [3, 0, 2],
  [4, 1, 1],
  [5, 3, 0],
  [2, 2, 0],
])('of %i addresses, %i removed: %i more may go', (addresses, count, expected) => {
  expect(budgetLeft(addresses, Array.from({ length: count }, (_, index) => removal(index, 0)))).toBe(expected)
})

it.each<readonly [string, Removal, number, boolean]>([
  ['one within the window', removal(1, 1), 300_000, true],
  ['one as old as the window', removal(1, 0), 300_000, false],
  ['one that came back', removal(9, 0), 1, false],
  ['one that is there still, but whose write may yet happen', removal(9, 0, true), 9_999, true],
  ['one whose write did not happen', removal(9, 0, true), 10_000, false],
  ['one whose write happened, though nobody said so', removal(1, 0, true), 10_000, true],
  ['one whose write may have happened after its decision', removal(1, 0, true), 309_999, true],
  ['one whose write must have happened a window ago', removal(1, 0, true), 310_000, false],
])('counts %s', (_, one, now, expected) => {
  expect(countedRemovals([one], new Set([v4(9)]), 300_000, now)).toEqual(expected ? [one] : [])
})
