import { expect, it } from 'vitest'
import { createBudget } from '../../../src/providers/cloudflare/budget.ts'

it('leaves half of what Cloudflare takes in five minutes to withdrawals, and lets reads go on slowly', () => {
  let ms = 0
  const budget = createBudget(() => ms)
  const takeUntilRefused = (purpose: Parameters<typeof budget.take>[0]): number => {
    let taken = 0
    while (budget.take(purpose) === 0) taken += 1
    return taken
  }
  expect(takeUntilRefused('read')).toBe(600)
  expect({ read: budget.take('read'), write: budget.take('write') }).toEqual({ read: 1_000, write: 300_000 })
  ms = 1_000
  expect([budget.take('read'), budget.take('read')]).toEqual([0, 1_000])
  expect(takeUntilRefused('withdrawal')).toBe(599)
  expect({ withdrawal: budget.take('withdrawal'), write: budget.take('write') }).toEqual({ withdrawal: 299_000, write: 300_000 })
  ms = 300_000
  expect([budget.take('withdrawal'), budget.take('write')]).toEqual([0, 1_000])
})
