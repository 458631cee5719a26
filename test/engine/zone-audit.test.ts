import { describe, expect, it } from 'vitest'
import { keyText, type RRsetKey } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import type { ReadOutcome } from '../../src/engine/write.ts'
import { createZoneAudit } from '../../src/engine/zone-audit.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { named, rrset, v4 } from '../core/samples.ts'
import { makeBench, minutes, siteOf, timing } from './bench.ts'
import { runSite } from '../../src/engine/run-site.ts'

const clock = { now: () => 7 }
const { signal } = new AbortController()

const siteAt = (name: string): Site => ({ ...siteOf({ msk: v4(1) }), name, names: [named(name)] })

/** Two zones; notes what was read together. A CNAME stands at names that begin with `alias`. */
const makeProvider = (): { readonly provider: Provider; readonly readings: string[] } => {
  const readings: string[] = []
  const read = async (keys: readonly RRsetKey[]) => {
    readings.push(keys.map(keyText).join(', '))
    if (keys.some(({ name }) => name.startsWith('alias'))) throw new ProviderError('a CNAME', { code: 'rejected', outcome: 'unchanged', obstacle: 'cname' })
    return keys.map((key) => rrset(key, []))
  }
  const provider: Provider = {
    capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 1 },
    zoneOf: async (name) => named(name.endsWith('example.com') ? 'example.com' : 'example.net'),
    read,
    apply: async () => undefined,
  }
  return { provider, readings }
}

describe('the audit of zones', () => {
  it('reads each zone once for all its sites, and hands each its share', async () => {
    const { provider, readings } = makeProvider()
    const audit = createZoneAudit(clock)
    const got: (readonly [string, ReadOutcome['kind']])[] = []
    for (const name of ['a.example.com', 'b.example.com', 'c.example.net']) audit.join(siteAt(name), provider, (read) => got.push([name, read.kind]), signal)
    await audit.run(signal)
    expect(readings).toEqual(['a.example.com A, a.example.com AAAA, b.example.com A, b.example.com AAAA', 'c.example.net A, c.example.net AAAA'])
    expect(got).toEqual([
      ['a.example.com', 'read'],
      ['b.example.com', 'read'],
      ['c.example.net', 'read'],
    ])
  })

  it('keeps what is in the way at one name from the other sites of the zone', async () => {
    const { provider } = makeProvider()
    const audit = createZoneAudit(clock)
    const got: (readonly [string, ReadOutcome['kind']])[] = []
    for (const name of ['a.example.com', 'alias.example.com']) audit.join(siteAt(name), provider, (read) => got.push([name, read.kind]), signal)
    await audit.run(signal)
    expect(got.toSorted()).toEqual([
      ['a.example.com', 'read'],
      ['alias.example.com', 'failed'],
    ])
  })

  it('forgets a site that has ended', async () => {
    const { provider, readings } = makeProvider()
    const audit = createZoneAudit(clock)
    const controller = new AbortController()
    audit.join(siteAt('a.example.com'), provider, () => expect.fail('it has ended'), controller.signal)
    controller.abort()
    await audit.run(signal)
    expect(readings).toEqual([])
  })

  it('brings an edit by somebody else to the site, which puts it right', async () => {
    const bench = makeBench()
    const audit = createZoneAudit(bench.ports.clock)
    const site = siteOf({ msk: v4(1), ams: v4(2) })
    void runSite(site, bench.ports, { ...timing, auditMs: Number.POSITIVE_INFINITY }, signal, { audit })
    await bench.time.runUntil(minutes(1))
    bench.zone.set(keyText({ name: site.names[0], type: 'A' }), { values: [v4(1)], ttl: 60, owned: [v4(1), v4(2)] })
    await bench.time.runUntil(minutes(30))
    const before = bench.history.length
    await Promise.all([audit.run(signal), bench.time.runUntil(minutes(31))])
    expect(bench.history.slice(before).map(({ values }) => values)).toEqual([[v4(1), v4(2)]])
  })
})
