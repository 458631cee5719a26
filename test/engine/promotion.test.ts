import { expect, it } from 'vitest'
import { type Address, familyOf } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { noOrders } from '../../src/core/orders.ts'
import { content } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import { createReplacementClaims, type ReplacementClaims } from '../../src/engine/replacement-claims.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { main, region, site, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, timing } from './bench.ts'

const [msk, ams, spare] = [v4(1), v4(2), v4(9)]
const where = site({ regions: [{ ...region('msk'), replacements: [[spare]], promoteAfterMs: minutes(10) }, region('ams')] })

/** A whole site that is watched, its subdomains read from the zone that they are written to; published at minute 1. */
const watched = async (options: { readonly here?: Site; readonly claims?: ReplacementClaims } = {}): Promise<Bench> => {
  const bench = makeBench()
  const { zone, ports } = bench
  const at = (name: Fqdn | string): readonly Address[] => ['A', 'AAAA'].flatMap((type) => zone.get(`${name} ${type}`)?.values ?? [])
  zone.set('msk.example.com A', content([msk], 30, []))
  zone.set('ams.example.com A', content([ams], 30, []))
  const resolve = (service: Fqdn, family: 'v4' | 'v6') => {
    const addresses = at(service).filter((address) => familyOf(address) === family)
    return addresses.length > 0 ? ({ kind: 'found', addresses } as const) : ({ kind: 'nothing', detail: 'NODATA' } as const)
  }
  const own = {
    ...ports,
    resolver: { resolve: async (service: Fqdn) => ({ v4: resolve(service, 'v4'), v6: resolve(service, 'v6') }) },
    serviceZones: { of: async () => ({ kind: 'ours', provider: ports.provider, authorities: ports.authorities }) as const },
  }
  void runSite(options.here ?? where, own, timing, new AbortController().signal, { claims: options.claims ?? createReplacementClaims() })
  await bench.time.runUntil(minutes(1))
  expect(bench.history.at(-1)?.values).toEqual([msk, ams])
  return bench
}

const leads = (bench: Bench): readonly string[] => ['msk.example.com A', `${main} A`].map((key) => bench.zone.get(key)?.values.join(' ') ?? '')
const told = (bench: Bench): readonly string[] => bench.told('promoted', 'promotion-failed').map(({ kind, at }) => `${kind} ${Math.floor(at / 60_000)}`)

it('lets a replacement take over, and the main domain follows by itself', async () => {
  const bench = await watched()
  bench.world.dead.add(msk)
  await bench.time.runUntil(minutes(11))
  expect(leads(bench)).toEqual(['192.0.2.1', '192.0.2.2'])
  await bench.time.runUntil(minutes(12))
  expect(leads(bench)).toEqual(['192.0.2.9', '192.0.2.2 192.0.2.9'])
  bench.world.dead.clear()
  bench.world.dead.add(spare)
  await bench.time.runUntil(minutes(30))
  expect(leads(bench)).toEqual(['192.0.2.9', '192.0.2.2'])
  expect(told(bench)).toEqual(['promoted 11'])
})

it('never publishes a replacement that no subdomain leads to', async () => {
  const bench = await watched()
  bench.world.dead.add(msk)
  await bench.time.runUntil(minutes(8))
  bench.world.dead.add(ams)
  await bench.time.runUntil(minutes(9))
  expect(bench.history.some(({ values }) => values.includes(spare))).toBe(false)
})

it('does nothing without sight, nor while the region is drained', async () => {
  const blind = await watched()
  blind.world.line = 'silent'
  await blind.time.runUntil(minutes(25))
  const drained = await watched()
  drained.world.dead.add(msk)
  drained.world.orders = { ...noOrders, drains: { msk: { since: 0, until: undefined, reason: 'kernel', by: 'me', isForced: false, origin: 'order' } } }
  await drained.time.runUntil(minutes(25))
  expect([leads(blind), told(blind), leads(drained), told(drained)]).toEqual([['192.0.2.1', '192.0.2.1 192.0.2.2'], [], ['192.0.2.1', '192.0.2.2'], []])
})

it('promotes nobody who does not serve, and the one that comes to', async () => {
  const bench = await watched()
  bench.world.dead.add(msk).add(spare)
  await bench.time.runUntil(minutes(30))
  expect([leads(bench), told(bench)]).toEqual([['192.0.2.1', '192.0.2.2'], []])
  bench.world.dead.delete(spare)
  await bench.time.runUntil(minutes(31))
  expect(leads(bench)).toEqual(['192.0.2.9', '192.0.2.2 192.0.2.9'])
})
