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

it('makes more in a turn where others take long, but not for longer than a twentieth of a second', async () => {
  for (const { othersMs, most } of [{ othersMs: 0, most: 5 }, { othersMs: 80, most: 20 }, { othersMs: 10_000, most: 50 }]) {
    let now = 0
    let made = 0
    const turns: number[] = []
    const work = { isOver: false }
    const others = async (): Promise<void> => {
      for (let before = 0; !work.isOver; before = made) {
        // oxlint-disable-next-line no-await-in-loop
        await nextTurn()
        now += othersMs
        turns.push(made - before)
      }
    }
    const watching = others()
    const make = (): void => {
      now += 1
      made += 1
    }
    // oxlint-disable-next-line no-await-in-loop
    await inTurns(Array.from({ length: 200 }), make, () => now)
    work.isOver = true
    // oxlint-disable-next-line no-await-in-loop
    await watching
    expect({ othersMs, made, most: Math.max(...turns) }).toEqual({ othersMs, made: 200, most })
  }
})
