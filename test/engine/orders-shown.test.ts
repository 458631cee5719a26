import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { type Order, type Orders, noOrders } from '../../src/core/orders.ts'
import { emptyState } from '../../src/core/site-state.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { createMonitor } from '../../src/engine/monitor.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { keyA, rrset, v4 } from '../core/samples.ts'
import { makeBench, minutes, siteOf, timing } from './bench.ts'

const never = new AbortController().signal

/** How regions are shown after some minutes under these orders. */
const shown = async (regions: Readonly<Record<string, Address>>, ordersFrom: (order: Order) => Orders) => {
  const bench = makeBench()
  let live: LiveSite | undefined
  void runSite(siteOf(regions), bench.ports, timing, never, { attach: (attached) => void (live = attached) })
  await bench.time.runUntil(minutes(1))
  bench.world.orders = ordersFrom({ since: bench.ports.clock.wallNow(), until: undefined, reason: 'a move', by: 'eve' })
  await bench.time.runUntil(minutes(4))
  return live?.view()
}

it('a drained region that is forced up is held, and not about to be withdrawn for ever', async () => {
  const view = await shown({ msk: v4(1), ams: v4(2) }, (order) => ({ drains: { msk: { ...order, isForced: false, origin: 'order' } }, forces: { msk: { ...order, to: 'up' } } }))
  expect(view?.regions[0]?.drain?.progress).toMatchObject({ phase: 'held', text: 'it stays published: it is forced up: a move' })
})

it('a region called as every object has a property is neither drained nor forced by that', async () => {
  const view = await shown({ constructor: v4(1), ams: v4(2) }, () => noOrders)
  expect(view).toMatchObject({ condition: 'healthy', regions: [{ region: 'constructor', drain: null, force: null }, { region: 'ams' }] })
})

it('and is drained and safe like any other', async () => {
  const view = await shown({ constructor: v4(1), ams: v4(2) }, (order) => ({ drains: Object.fromEntries([['constructor', { ...order, isForced: false, origin: 'order' }]]), forces: {} }))
  expect(view?.regions[0]?.drain?.progress).toMatchObject({ phase: 'safe', safeSince: expect.stringMatching(/^2/) })
})

it('what was handed out weeks ago is forgotten, however often the records change', () => {
  const bench = makeBench()
  let now = 0
  const monitor = createMonitor(siteOf({ msk: v4(1) }), emptyState, { ...bench.ports, clock: { ...bench.ports.clock, now: () => now } }, () => undefined, never)
  for (let day = 0; day < 60; day += 1) {
    now = day * 86_400_000
    monitor.setCurrent([rrset(keyA, [v4(day + 1)])])
  }
  const [known = {}] = Object.values(monitor.state().exposures)
  expect(Object.keys(known).length).toBeLessThanOrEqual(8)
})
