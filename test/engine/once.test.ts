import { expect, it } from 'vitest'
import { noOrders } from '../../src/core/orders.ts'
import type { Address } from '../../src/core/address.ts'
import { content, keyText } from '../../src/core/rrset.ts'
import { emptyState } from '../../src/core/site-state.ts'
import { runOnce } from '../../src/engine/once.ts'
import type { SitePorts } from '../../src/engine/ports.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { keyA, main, named, upHealth, v4, v6 } from '../core/samples.ts'
import { type Bench, makeBench, siteOf } from './bench.ts'

const options = { isDryRun: false, checksMs: 60_000, verifyMs: 5_000 }
const signal = (): AbortSignal => new AbortController().signal

/** Runs once in virtual time, and says how long that took. */
const once = async (bench: Bench, ports: SitePorts, site = siteOf({ msk: v4(1), ams: v4(2) })) => {
  const startedAt = bench.time.now()
  let endedAt = startedAt
  const running = runOnce(site, ports, options, signal()).then((result) => {
    endedAt = bench.time.now()
    return result
  })
  await bench.time.runUntil(startedAt + 120_000)
  return { result: await running, tookMs: endedAt - startedAt }
}

const publish = (bench: Bench, values: readonly Address[]): void => void bench.zone.set(keyText(keyA), content(values, 60, values))

it('does not wait for an address of which this machine cannot tell anything', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  const site = siteOf({ msk: v4(1), ams: v4(2) })
  const both = { ...site, regions: site.regions.map((region, at) => ({ ...region, source: { kind: 'fixed' as const, addresses: [v4(at + 1), v6(at + 1)] } })) }
  const ports: SitePorts = {
    ...bench.ports,
    checker: {
      check: async (request, until) => {
        if (!request.address.includes(':')) return bench.ports.checker.check(request, until)
        const at = bench.ports.clock.now()
        return { kind: 'cannot-tell', cause: 'no-route', detail: 'connect ENETUNREACH', startedAt: at, finishedAt: at, timing: { totalMs: 0 } }
      },
    },
  }
  await once(bench, ports, both)
  bench.world.dead.add(v4(1))
  const { result, tookMs } = await once(bench, ports, both)
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2)])
  expect(result.undecided).toEqual([v6(1), v6(2)])
  expect(tookMs).toBeLessThan(10_000)
})

it('checks the regions while the records are still being read, and then what else stands in them', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2), v4(9)])
  const read: Provider['read'] = async (keys, until) => {
    await bench.ports.clock.sleep(8_000, until)
    return bench.ports.provider.read(keys, until)
  }
  const checkedAt = new Map<Address, number[]>()
  const check: SitePorts['checker']['check'] = (request, until) => {
    checkedAt.set(request.address, [...(checkedAt.get(request.address) ?? []), bench.time.now()])
    return bench.ports.checker.check(request, until)
  }
  const { result } = await once(bench, { ...bench.ports, provider: { ...bench.ports.provider, read }, checker: { ...bench.ports.checker, check } })
  expect([v4(1), v4(2), v4(9)].map((address) => checkedAt.get(address)?.[0])).toEqual([0, 0, 8_020])
  expect(result.undecided).toEqual([])
  // Nobody needs to hear of one that is decided more than once a second.
  expect(checkedAt.get(v4(1))?.filter((at) => at > 2_000 && at <= 7_000).length).toBeLessThan(6)
})

it('leaves alone a value that it withdrew once and somebody put back later', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  await once(bench, bench.ports)
  await once(bench, bench.ports, siteOf({ msk: v4(3), ams: v4(2) }))
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2), v4(3)])
  bench.zone.set(keyText(keyA), content([v4(1), v4(2), v4(3)], 60, [v4(2), v4(3)]))
  await once(bench, bench.ports, siteOf({ msk: v4(3), ams: v4(2) }))
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(1), v4(2), v4(3)])
})

it('goes on with the other names where an alias stands at one', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  const www = named('www.example.com')
  const provider: Provider = {
    ...bench.ports.provider,
    read: (keys, until) => {
      if (!keys.some((key) => key.name === www)) return bench.ports.provider.read(keys, until)
      throw new ProviderError('www.example.com is an alias', { code: 'rejected', outcome: 'unchanged', obstacle: 'cname' })
    },
  }
  const site = { ...siteOf({ msk: v4(1), ams: v4(2) }), names: [main, www] as const }
  await once(bench, { ...bench.ports, provider }, site)
  bench.world.dead.add(v4(1))
  const { result } = await once(bench, { ...bench.ports, provider }, site)
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2)])
  expect(result.cycle.obstacles.map((error) => error.message)).toEqual(['www.example.com is an alias'])
})

