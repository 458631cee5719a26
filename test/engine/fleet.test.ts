import { createReplacementClaims } from '../../src/engine/replacement-claims.ts'
import { describe, expect, it } from 'vitest'
import type { Site } from '../../src/core/site.ts'
import type { Cron } from '../../src/engine/cron-port.ts'
import { createFleet, type Fleet } from '../../src/engine/fleet.ts'
import type { SitePorts } from '../../src/engine/ports.ts'
import { createZoneAudit, type ZoneAudit } from '../../src/engine/zone-audit.ts'
import { main, named, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

interface Turns extends Cron {
  /** One turn of every expression. */
  turn(): Promise<void>
  /** Expressions that still turn. */
  running(): readonly string[]
}

const createTurns = (): Turns => {
  const acts = new Map<() => Promise<void> | void, string>()
  return {
    on: (expression, act, signal) => {
      acts.set(act, expression)
      signal.addEventListener('abort', () => acts.delete(act))
    },
    turn: async () => {
      await Promise.all([...acts.keys()].map((act) => act()))
    },
    running: () => [...acts.values()],
  }
}

interface FleetBench extends Bench {
  readonly fleet: Fleet
  readonly turns: Turns
  readonly audit: ZoneAudit
}

/** Where the provider cannot compare, records are read right before each write. */
const makeFleet = (compareAndSet = true): FleetBench => {
  const bench = makeBench()
  const { provider } = bench.ports
  const ports: SitePorts = { ...bench.ports, provider: { ...provider, capabilities: { ...provider.capabilities, compareAndSet } } }
  const turns = createTurns()
  const audit = createZoneAudit(bench.ports.clock)
  const fleet = createFleet({
    portsOf: () => ports,
    timing: { ...timing, auditMs: Number.POSITIVE_INFINITY },
    clock: bench.ports.clock,
    cron: turns,
    audit,
    claims: createReplacementClaims(),
    random: () => 0.5,
  })
  return { ...bench, fleet, turns, audit }
}

const [msk, ams, fra] = [v4(1), v4(2), v4(3)]
const www = named('www.example.com')
const site = siteOf({ msk, ams })
const other: Site = { ...siteOf({ fra }), name: www, names: [www] }

describe('a fleet', () => {
  it('begins a site anew after a fault of the program, says so, and lets the others go on', async () => {
    const bench = makeFleet()
    bench.fleet.start(site)
    bench.fleet.start(other)
    await bench.time.runUntil(minutes(1))
    const before = bench.history.length
    bench.world.bug = fra
    await bench.time.runUntil(minutes(2))
    expect(bench.told('site-failed').map((event) => ({ ...event, at: 0, text: event.kind === 'site-failed' && event.text.split('\n')[0] }))).toEqual([
      { site: www, kind: 'site-failed', text: 'TypeError: a bug', againMs: 750, at: 0 },
    ])
    expect(bench.history.length).toBe(before)
    expect(bench.fleet.pulses().map(({ site: name, sinceMs }) => ({ name, isFresh: (sinceMs ?? Infinity) <= 1_000 }))).toEqual([
      { name: main, isFresh: true },
      { name: www, isFresh: true },
    ])
  })

  it('goes through 10,000 reloads of a site without a change of the DNS, and keeps nothing of them', { timeout: 120_000 }, async () => {
    const bench = makeFleet()
    const scheduled: Site = { ...site, check: { ...site.check, schedule: '* * * * * *' } }
    bench.fleet.start(other)
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    const before = { history: bench.history.length, sleeping: bench.sleeping(), events: bench.events.length }
    for (let reload = 0; reload < 10_000; reload += 1) {
      const stopped = bench.fleet.stop(main)
      await bench.time.runUntil(bench.time.now() + 30)
      const state = await stopped
      bench.fleet.start(reload % 2 === 0 ? scheduled : site, state)
      // Some are overtaken by the next before they have begun, some are well under way.
      await bench.time.runUntil(bench.time.now() + (reload % 100 === 0 ? 3_000 : reload % 2 === 0 ? 10 : 60))
    }
    await bench.time.runUntil(bench.time.now() + minutes(1))
    expect(bench.history.length).toBe(before.history)
    expect(bench.sleeping()).toBe(before.sleeping)
    expect(bench.turns.running()).toEqual([])
    const reads = bench.reads()
    await Promise.all([bench.audit.run(new AbortController().signal), bench.time.runUntil(bench.time.now() + 1_000)])
    expect(bench.reads() - reads).toBe(1)
  })

  it('carries over what is known: a region that is down stays down, and one that is up is not unknown for a moment', async () => {
    const bench = makeFleet()
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    bench.world.dead.add(ams)
    await bench.time.runUntil(minutes(2))
    const stopped = bench.fleet.stop(main)
    await bench.time.runUntil(minutes(2) + 100)
    const state = await stopped
    const [events, history] = [bench.events.length, bench.history.length]
    bench.fleet.start({ ...site, check: { ...site.check, everyMs: 1_000 } }, state)
    await bench.time.runUntil(minutes(10))
    expect(bench.events.slice(events).filter(({ kind }) => kind === 'health')).toEqual([])
    expect(bench.history.slice(history)).toEqual([])
    expect(bench.history.at(-1)?.values).toEqual([msk])
  })

  it('starts from unknown where the check itself has changed, and changes nothing until it has spoken', async () => {
    const bench = makeFleet()
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    const stopped = bench.fleet.stop(main)
    await bench.time.runUntil(minutes(1) + 100)
    const state = await stopped
    bench.world.dead.add(ams)
    const history = bench.history.length
    bench.fleet.start({ ...site, check: { ...site.check, identity: 'check-2' } }, state)
    await bench.time.runUntil(minutes(10))
    expect(bench.history.slice(history)).toEqual([])
    expect(bench.events.findLast(({ kind }) => kind === 'decided')).toMatchObject({ entry: { address: ams, rule: 'never-passed', action: 'publish' } })
  })
})

describe('at a stop', () => {
  it('gives a write that is under way 1.5 s, says that its outcome is unknown, and keeps the removal as uncertain', async () => {
    const bench = makeFleet(false)
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    bench.world.dead.add(ams)
    const writes = bench.told('health').length
    while (bench.told('health').length === writes) await bench.time.runUntil(bench.time.now() + 1)
    // The reading before the write has its answer under way; the write itself hangs.
    await bench.time.runUntil(bench.time.now() + 10)
    bench.world.provider = 'hangs'
    await bench.time.runUntil(bench.time.now() + 50)
    const from = bench.time.now()
    let endedAt = 0
    void bench.fleet.stopAll().then(() => (endedAt = bench.time.now()))
    await bench.time.runUntil(from + 5_000)
    expect(endedAt - from).toBeGreaterThanOrEqual(1_500)
    expect(endedAt - from).toBeLessThan(1_600)
    expect(bench.events.at(-1)).toMatchObject({ kind: 'write-unknown' })
    expect(bench.saved()?.removals).toMatchObject([{ address: ams, isUncertain: true }])
  })

  it('lets a write end that ends in time, and begins no other', async () => {
    const bench = makeFleet(false)
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    const history = bench.history.length
    bench.world.dead.add(ams)
    const told = bench.told('health').length
    while (bench.told('health').length === told) await bench.time.runUntil(bench.time.now() + 1)
    // 20 ms of reading, then 20 ms of writing.
    await bench.time.runUntil(bench.time.now() + 30)
    const from = bench.time.now()
    let endedAt = 0
    void bench.fleet.stopAll().then(() => (endedAt = bench.time.now()))
    await bench.time.runUntil(from + 5_000)
    expect(bench.history.slice(history).map(({ values }) => values)).toEqual([[msk]])
    expect(endedAt - from).toBeLessThan(100)
    expect(bench.saved()?.removals).toMatchObject([{ address: ams, isUncertain: false }])
  })

  it('starts nothing any more, though a reload was under way', async () => {
    const bench = makeFleet()
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    void bench.fleet.stopAll()
    bench.fleet.start(other)
    const reads = bench.reads()
    await bench.time.runUntil(minutes(5))
    expect({ pulses: bench.fleet.pulses(), reads: bench.reads() - reads, sleeping: bench.sleeping() }).toEqual({ pulses: [], reads: 0, sleeping: 0 })
  })

  it('writes nothing that was decided but not sent', async () => {
    const bench = makeFleet(false)
    bench.fleet.start(site)
    await bench.time.runUntil(minutes(1))
    const history = bench.history.length
    bench.world.dead.add(ams)
    const told = bench.told('health').length
    while (bench.told('health').length === told) await bench.time.runUntil(bench.time.now() + 1)
    await bench.time.runUntil(bench.time.now() + 5)
    void bench.fleet.stopAll()
    await bench.time.runUntil(bench.time.now() + 5_000)
    expect(bench.history.slice(history)).toEqual([])
    expect(bench.told('provider-failed', 'write-unknown')).toEqual([])
  })
})

describe('a check with a schedule', () => {
  it('is done at its turns and not in between, save to confirm', async () => {
    const bench = makeFleet()
    bench.fleet.start({ ...site, check: { ...site.check, schedule: '0 * * * * *' } })
    await bench.time.runUntil(minutes(1))
    const before = bench.checks()
    await bench.time.runUntil(minutes(30))
    expect(bench.checks()).toBe(before)
    await bench.turns.turn()
    await bench.time.runUntil(minutes(31))
    expect(bench.checks()).toBe(before + 2)
    bench.world.dead.add(ams)
    await bench.turns.turn()
    await bench.time.runUntil(minutes(31) + 5_000)
    expect(bench.history.at(-1)?.values).toEqual([msk])
  })

  it('leaves a turn out while a check still runs', async () => {
    const bench = makeFleet()
    bench.fleet.start({ ...site, check: { ...site.check, schedule: '* * * * * *' } })
    await bench.time.runUntil(minutes(1))
    const before = bench.checks()
    void bench.turns.turn()
    await bench.time.runUntil(minutes(1) + 5)
    void bench.turns.turn()
    await bench.time.runUntil(minutes(2))
    expect(bench.checks()).toBe(before + 2)
  })
})
