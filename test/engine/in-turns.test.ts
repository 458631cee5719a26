import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inTurns } from '../../src/engine/in-turns.ts'

it('makes all, and never holds others up for more than some milliseconds', async () => {
  let now = 0
  const work = { isOver: false }
  let made = 0
  const turns: number[] = []
  const others = async (): Promise<void> => {
    for (let before = 0; !work.isOver; before = made) {
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn()
      turns.push(made - before)
    }
  }
  const watching = others()
  const make = (each: number): number => {
    now += 2
    made += 1
    return each * 10
  }
  expect(await inTurns([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], make, () => now)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
  work.isOver = true
  await watching
  expect(Math.max(...turns)).toBe(3)
})
