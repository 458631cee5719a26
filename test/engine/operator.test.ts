import { setImmediate } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { DrainOrder, ForceOrder, Orders } from '../../src/core/orders.ts'
import type { SourceMode } from '../../src/core/word.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { createOperator } from '../../src/engine/operator/operator.ts'
import { repointRegion } from '../../src/engine/operator/repoint-region.ts'
import type { Actor, Operations, Outcome } from '../../src/engine/operations.ts'
import type { OrderWriter } from '../../src/engine/ports.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { region as regionOf, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'
import { a, portsFor, startZone } from './service-bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const actor: Actor = { name: 'eve', via: 'api' }
const never = new AbortController().signal

interface Desk extends Bench {
  readonly operations: Operations
  readonly name: string
  readonly live: LiveSite
  /** Lets time pass until an operation has ended. */
  during<T>(operation: Promise<T>): Promise<T>
  readonly told: Bench['told']
}

/** Writes orders into the bench's world, as a store would. */
const writerInto = (bench: Bench): OrderWriter & { isFull: boolean } => {
  const set = (change: (orders: Orders) => Orders): void => {
    if (writer.isFull) throw new Error('no space is left')
    bench.world.orders = change(bench.world.orders)
  }
  const now = bench.ports.clock.wallNow
  const without = <T>(all: Readonly<Record<string, T>>, region: string) => Object.fromEntries(Object.entries(all).filter(([name]) => name !== region))
  const until = (forMs: number | undefined) => (forMs === undefined ? undefined : now() + forMs)
  const writer: OrderWriter & { isFull: boolean } = {
    isFull: false,
    setPause: async (_, pause) => set(({ drains, forces }) => ({ drains, forces, ...(pause && { pause: { reason: pause.reason, by: pause.by, until: until(pause.forMs) } }) })),
    setDrain: async (_, region, drain) =>
      set((orders) => ({
        ...orders,
        drains: drain === undefined ? without(orders.drains, region) : { ...orders.drains, [region]: { since: now(), until: until(drain.forMs), reason: drain.reason, by: drain.by, isForced: drain.isForced, origin: 'order' } satisfies DrainOrder },
      })),
    setForce: async (_, region, force) =>
      set((orders) => ({
        ...orders,
        forces: force === undefined ? without(orders.forces, region) : { ...orders.forces, [region]: { since: now(), until: until(force.forMs), reason: force.reason, by: force.by, to: force.to } satisfies ForceOrder },
      })),
    skipWindow: async (_, region) => set((orders) => ({ ...orders, drains: without(orders.drains, region) })),
  }
  return writer
}

/** A site with an operator, both regions published, at minute 1. */
const makeDesk = async (sources: Readonly<Record<string, SourceMode>> = {}): Promise<Desk & { readonly writer: ReturnType<typeof writerInto>; readonly orders: string[] }> => {
  const bench = makeBench()
  const site = siteOf({ msk, ams }, { sources })
  let live: LiveSite | undefined
  void runSite(site, bench.ports, timing, never, { attach: (attached) => void (live = attached) })
  await bench.time.runUntil(minutes(1))
  if (live === undefined) throw new Error('nothing was attached')
  const attached: LiveSite = live
  expect(bench.history.at(-1)?.values).toEqual([msk, ams])
  bench.history.length = 0
  bench.events.length = 0
  const writer = writerInto(bench)
  const orders: string[] = []
  const operations = createOperator({
    siteNames: () => [site.name, 'starting.example.com'],
    live: (name) => (name === site.name ? attached : undefined),
    writer,
    health: () => ({ ok: true, sites: [] }),
    expiresMs: () => minutes(10),
    wallNow: bench.ports.clock.wallNow,
    told: ({ action, region, outcome }) => void orders.push(`${action} ${region ?? ''} ${outcome.kind === 'done' ? 'done' : outcome.code}`),
  })
  const during = async <T>(operation: Promise<T>): Promise<T> => {
    const progress = { isOver: false }
    const end = (): void => void (progress.isOver = true)
    operation.then(end, end)
    for (let step = 0; step < 100 && !progress.isOver; step += 1) await bench.time.runUntil(bench.time.now() + 100)
    return operation
  }
  return { ...bench, operations, live: attached, name: site.name, during, writer, orders }
}

