import { expect, it } from 'vitest'
import type { NewWord } from '../../src/core/word.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { check, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const word: NewWord = { source: 'kuma', monitor: 'one', region: 'msk', opinion: 'down', detail: '', eventAt: 0, forMs: 60_000 }

interface Hinted extends Bench {
  hint(): void
  /** When each check of msk began, from now on. */
  readonly begun: readonly number[]
  until(ms: number): Promise<void>
  stop(): void
}

/** A site whose regular checks are a day apart, some minutes after its start. */
const watched = async (everyMs: number): Promise<Hinted> => {
  const bench = makeBench()
  const begun: number[] = []
  const stop = new AbortController()
  let live: LiveSite | undefined
  const checker: typeof bench.ports.checker = {
    check: (request, signal) => {
      if (request.address === msk) begun.push(bench.time.now())
      return bench.ports.checker.check(request, signal)
    },
  }
  const site = siteOf({ msk, ams }, { check: { ...check, everyMs } })
  void runSite(site, { ...bench.ports, checker }, timing, stop.signal, { attach: (attached) => void (live = attached) })
  await bench.time.runUntil(minutes(3))
  begun.length = 0
  return { ...bench, begun, hint: () => void live?.hear(word, 'hint'), until: (ms) => bench.time.runUntil(minutes(3) + ms), stop: () => stop.abort() }
}

const day = 86_400_000
const since = ({ begun }: Hinted): readonly number[] => begun.map((at) => at - minutes(3))

it('checks at the first of a flood of hints at once, and then no more than once a second', async () => {
  const bench = await watched(day)
  for (let each = 0; each < 500; each += 1) bench.hint()
  await bench.until(500)
  for (let each = 0; each < 500; each += 1) bench.hint()
  await bench.until(10_000)
  expect(since(bench)).toEqual([0, 1_000])
  bench.hint()
  await bench.until(20_000)
  expect(since(bench)).toEqual([0, 1_000, 10_000])
  bench.stop()
})

it('loses no hint that comes soon after another: its check runs at the end of the wait, and finds what has changed meanwhile', async () => {
  const bench = await watched(day)
  bench.hint()
  await bench.until(300)
  bench.world.dead.add(msk)
  bench.hint()
  await bench.until(20_000)
  expect(since(bench)[1]).toBe(1_000)
  expect(bench.told('health').filter(({ at }) => at >= minutes(3)).map((event) => event.kind === 'health' && `${event.address} ${event.to}`)).toEqual([`${msk} down`])
  bench.stop()
})

it('checks again at once when a hint comes while a check runs, whose answer may be older', async () => {
  const bench = await watched(3_000)
  // A regular check of its own begins somewhere in these 3 s, and takes 10 ms.
  let at = 0
  while (bench.begun.length === 0) await bench.until((at += 1))
  const [regular = 0] = since(bench)
  bench.hint()
  await bench.until(regular + 500)
  expect(since(bench)).toEqual([regular, regular + 10])
  bench.stop()
})

it('lets monitors bring checks about as often as they come by themselves, where that is more often', async () => {
  const bench = await watched(200)
  const regular = async (from: number): Promise<number> => {
    await bench.until(from)
    const before = bench.begun.length
    await bench.until(from + 2_000)
    return bench.begun.length - before
  }
  const alone = await regular(0)
  const before = bench.begun.length
  for (let at = 2_000; at < 4_000; at += 10) {
    bench.hint()
    await bench.until(at + 10)
  }
  expect(bench.begun.length - before).toBeLessThanOrEqual(2 * alone + 1)
  bench.stop()
})
