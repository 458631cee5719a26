import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Site } from '../../src/core/site.ts'
import { runOnce } from '../../src/engine/once.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { check, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const timeoutMs = check.bounds.totalMs
/** What checks of 10 ms are worth: the least patience. */
const patienceMs = 25

interface Silenced extends Bench {
  /** When each check of an address began and ended, from minute 3 on; relative to the first of them. */
  begun(address: Address): readonly number[]
  /** The most that were under way at once for one address. */
  most(): number
  until(ms: number): Promise<void>
  /** When msk went down and ams was published alone, relative to the first check that msk did not answer. */
  outAfter(): number | undefined
  stop(): Promise<void>
}

/** A site that is watched for three minutes, and then goes on. */
const watched = async (changes: Partial<Site['check']> = {}, before?: (bench: Bench) => void): Promise<Silenced> => {
  const bench = makeBench()
  before?.(bench)
  const begun: { address: Address; at: number }[] = []
  const underway = new Map<Address, number>()
  const stop = new AbortController()
  let most = 0
  const checker: typeof bench.ports.checker = {
    check: async (request, signal) => {
      const { address } = request
      begun.push({ address, at: bench.time.now() })
      const count = (underway.get(address) ?? 0) + 1
      underway.set(address, count)
      most = Math.max(most, count)
      const result = await bench.ports.checker.check(request, signal)
      underway.set(address, (underway.get(address) ?? 1) - 1)
      return result
    },
  }
  const running = runSite(siteOf({ msk, ams }, { check: { ...check, ...changes } }), { ...bench.ports, checker }, timing, stop.signal)
  await bench.time.runUntil(minutes(3))
  begun.length = 0
  bench.history.length = 0
  most = 0
  const since = (): number => begun.find(({ address }) => address === msk)?.at ?? 0
  return {
    ...bench,
    begun: (address) => begun.filter((each) => each.address === address).map(({ at }) => at - since()),
    most: () => most,
    until: (ms) => bench.time.runUntil(minutes(3) + ms),
    outAfter: () => {
      const out = bench.told('health').find((event) => event.kind === 'health' && event.address === msk && event.to === 'down')
      return out === undefined ? undefined : out.at - since()
    },
    stop: async () => {
      stop.abort()
      await bench.time.runUntil(bench.time.now() + 10_000)
      await running
    },
  }
}

describe('a server that answers nothing', () => {
  it.each([
    ['at once', 0, timeoutMs + patienceMs, [0, patienceMs, patienceMs]],
    ['over the span', 1_000, timeoutMs + 1_000, [0, 500, 1_000]],
    ['over a span that is longer than a timeout', 5_000, 5_000 + timeoutMs, [0, 2_500, 5_000]],
  ])('is down after one timeout and what the checks must span: %s', async (_, confirmSpanMs, expected, begun) => {
    const bench = await watched({ confirmSpanMs })
    bench.world.frozen.add(msk)
    await bench.until(20_000)
    expect(bench.outAfter()).toBeCloseTo(expected)
    expect(bench.history.map(({ values }) => values)).toEqual([[ams]])
    for (const [index, at] of begun.entries()) expect(bench.begun(msk)[index]).toBeCloseTo(at)
    expect(bench.told('health')).toHaveLength(3)
    await bench.stop()
  })

  it('is checked by its turns once it is down, one at a time', async () => {
    const bench = await watched({ confirmSpanMs: 0 })
    bench.world.frozen.add(msk)
    await bench.until(10_000)
    expect(bench.most()).toBe(check.fall)
    const before = bench.begun(msk).length
    await bench.until(10_000 + 60_000)
    expect(bench.begun(msk).length - before).toBe(60_000 / check.everyMs)
    await bench.stop()
  })

  it('takes only what is missing after a failure that came at once', async () => {
    const bench = await watched({ confirmSpanMs: 0 })
    bench.world.dead.add(msk)
    // A regular check is refused after 10 ms, and the confirmation is silent.
    while (bench.begun(msk).length < 2) await bench.until(bench.time.now() - minutes(3) + 1)
    bench.world.dead.delete(msk)
    bench.world.frozen.add(msk)
    await bench.until(bench.time.now() - minutes(3) + 10_000)
    const [first, second, third, ...more] = bench.begun(msk)
    expect([first, second]).toEqual([0, 10])
    // The second had begun already; it is refused as well, and one is missing.
    expect(third).toBe(20)
    expect(bench.outAfter()).toBe(20 + timeoutMs)
    expect(more[0]).toBeGreaterThan(timeoutMs)
    await bench.stop()
  })

  it('is noticed as before while nothing is known of its habits', async () => {
    const bench = await watched({ confirmSpanMs: 0, everyMs: 100_000 })
    bench.world.frozen.add(msk)
    await bench.until(200_000)
    expect(bench.outAfter()).toBe(3 * timeoutMs)
    expect(bench.most()).toBe(1)
    await bench.stop()
  })

  it('is not taken for one that is silent for a moment: the second check passes, and counts after the first has failed', async () => {
    const bench = await watched({ confirmSpanMs: 1_000 })
    bench.world.frozen.add(msk)
    while (bench.begun(msk).length < 1) await bench.until(bench.time.now() - minutes(3) + 1)
    bench.world.frozen.delete(msk)
    await bench.until(20_000)
    expect(bench.outAfter()).toBeUndefined()
    expect(bench.history).toEqual([])
    // The first fails at its timeout. The second has passed, and another pass forgives the failure.
    expect(bench.begun(msk).slice(0, 3).map(Math.round)).toEqual([0, 500, timeoutMs])
    await bench.stop()
  })
})

