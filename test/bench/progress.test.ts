import { expect, test } from 'vitest'
import { makeProgress } from './progress.ts'

test('says every half minute how much is left, and nothing at the end', () => {
  const said: string[] = []
  let now = 0
  const progress = makeProgress('withdraw', 10, () => now, (text) => said.push(text))
  for (const at of [10_000, 40_000, 60_000, 80_000]) {
    now = at
    progress.done(1)
  }
  now = 600_000
  progress.done(6)
  expect(said).toEqual(['bench: withdraw: 20 % done, about 3 min left\n', 'bench: withdraw: 40 % done, about 2 min left\n'])
})
