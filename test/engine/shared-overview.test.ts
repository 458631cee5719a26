import { expect, it } from 'vitest'
import { createSharedOverview } from '../../src/engine/shared-overview.ts'

/** Takes as long as the test lets it. */
const bench = () => {
  const world = { now: 0, begun: 0, finish: (): void => undefined, fail: (): void => undefined, wake: (): void => undefined, pauses: [] as number[] }
  const ask = createSharedOverview(
    () => {
      world.begun += 1
      const own = world.begun
      return new Promise<number>((resolve, reject) => {
        world.finish = () => resolve(own)
        world.fail = () => reject(new Error('a fault'))
      })
    },
    () => world.now,
    (ms) => {
      world.pauses.push(ms)
      return new Promise<void>((resolve) => (world.wake = resolve))
    },
  )
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return { world, ask, settle }
}

it('gives everybody what was begun after they asked, made once for all who wait', async () => {
  const { world, ask, settle } = bench()
  const first = ask()
  const others = [ask(), ask(), ask()]
  expect(world.begun).toBe(1)
  world.now = 100
  world.finish()
  expect(await first).toBe(1)
  await settle()
  expect([world.begun, world.pauses]).toEqual([1, [300]])
  others.push(ask())
  world.now = 400
  world.wake()
  await settle()
  expect(world.begun).toBe(2)
  const late = ask()
  world.finish()
  expect(await Promise.all(others)).toEqual([2, 2, 2, 2])
  await settle()
  world.wake()
  await settle()
  world.finish()
  expect(await late).toBe(3)
})

it('keeps nobody waiting where it has cost nothing, or is long past', async () => {
  const { world, ask } = bench()
  for (let round = 1; round <= 3; round += 1) {
    const asked = ask()
    world.finish()
    // oxlint-disable-next-line no-await-in-loop
    expect(await asked).toBe(round)
  }
  const slow = ask()
  world.now = 5_000
  world.finish()
  await slow
  world.now = 7_000
  void ask()
  expect([world.begun, world.pauses]).toEqual([5, []])
})

it('pauses for two seconds at most, and goes on after a fault', async () => {
  const { world, ask, settle } = bench()
  const first = ask()
  const next = ask()
  world.now = 5_000
  world.fail()
  await expect(first).rejects.toThrow('a fault')
  await settle()
  expect(world.pauses).toEqual([2_000])
  world.now = 7_000
  world.wake()
  await settle()
  world.finish()
  expect(await next).toBe(2)
})