it('writes nothing on what it saw before it was stopped for long', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  await once(bench, bench.ports)
  bench.world.dead.add(v4(1))
  let reads = 0
  const provider: Provider = {
    ...bench.ports.provider,
    read: async (keys, until) => {
      reads += 1
      if (reads > 1) await bench.ports.clock.sleep(30_000, until)
      return bench.ports.provider.read(keys, until)
    },
  }
  const { result } = await once(bench, { ...bench.ports, provider })
  expect(result.cycle.writes).toEqual([])
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(1), v4(2)])
})

it('records a removal once before it is written, and decides anew where that took long', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  await once(bench, bench.ports)
  bench.world.dead.add(v4(1))
  const steps: string[] = []
  const store: SitePorts['store'] = {
    ...bench.ports.store,
    save: async (site, state, isFlushed) => {
      steps.push(`save ${state.removals.map(({ address }) => address).join()}`)
      await bench.ports.clock.sleep(2_000, signal())
      return bench.ports.store.save(site, state, isFlushed)
    },
  }
  const provider: Provider = {
    ...bench.ports.provider,
    read: (keys, until) => {
      steps.push('read')
      return bench.ports.provider.read(keys, until)
    },
    apply: (changes, until) => {
      steps.push('write')
      return bench.ports.provider.apply(changes, until)
    },
  }
  await once(bench, { ...bench.ports, store, provider })
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2)])
  expect(steps.slice(steps.indexOf(`save ${v4(1)}`), steps.indexOf('write') + 1)).toEqual([`save ${v4(1)}`, 'read', 'write'])
})

it('takes nothing that was written down for granted', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  const down = { ...upHealth(), state: 'down' as const, decided: 'down' as const }
  const store = { ...bench.ports.store, load: async () => ({ ...emptyState, health: { [v4(1)]: down } }) }
  await once(bench, { ...bench.ports, store })
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(1), v4(2)])
})

it('remembers how long caches may hold what it took out, and what the orders are', async () => {
  const bench = makeBench()
  bench.zone.set(keyText(keyA), content([v4(1), v4(2)], 300, [v4(1), v4(2)]))
  bench.world.orders = { ...noOrders, drains: { msk: { since: 0, until: undefined, reason: 'kernel', by: 'me', isForced: false, origin: 'order' } } }
  const { result } = await once(bench, bench.ports)
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2)])
  const writtenAt = result.cycle.writes[0]?.writtenAt ?? Number.NaN
  expect(result.state.exposures[keyText(keyA)]?.[v4(1)]).toBeGreaterThanOrEqual(writtenAt + 300_000)
  expect(bench.saved()?.exposures[keyText(keyA)]?.[v4(1)]).toBe(result.state.exposures[keyText(keyA)]?.[v4(1)])
  expect(result.state.drains).toEqual({ msk: { reason: 'kernel', isForced: false } })
  expect(result.seen.current.map(({ values }) => values)).toContainEqual([v4(2)])
})

it('takes no region for safe that was published since, or is out no more', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  const drained = (region: string) => ({ [region]: { since: 0, until: undefined, reason: 'kernel', by: 'me', isForced: false, origin: 'order' as const } })
  const store = { ...bench.ports.store, load: async () => ({ ...emptyState, safe: { msk: 1, ams: 2 } }) }
  bench.world.orders = { ...noOrders, drains: drained('msk') }
  expect((await once(bench, { ...bench.ports, store })).result.state.safe).toEqual({})
  // What was out before the run and after it, stays safe.
  const kept = { ...bench.ports.store, load: async () => ({ ...emptyState, safe: { msk: 1, ams: 2 } }) }
  expect((await once(bench, { ...bench.ports, store: kept })).result.state.safe).toEqual({ msk: 1 })
})

it('has a drain go on for a region that is called otherwise by now, and says of one whose region is gone that it is astray', async () => {
  const bench = makeBench()
  publish(bench, [v4(1), v4(2)])
  bench.world.orders = { ...noOrders, drains: { msk: { since: 0, until: undefined, reason: 'kernel', by: 'me', isForced: false, origin: 'order' } } }
  const rename = async (_: string, from: string, to: string): Promise<void> => {
    bench.world.orders = { ...bench.world.orders, drains: Object.fromEntries(Object.entries(bench.world.orders.drains).map(([region, each]) => [region === from ? to : region, each])) }
  }
  const ports = { ...bench.ports, orders: { ...bench.ports.orders, rename } }
  await once(bench, ports)
  await once(bench, ports, siteOf({ moscow: v4(1), ams: v4(2) }))
  expect(bench.zone.get(keyText(keyA))?.values).toEqual([v4(2)])
  await once(bench, ports, siteOf({ fra: v4(3), ams: v4(2) }))
  expect(bench.told('order-followed', 'order-astray').map((event) => `${event.kind} ${'region' in event ? event.region : ''}`)).toEqual(['order-followed moscow', 'order-astray moscow'])
})
