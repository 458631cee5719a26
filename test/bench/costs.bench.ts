import { setMaxListeners } from 'node:events'
import { expect, it } from 'vitest'
import { main, named, v4 } from '../core/samples.ts'
import { makeBench, siteOf, timing } from '../engine/bench.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { inTurns } from '../../src/engine/in-turns.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { siteSummary } from '../../src/engine/site-summary.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { isShort } from './bench-size.ts'
import { quantile } from './lateness.ts'

const count = isShort ? 50 : 1000

/** Milliseconds: the middle of several times. */
const costOf = async (times: number, work: () => unknown, between: () => Promise<unknown> = async () => undefined): Promise<number> => {
  const took: number[] = []
  for (let run = 0; run < times; run += 1) {
    // One after the other: each is measured on its own.
    // oxlint-disable-next-line no-await-in-loop
    await between()
    const startedAt = performance.now()
    // oxlint-disable-next-line no-await-in-loop
    await work()
    took.push(performance.now() - startedAt)
  }
  return quantile(took, 0.5)
}

const say = (what: string, ms: number): void => void process.stdout.write(`${what.padEnd(48)} ${ms.toFixed(3)} ms\n`)

it('what it costs to decide, to show and to count', async () => {
  const bench = makeBench()
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const lives: LiveSite[] = []
  const metrics = createMetrics({ version: 'bench', views: () => inTurns(lives, (live) => live.view()), pulses: () => [], now: () => performance.now(), wallNow: Date.now })
  const ports = { ...bench.ports, report: metrics.event }
  const running = Array.from({ length: count }, (_, index) => {
    const name = index === 0 ? main : named(`site${index}.example.com`)
    const site = siteOf({ msk: v4(1), ams: v4(2) }, { name, names: [name] })
    return runSite(site, ports, timing, stop.signal, { attach: (live) => void lives.push(live) })
  })
  await bench.time.runUntil(20_000)
  expect(lives).toHaveLength(count)
  const [first] = lives
  if (first === undefined) throw new Error('no site')
  const later = (): Promise<void> => bench.time.runUntil(bench.time.now() + 150)

  const decision = await costOf(2000, () => first.planUnder((orders) => orders))
  const view = await costOf(15, () => first.view(), later)
  const again = await costOf(2000, () => first.view())
  const all = await costOf(8, () => lives.map((live) => live.view()), later)
  const told = await costOf(20, () => JSON.stringify(lives.map((live) => live.view())))
  const counted = await costOf(5, () => metrics.render(), () => new Promise((resolve) => setTimeout(resolve, 1100)))
  const overview = await costOf(8, () => inTurns(lives, (live) => siteSummary(live.view())), later)
  const overviewBytes = JSON.stringify(lives.map((live) => siteSummary(live.view()))).length
  say('one decision', decision)
  say(`one view (${(view / decision).toFixed(1)} decisions)`, view)
  say('the same view again', again)
  say(`${count} views (${(all / view).toFixed(0)} times one)`, all)
  say(`${count} views as JSON, made already`, told)
  say(`the metrics of ${count} sites, in pieces`, counted)
  say(`the overview of ${count} sites, in pieces, ${Math.round(overviewBytes / 1024)} KiB`, overview)
  stop.abort()
  await bench.time.runUntil(bench.time.now() + 5000)
  await Promise.all(running)
  await metrics.render()
  expect(again).toBeLessThan(view)
})
