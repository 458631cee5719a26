import { setMaxListeners } from 'node:events'
import { expect, it } from 'vitest'
import { runSite } from '../../src/engine/run-site.ts'
import { named, v4 } from '../core/samples.ts'
import { makeBench, siteOf, timing } from './bench.ts'

it('does not let all sites act at the same moment, though they began together', async () => {
  const bench = makeBench()
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const loads: number[] = []
  const orders = { load: async (site: string) => (loads.push(bench.time.now()), bench.ports.orders.load(site)) }
  const sites = Array.from({ length: 50 }, (_, index) => named(`site${index}.example.com`))
  const running = sites.map((name) => runSite(siteOf({ msk: v4(1), ams: v4(2) }, { name, names: [name] }), { ...bench.ports, orders }, timing, stop.signal, { isSpread: true }))
  await bench.time.runUntil(10_000)
  loads.length = 0
  await bench.time.runUntil(20_000)
  const slots = new Map<number, number>()
  for (const at of loads) slots.set(Math.floor((at % 1000) / 100), (slots.get(Math.floor((at % 1000) / 100)) ?? 0) + 1)
  expect(loads.length).toBeGreaterThanOrEqual(500)
  expect(Math.max(...slots.values())).toBeLessThan(loads.length / 4)
  stop.abort()
  await bench.time.runUntil(25_000)
  await Promise.all(running)
})