const sets = ({ history }: Bench) => history.map(({ values }) => values)
const drain = (region: string, over: object = {}) => ({ region, forMs: minutes(10), reason: 'kernel', isForced: false, isDryRun: false, ...over })
const code = (outcome: Outcome<unknown>): string => (outcome.kind === 'done' ? 'done' : outcome.code)

it('drains a region: out at once, safe when every version that held it has expired, back at the end of it', async () => {
  const desk = await makeDesk()
  const outcome = await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  expect(code(outcome)).toBe('done')
  const orderedAt = desk.time.now()
  await desk.time.runUntil(orderedAt + 3_000)
  expect(sets(desk)).toEqual([[ams]])
  const progress = () => desk.operations.site(desk.name)?.regions[0]?.drain?.progress
  expect(progress()?.phase).toBe('expiring')
  await desk.time.runUntil(orderedAt + 59_000)
  expect(progress()?.phase).toBe('expiring')
  await desk.time.runUntil(orderedAt + 64_000)
  expect(progress()).toMatchObject({ phase: 'safe', servers: [{ name: 'ns', standing: 'without' }] })
  expect(desk.operations.site(desk.name)).toMatchObject({ condition: 'drained', text: 'msk is drained: kernel' })
  await desk.time.runUntil(orderedAt + minutes(10) + 2_000)
  expect(sets(desk)).toEqual([[ams], [msk, ams]])
  expect(desk.told('drained', 'drain-safe', 'drain-ending', 'undrained').map(({ kind }) => kind)).toEqual(['drained', 'drain-safe', 'drain-ending', 'undrained'])
  expect(desk.orders).toEqual(['drain msk done'])
})

it('re-admits what was drained only once it passes', async () => {
  const desk = await makeDesk()
  await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  await desk.time.runUntil(desk.time.now() + 3_000)
  desk.world.dead.add(msk)
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(code(await desk.during(desk.operations.undrain(desk.name, { region: 'msk', isDryRun: false }, actor, never)))).toBe('done')
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(sets(desk)).toEqual([[ams]])
  desk.world.dead.delete(msk)
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(sets(desk)).toEqual([[ams], [msk, ams]])
})

it('refuses what would leave too few, says who else does not serve, and how to force it', async () => {
  const desk = await makeDesk()
  desk.world.dead.add(ams)
  await desk.time.runUntil(desk.time.now() + 30_000)
  expect(sets(desk)).toEqual([[msk]])
  const refused = await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  expect(refused).toMatchObject({ kind: 'refused', code: 'floor' })
  expect(refused.kind === 'refused' && refused.text).toContain(`ams ${ams}: refused`)
  expect(refused.kind === 'refused' && refused.advice).toContain('("force": true in the request, --force on the command line)')
  expect(desk.world.orders.drains).toEqual({})
  expect(code(await desk.during(desk.operations.drain(desk.name, drain('msk', { isForced: true }), actor, never)))).toBe('done')
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([[msk], [ams]])
})

it('never empties the set, by whatever order', async () => {
  const desk = await makeDesk()
  for (const region of ['msk', 'ams']) await desk.during(desk.operations.drain(desk.name, drain(region, { isForced: true }), actor, never))
  await desk.during(desk.operations.force(desk.name, { region: 'ams', to: 'down', forMs: minutes(1), reason: 'x', isDryRun: false }, actor, never))
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(sets(desk).every((values) => values.length > 0)).toBe(true)
  expect(desk.orders).toEqual(['drain msk done', 'drain ams floor', 'force down ams floor'])
})

