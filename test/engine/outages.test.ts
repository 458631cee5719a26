import { describe, expect, it } from 'vitest'
import { runSite } from '../../src/engine/run-site.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const site = siteOf({ msk, ams })

/** A site that is watched and published, at minute 1. */
const published = async (): Promise<Bench> => {
  const bench = makeBench()
  void runSite(site, bench.ports, timing, new AbortController().signal)
  await bench.time.runUntil(minutes(1))
  expect(bench.history.at(-1)?.values).toEqual([msk, ams])
  bench.history.length = 0
  bench.events.length = 0
  return bench
}

const sets = (bench: Bench): readonly (readonly string[])[] => bench.history.map(({ values }) => values)
const kinds = (bench: Bench): readonly string[] => bench.events.map(({ kind }) => kind)

describe('an hour', () => {
  it('without the provider: says so once, keeps the latest intent, and applies it on its return', async () => {
    const bench = await published()
    bench.world.provider = 'unreachable'
    bench.world.dead.add(ams)
    await bench.time.runUntil(minutes(30))
    bench.world.dead.delete(ams)
    bench.world.dead.add(msk)
    await bench.time.runUntil(minutes(61))
    expect(bench.history).toEqual([])
    expect(bench.told('provider-failed').map((event) => event.kind === 'provider-failed' && event.text)).toEqual(['the provider does not answer'])
    expect(bench.reads()).toBeLessThan(120)
    bench.world.provider = 'answers'
    await bench.time.runUntil(minutes(63))
    expect(sets(bench)).toEqual([[ams]])
    expect(bench.told('provider-recovered')).toHaveLength(1)
  })

  it('without the provider, and nothing else amiss: no write after it', async () => {
    const bench = await published()
    bench.world.provider = 'unreachable'
    await bench.time.runUntil(minutes(61))
    bench.world.provider = 'answers'
    await bench.time.runUntil(minutes(63))
    expect({ sets: sets(bench), kinds: kinds(bench) }).toEqual({ sets: [], kinds: ['provider-failed', 'provider-recovered'] })
  })

  it('without the name servers: a region that dies is withdrawn on its sibling’s word, and the write is said to be unconfirmed', async () => {
    const bench = await published()
    bench.world.areNameServersSilent = true
    await bench.time.runUntil(minutes(30))
    expect({ sets: sets(bench), kinds: kinds(bench) }).toEqual({ sets: [], kinds: [] })
    bench.world.dead.add(ams)
    await bench.time.runUntil(minutes(61))
    expect(sets(bench)).toEqual([[msk]])
    expect(bench.told('verified').map((event) => event.kind === 'verified' && event.verification.outcome)).toEqual(['unconfirmed'])
  })

  it.each(['silent', 'no-route'] as const)('without any network (%s): nothing moves, and it goes on as before after it', async (line) => {
    const bench = await published()
    bench.world.line = line
    bench.world.provider = 'unreachable'
    await bench.time.runUntil(minutes(61))
    bench.world.line = 'carries'
    bench.world.provider = 'answers'
    await bench.time.runUntil(minutes(75))
    expect(sets(bench)).toEqual([])
    const modes = bench.told('mode').map((event) => event.kind === 'mode' && event.to)
    expect(modes).toEqual(line === 'silent' ? ['blind', 'normal'] : [])
    // Down and up again for each, and not a line more however long it took.
    expect(bench.told('health').length).toBe(line === 'silent' ? 4 : 0)
  })

  it('on a full disk: fails over all the same, and says once that nothing is saved, and once that it is again', async () => {
    const bench = await published()
    bench.world.disk = 'full'
    bench.world.dead.add(ams)
    await bench.time.runUntil(minutes(61))
    expect(sets(bench)).toEqual([[msk]])
    expect(bench.told('state-not-saved', 'state-saved').map(({ kind }) => kind)).toEqual(['state-not-saved'])
    bench.world.disk = 'takes'
    await bench.time.runUntil(minutes(62))
    expect(bench.told('state-not-saved', 'state-saved').map(({ kind }) => kind)).toEqual(['state-not-saved', 'state-saved'])
    expect(bench.saved()?.health[ams]?.state).toBe('down')
  })

  it.each([3_600_000, -3_600_000])('more or less on the clock (%d ms) changes nothing', async (byMs) => {
    const bench = await published()
    bench.world.wallOffset += byMs
    await bench.time.runUntil(minutes(20))
    expect({ sets: sets(bench), kinds: kinds(bench) }).toEqual({ sets: [], kinds: [] })
    const before = bench.checks()
    await bench.time.runUntil(minutes(21))
    expect(bench.checks() - before).toBe(24)
    bench.world.dead.add(ams)
    await bench.time.runUntil(minutes(22))
    expect(sets(bench)).toEqual([[msk]])
  })
})

it('tells each change of state once, with region, address, cause and the rule that decided', async () => {
  const bench = await published()
  bench.world.dead.add(ams)
  await bench.time.runUntil(minutes(10))
  const told = bench.events.map((event) => {
    if (event.kind === 'health') return `${event.region} ${event.address} ${event.from} -> ${event.to}: ${event.text}`
    if (event.kind === 'decided') return `${event.entry.action} ${event.entry.region} ${event.entry.address}: ${event.from?.rule} -> ${event.entry.rule}`
    return event.kind
  })
  expect(told).toEqual([
    `ams ${ams} up -> down: refused: ECONNREFUSED, 3 failed checks`,
    `withhold ams ${ams}: up -> down`,
    'written',
    'verified',
  ])
})

it('saves what checks have come to say before anything is written for it', async () => {
  const bench = await published()
  expect(Object.values(bench.saved()?.health ?? {}).map(({ state, hasPassed }) => ({ state, hasPassed }))).toEqual([
    { state: 'up', hasPassed: true },
    { state: 'up', hasPassed: true },
  ])
})
