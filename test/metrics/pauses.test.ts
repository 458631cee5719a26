import { expect, it } from 'vitest'
import { createPauses } from '../../src/metrics/pauses.ts'

it('lets others go on after 5 ms of work, and no sooner', async () => {
  let now = 0
  const pause = createPauses(() => now)
  const turns: string[] = []
  const others = (name: string): void => void setImmediate(() => turns.push(name))
  others('a')
  now = 4.9
  await pause()
  expect(turns).toEqual([])
  now = 5
  await pause()
  expect(turns).toEqual(['a'])
  others('b')
  now = 9.9
  await pause()
  expect(turns).toEqual(['a'])
})