describe('a line that is cut for a moment', () => {
  it('withdraws nobody, for what is asked at the same moment does not answer either', async () => {
    const bench = await watched({ confirmSpanMs: 0 })
    while (bench.begun(msk).length < 1) {
      bench.world.line = 'silent'
      await bench.until(bench.time.now() - minutes(3) + 1)
      if (bench.begun(msk).length < 1) bench.world.line = 'carries'
    }
    // The checks that would confirm the failure begin while the line is still cut, and end long after it is there again.
    await bench.until(bench.time.now() - minutes(3) + patienceMs + 5)
    bench.world.line = 'carries'
    await bench.until(30_000)
    expect(bench.outAfter()).toBeGreaterThan(0)
    expect(bench.history).toEqual([])
    await bench.stop()
  })

  it('withdraws nobody on the word of one whose check takes so long that it began before the cut and ended after it', async () => {
    const bench = await watched({ confirmSpanMs: 0, everyMs: 1_000 }, ({ world }) => {
      world.areNameServersSilent = true
      world.tookMs = (address) => (address === ams ? 1_500 : 10)
    })
    const now = (): number => bench.time.now() - minutes(3)
    const next = async (address: Address): Promise<number> => {
      const { length } = bench.begun(address)
      while (bench.begun(address).length === length) await bench.until(now() + 1)
      return bench.begun(address).at(-1) ?? 0
    }
    // What msk is asked is lost; ams was asked before, and its answer comes when the line is there again.
    const amsAt = await next(ams)
    bench.world.frozen.add(msk)
    const cutAt = await next(msk)
    await bench.until(now() + 100)
    bench.world.frozen.delete(msk)
    await bench.until(now() + 30_000)
    const inCut = bench.begun(msk).filter((at) => at >= cutAt).slice(0, 3)
    expect(inCut.map((at) => Math.round(at - cutAt))).toEqual([0, patienceMs, patienceMs])
    expect(cutAt - amsAt).toBeGreaterThan(0)
    expect(cutAt + 200 - amsAt).toBeLessThan(1_500)
    expect(bench.outAfter()).toBeGreaterThan(cutAt)
    expect(bench.history).toEqual([])
    await bench.stop()
  })
})

it('hardly ever checks in vain, however unsteady an address is', async () => {
  let count = 0
  const bench = await watched({ confirmSpanMs: 0, everyMs: 1_000 }, ({ world }) => {
    // One answer of seven takes 150 ms, one of thirty 400 ms.
    world.tookMs = (address) => {
      if (address === msk) count += 1
      return count % 30 === 0 ? 400 : count % 7 === 0 ? 150 : 10
    }
  })
  await bench.until(1_200_000)
  const inVain = bench.begun(msk).length - 1_200
  expect(inVain).toBeGreaterThan(0)
  expect(inVain).toBeLessThanOrEqual(12 + 12)
  expect(bench.told('health')).toHaveLength(2)
  await bench.stop()
})

it.each([
  [0, 250 + timeoutMs],
  [2_000, 2_000 + timeoutMs],
])('a single run over a silent server takes one timeout and a span of %d ms', async (confirmSpanMs, expected) => {
  const bench = makeBench()
  bench.world.frozen.add(msk)
  const running = runOnce(siteOf({ msk, ams }, { check: { ...check, confirmSpanMs } }), bench.ports, { isDryRun: true, checksMs: 60_000, verifyMs: 1_000 }, new AbortController().signal)
  let endedAt: number | undefined
  void running.then(() => (endedAt = bench.time.now()))
  await bench.time.runUntil(60_000)
  const { tallies } = await running
  expect(tallies.get(msk)).toMatchObject({ failed: check.fall, passed: 0 })
  expect(endedAt).toBeGreaterThanOrEqual(expected)
  expect(endedAt).toBeLessThan(expected + 500)
})