it('only says what would happen in a dry run, and whom it does not know', async () => {
  const desk = await makeDesk()
  const outcome = await desk.during(desk.operations.drain(desk.name, drain('msk', { isDryRun: true }), actor, never))
  expect(outcome).toMatchObject({ kind: 'done', value: { isDryRun: true, changes: [{ before: { values: [msk, ams] }, after: { values: [ams] }, refused: null }] } })
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect([sets(desk), desk.orders]).toEqual([[], []])
  expect([
    code(await desk.operations.drain('no.example.com', drain('msk'), actor, never)),
    code(await desk.operations.drain('starting.example.com', drain('msk'), actor, never)),
    code(await desk.operations.drain(desk.name, drain('constructor'), actor, never)),
    code(await desk.operations.undrain(desk.name, { region: 'msk', isDryRun: false }, actor, never)),
    code(await desk.operations.unforce(desk.name, { region: 'msk', isDryRun: false }, actor, never)),
  ]).toEqual(['unknown-site', 'not-watched', 'unknown-region', 'no-order', 'no-order'])
})

it('has no order in force that could not be written down', async () => {
  const desk = await makeDesk()
  desk.writer.isFull = true
  const outcome = await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  expect(outcome).toMatchObject({ kind: 'refused', code: 'not-saved', text: 'no space is left' })
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([])
})

it('forces a region down and up, each for its time', async () => {
  const desk = await makeDesk()
  await desk.during(desk.operations.force(desk.name, { region: 'msk', to: 'down', forMs: 20_000, reason: 'x', isDryRun: false }, actor, never))
  await desk.time.runUntil(desk.time.now() + 10_000)
  expect(sets(desk)).toEqual([[ams]])
  await desk.time.runUntil(desk.time.now() + 15_000)
  expect(sets(desk)).toEqual([[ams], [msk, ams]])
  desk.world.dead.add(msk)
  await desk.time.runUntil(desk.time.now() + 30_000)
  await desk.during(desk.operations.force(desk.name, { region: 'msk', to: 'up', forMs: 20_000, reason: 'x', isDryRun: false }, actor, never))
  await desk.time.runUntil(desk.time.now() + 30_000)
  expect(sets(desk)).toEqual([[ams], [msk, ams], [ams], [msk, ams], [ams]])
})

it('drains no region that is forced up: the force would outrank it, and its advice is to end that first', async () => {
  const desk = await makeDesk()
  await desk.during(desk.operations.force(desk.name, { region: 'msk', to: 'up', forMs: minutes(60), reason: 'a test', isDryRun: false }, actor, never))
  const outcome = await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  expect(outcome).toMatchObject({ kind: 'refused', code: 'floor', text: expect.stringContaining('forced up by eve (api)'), advice: expect.stringContaining('unforce') })
})

it('a paused site is drained once the pause is over', async () => {
  const desk = await makeDesk()
  await desk.during(desk.operations.pause(desk.name, { forMs: undefined, reason: 'x' }, actor, never))
  await desk.during(desk.operations.drain(desk.name, drain('msk'), actor, never))
  await desk.time.runUntil(desk.time.now() + 20_000)
  expect([sets(desk), desk.operations.site(desk.name)?.condition]).toEqual([[], 'paused'])
  await desk.during(desk.operations.resume(desk.name, actor, never))
  await desk.time.runUntil(desk.time.now() + 10_000)
  expect(sets(desk)).toEqual([[ams]])
})

const heard = (opinion: 'up' | 'down', eventAt = 1_000, region = 'msk') => ({ site: 'failover.example.com', region, monitor: 'a', opinion, detail: '', eventAt })

