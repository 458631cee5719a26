import { expect, it } from 'vitest'
import { momentsAhead } from '../../src/core/moments-ahead.ts'
import { unknownHealth } from '../../src/core/health.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { createWake } from '../../src/engine/wake.ts'
import { policy, v4 } from '../core/samples.ts'
import { createVirtualTime, processClock } from '../simulation/virtual-time.ts'
import { makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const hour = minutes(60)

it('calls at the first moment that is ahead, once, and forgets what was asked for before', async () => {
  const time = createVirtualTime()
  const life = new AbortController()
  const called: number[] = []
  const wake = createWake(processClock(time, 0, () => 0), () => called.push(time.now()), life.signal)
  await time.runUntil(100)
  wake([undefined, 50, 400, 300, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])
  await time.runUntil(250)
  wake([500, 900])
  await time.runUntil(600)
  wake([50])
  wake([900])
  wake([])
  await time.runUntil(1_000)
  wake([1_100])
  life.abort()
  await time.runUntil(2_000)
  expect(called).toEqual([500])
})

it('knows when waits and removals end', () => {
  const health = { ...unknownHealth('check-1', 0), state: 'up' as const }
  const state = { health: { [msk]: { ...health, readmitAt: 70 }, [ams]: { ...health, state: 'down' as const, readmitAt: 90 } }, removals: [{ address: ams, at: 5, isUncertain: false }, { address: msk, at: 6, isUncertain: true }] }
  expect(momentsAhead({ policy }, state)).toEqual([70, 5 + policy.budgetWindowMs, 10_006, 10_006 + policy.budgetWindowMs])
})

it('publishes what waits for re-admission when its wait is over, not at the next tick', async () => {
  const bench = makeBench()
  void runSite(siteOf({ msk, ams }), bench.ports, { ...timing, tickMs: hour, resolveMs: hour, auditMs: hour }, new AbortController().signal)
  const { time, world } = bench
  await time.runUntil(minutes(1))
  for (let fall = 0; fall < 2; fall += 1) {
    world.dead.add(ams)
    await time.runUntil(time.now() + 20_000)
    world.dead.delete(ams)
    await time.runUntil(time.now() + 20_000)
  }
  const readmitAt = bench.saved()?.health[ams]?.readmitAt ?? 0
  expect(readmitAt).toBeGreaterThan(time.now())
  await time.runUntil(minutes(5))
  // A reading, and the write.
  expect(bench.history.at(-1)).toEqual({ at: readmitAt + 40, values: [msk, ams] })
})
