import { expect, it } from 'vitest'
import { budgetLeft, countedRemovals } from '../../src/core/budget.ts'
import { v4 } from './samples.ts'

it.each([
  [0, 0, 0],
  [1, 0, 1],
  [2, 0, 1],
  [3, 0, 2],
  [4, 1, 1],
  [5, 3, 0],
  [2, 2, 0],
])('of %i addresses, %i removed: %i more may go', (addresses, count, expected) => {
  const removals = Array.from({ length: count }, (_, index) => ({ address: v4(index), at: 0 }))
  expect(budgetLeft(addresses, removals)).toBe(expected)
})

it('counts removals within the window that have not come back', () => {
  const removals = [
    { address: v4(1), at: 0 },
    { address: v4(2), at: 1 },
    { address: v4(3), at: 200 },
  ]
  expect(countedRemovals(removals, new Set([v4(3)]), 300, 300)).toEqual([{ address: v4(2), at: 1 }])
  expect(countedRemovals(removals, new Set(), 300, 200)).toEqual(removals)
})