it.each<readonly [SourceMode, readonly (readonly string[])[]]>([
  ['hint', []],
  ['vote', []],
  ['override', [[ams], [msk, ams]]],
])('what a source in mode %s says alone of a region that passes', async (mode, expected) => {
  const desk = await makeDesk({ kuma: mode })
  const before = desk.checks()
  expect(desk.operations.hear('kuma', [heard('down')])).toMatchObject({ kind: 'done', value: [{ effect: mode === 'hint' ? 'checking' : 'news' }] })
  await desk.time.runUntil(desk.time.now() + 100)
  expect(desk.checks()).toBeGreaterThan(before)
  await desk.time.runUntil(desk.time.now() + minutes(12))
  expect(sets(desk)).toEqual(expected)
})

it('two votes of three withdraw, an older event does not, and the other way round they bring back', async () => {
  const desk = await makeDesk({ kuma: 'vote', gatus: 'vote' })
  desk.operations.hear('kuma', [heard('down', 1_000)])
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([])
  desk.operations.hear('gatus', [heard('down', 1_000)])
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([[ams]])
  expect(desk.operations.hear('gatus', [heard('up', 999)])).toMatchObject({ kind: 'done', value: [{ effect: 'older' }] })
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([[ams]])
  desk.operations.hear('gatus', [heard('up', 1_001)])
  await desk.time.runUntil(desk.time.now() + 5_000)
  expect(sets(desk)).toEqual([[ams], [msk, ams]])
})

it('hears all or nothing', async () => {
  const desk = await makeDesk({ kuma: 'override' })
  expect([
    code(desk.operations.hear('kuma', [heard('down'), heard('down', 1_000, 'nowhere')])),
    code(desk.operations.hear('gatus', [heard('down')])),
    code(desk.operations.hear('kuma', [{ ...heard('down'), site: 'no.example.com' }])),
  ]).toEqual(['unknown-region', 'unknown-site', 'unknown-site'])
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(sets(desk)).toEqual([])
})

it('an override takes no site below the floor', async () => {
  const desk = await makeDesk({ kuma: 'override' })
  desk.operations.hear('kuma', [heard('down'), heard('down', 1_000, 'ams')])
  await desk.time.runUntil(desk.time.now() + minutes(1))
  expect(sets(desk).every((values) => values.length > 0)).toBe(true)
  expect(desk.operations.site(desk.name)?.condition).toBe('fail-open')
})

it('reconciles at once, and says what there is to do without doing it', async () => {
  const desk = await makeDesk()
  desk.zone.clear()
  const reads = desk.reads()
  expect(await desk.during(desk.operations.reconcile(desk.name, { isDryRun: true }, actor, never))).toMatchObject({ kind: 'done', value: { changes: [] } })
  expect(desk.reads()).toBe(reads)
  expect(await desk.during(desk.operations.reconcile(desk.name, { isDryRun: false }, actor, never))).toMatchObject({ kind: 'done' })
  expect(sets(desk)).toEqual([[msk, ams]])
})

it('asks many name servers at once after a repoint, without a warning of listeners', async () => {
  const warnings: string[] = []
  const hear = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const desk = await makeDesk()
  const zone = await startZone(a('msk.example.com', msk))
  // They have it already, as if they had been notified by the first.
  const others = await Promise.all(Array.from({ length: 6 }, () => startZone(a('msk.example.com', v4(9)))))
  const ports = portsFor([zone], new Map(), { nameservers: [zone, ...others].map((each) => each.address()) })
  const live: LiveSite = { ...desk.live, site: { ...desk.live.site, regions: [regionOf('msk'), regionOf('ams')] }, ports: { ...desk.live.ports, ...ports }, reconcile: async () => undefined }
  const outcome = await repointRegion(live, { region: 'msk', addresses: [v4(9)], keepsOtherFamily: false, isUnchecked: true, reason: 'a new server', isDryRun: false }, actor, never)
  expect(outcome.kind === 'done' && outcome.value.verification?.outcome).toBe('agreed')
  await setImmediate()
  expect(warnings).toEqual([])
})
