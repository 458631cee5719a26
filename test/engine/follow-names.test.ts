import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { type DrainOrder, noOrders } from '../../src/core/orders.ts'
import { placeOf } from '../../src/core/region-names.ts'
import { emptyState } from '../../src/core/site-state.ts'
import { followNames } from '../../src/engine/follow-names.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { createOperator } from '../../src/engine/operator/operator.ts'
import type { Actor } from '../../src/engine/operations.ts'
import type { OrderWriter } from '../../src/engine/ports.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams, fra] = [v4(1), v4(2), v4(3)]
const actor: Actor = { name: 'eve', via: 'api' }
const never = new AbortController().signal

const kernel = (bench: Bench): DrainOrder => ({ id: '1', since: bench.ports.clock.wallNow(), until: undefined, reason: 'kernel', by: 'eve', isForced: false, origin: 'order' })
const renamed = <T>(record: Readonly<Record<string, T>>, from: string, to: string): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(record).map(([name, each]) => [name === from ? to : name, each]))

/** A site whose first region is drained, and then another process that watches it with other regions. */
const afterReload = async (regions: Readonly<Record<string, Address>>, isFull = false) => {
  const bench = makeBench()
  const orders = {
    load: bench.ports.orders.load,
    rename: async (_: string, from: string, to: string) => {
      if (isFull) throw new Error('no space is left')
      bench.world.orders = { ...bench.world.orders, drains: renamed(bench.world.orders.drains, from, to) }
    },
  }
  let live: LiveSite | undefined
  const run = async (config: Readonly<Record<string, Address>>, ms: number): Promise<() => Promise<void>> => {
    const process = new AbortController()
    void runSite(siteOf(config), { ...bench.ports, orders }, timing, process.signal, { attach: (attached) => void (live = attached) })
    await bench.time.runUntil(bench.time.now() + ms)
    return async () => {
      process.abort()
      await bench.time.runUntil(bench.time.now() + 2_000)
    }
  }
  const stop = await run({ msk, ams }, minutes(1))
  bench.world.orders = { ...noOrders, drains: { msk: kernel(bench) } }
  await bench.time.runUntil(bench.time.now() + 10_000)
  expect(bench.history.at(-1)?.values).toEqual([ams])
  await stop()
  bench.history.length = 0
  bench.events.length = 0
  await run(regions, minutes(2))
  return { bench, view: () => live?.view(), live: () => live }
}

const told = (bench: Bench) => bench.told('drained', 'undrained', 'order-astray', 'order-followed').map((event) => `${event.kind} ${'region' in event ? event.region : ''}`)
const sets = ({ history }: Bench) => history.map(({ values }) => values)

it('a drain goes on under the name that the region has now, and ends by it', async () => {
  const { bench, view } = await afterReload({ moscow: msk, ams })
  expect([sets(bench), told(bench)]).toEqual([[], ['order-followed moscow', 'drained moscow']])
  expect(view()?.regions[0]?.drain).toMatchObject({ reason: 'kernel', progress: { phase: 'safe' } })
  expect(view()).not.toHaveProperty('strayOrders')
  bench.world.orders = noOrders
  await bench.time.runUntil(bench.time.now() + 10_000)
  expect(sets(bench)).toEqual([[msk, ams]])
})

it('one of a region that is gone is said to be astray, once at each start, and can be taken back', async () => {
  const { bench, view, live } = await afterReload({ fra, ams })
  expect(told(bench)).toEqual(['order-astray msk'])
  expect(view()?.strayOrders).toEqual([
    {
      region: 'msk',
      order: 'drain',
      until: null,
      reason: 'kernel',
      by: 'eve',
      text: 'region msk is drained by eve (kernel), but the config has no region of that name: the order does nothing, and what the region led to is published as the checks say; give the order for the region that is meant now; "dns-failover undrain msk" takes this one back',
    },
  ])
  const writer = { setDrain: async () => void (bench.world.orders = noOrders) } as unknown as OrderWriter
  const operations = createOperator({ siteNames: () => ['failover.example.com'], live, writer, health: () => ({ ok: true, sites: [] }), expiresMs: () => 0, wallNow: () => 0, told: () => undefined })
  const refused = await operations.drain('failover.example.com', { region: 'msk', forMs: 1, reason: '', isForced: false, isDryRun: false }, actor, never)
  expect(refused).toMatchObject({ kind: 'refused', code: 'unknown-region' })
  expect(await operations.undrain('failover.example.com', { region: 'msk', isDryRun: false }, actor, never)).toMatchObject({ kind: 'done' })
  expect(view()).not.toHaveProperty('strayOrders')
})

it('so is one that cannot be written down for the new name', async () => {
  const { bench } = await afterReload({ moscow: msk, ams }, true)
  expect(told(bench)).toEqual(['order-astray msk'])
})

it('nor is one said to be followed where the region has such an order of its own', async () => {
  const bench = makeBench()
  bench.world.orders = { ...noOrders, drains: { msk: kernel(bench), moscow: kernel(bench) } }
  const site = siteOf({ moscow: msk, ams })
  const state = await followNames(site, { ...emptyState, places: { msk: placeOf({ source: { kind: 'fixed', addresses: [msk] } }) } }, { ...bench.ports, orders: { load: bench.ports.orders.load, rename: async () => undefined } })
  expect([told(bench), Object.keys(state.places)]).toEqual([['order-astray msk'], ['msk', 'moscow', 'ams']])
})
