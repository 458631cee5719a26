import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { content, keyText, sameContent } from '../../src/core/rrset.ts'
import { runSite } from '../../src/engine/run-site.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { check, keyA, v4, v6 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams, stranger] = [v4(1), v4(2), v4(9)]

interface Traced extends Bench {
  /** Calls of the provider since the fault, with milliseconds since the verdict that ams is down. */
  calls(): readonly string[]
  /** Lets ams fail, until some time after the verdict. */
  fail(): Promise<void>
}

interface Shape {
  readonly compareAndSet?: boolean
  /** Milliseconds that a reading takes besides the 20 of each call. */
  readonly slowMs?: number
  /** What becomes of the first reading after the fault. */
  readonly first?: 'fails' | 'hangs'
  readonly everyMs?: number
  readonly warm?: () => void
}

/** A site of two regions, both published, whose provider compares before it writes unless told otherwise. */
const start = async (shape: Shape = {}): Promise<Traced> => {
  const bench = makeBench()
  const { time, ports, zone } = bench
  const calls: { at: number; what: string }[] = []
  const inner = ports.provider
  let faults = 0
  let hasFailed = false
  const provider: Provider = {
    ...inner,
    capabilities: { ...inner.capabilities, compareAndSet: shape.compareAndSet ?? true },
    warm: shape.warm ?? (() => undefined),
    read: async (keys, signal) => {
      calls.push({ at: time.now(), what: 'read' })
      if (hasFailed) faults += 1
      if (hasFailed && faults === 1 && shape.first === 'fails') throw new ProviderError('a hiccup', { code: 'unavailable', outcome: 'unchanged' })
      if (hasFailed && faults === 1 && shape.first === 'hangs') await ports.clock.sleep(60_000, signal)
      await ports.clock.sleep(shape.slowMs ?? 0, signal)
      return inner.read(keys, signal)
    },
    apply: async (changes, signal) => {
      calls.push({ at: time.now(), what: 'apply' })
      const moved = changes.some(({ key, before }) => !sameContent(zone.get(keyText(key)) ?? content([], 0, []), before))
      if (moved && inner.capabilities.compareAndSet) throw new ProviderError('somebody else changed it', { code: 'conflict', outcome: 'unchanged' })
      await inner.apply(changes, signal)
    },
  }
  void runSite(siteOf({ msk, ams }, { check: { ...check, everyMs: shape.everyMs ?? check.everyMs } }), { ...ports, provider }, timing, new AbortController().signal)
  await time.runUntil(minutes(1) + 30_000)
  const isDown = (): number | undefined => bench.told('health').find((event) => event.kind === 'health' && event.to === 'down')?.at
  return {
    ...bench,
    calls: () => calls.map(({ at, what }) => `${what} ${Math.round(at - (isDown() ?? 0))}`),
    fail: async () => {
      calls.length = 0
      hasFailed = true
      bench.world.dead.add(ams)
      for (const until = time.now() + minutes(1); isDown() === undefined && time.now() < until; ) await time.runUntil(time.now() + 1)
      await time.runUntil(time.now() + 3_000)
    },
  }
}

const published = (bench: Bench): readonly Address[] | undefined => bench.zone.get(keyText(keyA))?.values

it('writes at the verdict on a reading from while it was confirmed', async () => {
  const bench = await start()
  await bench.fail()
  expect(bench.calls()).toEqual(['read -1000', 'apply 0'])
  expect(published(bench)).toEqual([msk])
})

it('goes on all the same where the provider cannot get ready, and says so against its promise', async () => {
  const warm = (): void => {
    throw new Error('no descriptors')
  }
  const bench = await start({ warm })
  await bench.fail()
  expect(bench.calls()).toEqual(['read -1000', 'apply 0'])
})

it('reads right before the write where the provider cannot compare, and looks back after it', async () => {
  const bench = await start({ compareAndSet: false })
  await bench.fail()
  expect(bench.calls()).toEqual(['read 0', 'apply 20', 'read 40'])
})

it('waits for a reading that is under way', async () => {
  const bench = await start({ slowMs: 1_100 })
  await bench.fail()
  expect(bench.calls()).toEqual(['read -1000', 'apply 120'])
})

it('does without a reading that failed', async () => {
  const bench = await start({ first: 'fails' })
  await bench.fail()
  expect(bench.calls()).toEqual(['read -1000', 'read 0', 'apply 20'])
  expect(bench.told('provider-failed')).toEqual([])
})

it('does not wait long for a reading that hangs', async () => {
  const bench = await start({ first: 'hangs' })
  await bench.fail()
  expect(bench.calls()).toEqual(['read -1000', 'read 500', 'apply 520'])
})

it('plans anew on a new reading where somebody has edited the records meanwhile, and keeps what they put there', async () => {
  const bench = await start()
  const failing = bench.fail()
  await bench.time.runUntil(bench.time.now() + 1)
  while (bench.calls().length === 0) await bench.time.runUntil(bench.time.now() + 1)
  await bench.time.runUntil(bench.time.now() + 100)
  bench.zone.set(keyText(keyA), content([msk, ams, stranger], 60, [msk, ams]))
  await failing
  expect(bench.calls()).toEqual(['read -1000', 'apply 0', 'read 0', 'apply 20'])
  expect(published(bench)).toEqual([msk, stranger])
})

it('costs an address that flaps no more than one reading in three seconds', async () => {
  const bench = await start({ everyMs: 200 })
  const before = bench.reads()
  const from = bench.time.now()
  while (bench.time.now() < from + minutes(1)) {
    bench.world.dead.add(ams)
    await bench.time.runUntil(bench.time.now() + 300)
    bench.world.dead.delete(ams)
    await bench.time.runUntil(bench.time.now() + 700)
  }
  expect(bench.reads() - before).toBeLessThanOrEqual(20 + 2)
})

it('empties the AAAA set only by a reading of that moment: nothing compares the A set that it leaves the name with', async () => {
  const [bench, six] = [makeBench(), v6(1)]
  const keyAAAA = { ...keyA, type: 'AAAA' as const }
  const base = siteOf({ msk, ams })
  const site = { ...base, regions: base.regions.map((region) => (region.name === 'msk' ? { ...region, source: { kind: 'fixed' as const, addresses: [msk, six] } } : region)) }
  const references = { ask: async (signal: AbortSignal) => (await bench.ports.references.ask(signal)).flatMap((each) => [each, { ...each, name: 'a name server over IPv6', address: v6(53) }]) }
  void runSite(site, { ...bench.ports, references }, timing, new AbortController().signal)
  await bench.time.runUntil(minutes(1) + 30_000)
  expect(bench.zone.get(keyText(keyAAAA))?.values).toEqual([six])
  const before = bench.reads()
  bench.world.dead.add(six)
  while (bench.reads() === before) await bench.time.runUntil(bench.time.now() + 1)
  await bench.time.runUntil(bench.time.now() + 100)
  bench.zone.set(keyText(keyA), content([], 0, []))
  const everEmpty: boolean[] = []
  const until = bench.time.now() + 5_000
  while (bench.time.now() < until) {
    await bench.time.runUntil(bench.time.now() + 10)
    everEmpty.push((published(bench) ?? []).length === 0 && bench.zone.get(keyText(keyAAAA))?.values.length === 0)
  }
  expect(everEmpty).not.toContain(true)
  expect(published(bench)).toEqual([msk, ams])
})
