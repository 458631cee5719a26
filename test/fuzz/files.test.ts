import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noOrders } from '../../src/core/orders.ts'
import type { SiteState } from '../../src/core/site-state.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { createFileStore } from '../../src/store/file-store.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { createOrderStore } from '../../src/store/order-store.ts'
import { main, v4 } from '../core/samples.ts'
import { makeBench, minutes, siteOf, timing } from '../engine/bench.ts'
import { makeFolder } from '../store/folder.ts'
import { type Edit, edited, edits, strangeValue, within, withValueAt } from './edits.ts'

const [msk, ams, spare] = [v4(1), v4(2), v4(3)]
const wall = 1_800_000_000_000

/** Bytes that were written by somebody else, or by a disk that fails; or JSON in which one value is another. */
type Damage = { readonly kind: 'bytes'; readonly edits: readonly Edit[] } | { readonly kind: 'value'; readonly nth: number; readonly value: unknown }
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('bytes' as const), edits }),
  fc.record({ kind: fc.constant('value' as const), nth: fc.nat(500), value: strangeValue }),
)
const damaged = (bytes: Buffer, what: Damage): Buffer =>
  what.kind === 'bytes' ? edited(bytes, what.edits) : Buffer.from(JSON.stringify(withValueAt(JSON.parse(bytes.toString('utf8')), what.nth, what.value)) ?? '')

/** A state as a service leaves it: one region fell and is out, one flaps, one is well. */
const lived = async (): Promise<SiteState> => {
  const bench = makeBench()
  const stop = new AbortController()
  const running = runSite(siteOf({ msk, ams, spare }), bench.ports, timing, stop.signal)
  await bench.time.runUntil(minutes(1))
  bench.world.dead.add(msk)
  await bench.time.runUntil(minutes(2))
  stop.abort()
  await bench.time.runUntil(minutes(2) + 5000)
  await running
  const state = bench.saved()
  if (state === undefined) throw new Error('nothing was saved')
  return state
}

describe('whatever stands in a state file', () => {
  it('it is read or set aside, and a site whose regions pass keeps its records', async () => {
    const state = await lived()
    const dir = await makeFolder()
    const store = createFileStore({ dir, now: () => 0, wallNow: () => wall, log: () => undefined })
    await store.save(main, state, false)
    const [name = ''] = await readdir(join(dir, 'sites'))
    const file = join(dir, 'sites', name)
    const sound = await readFile(file)
    await fc.assert(
      fc.asyncProperty(damage, async (what) => {
        const bytes = damaged(sound, what)
        await writeFile(file, bytes)
        const said: string[] = []
        const loaded = await within(1000, createFileStore({ dir, now: () => 0, wallNow: () => wall, log: (_, message) => void said.push(message) }).load(main))
        for (const each of said) expect(each.length).toBeLessThan(2000)

        const bench = makeBench()
        const site = siteOf({ msk, ams, spare })
        bench.zone.set(`${main} A`, { values: [msk, ams, spare], ttl: 60, owned: [msk, ams, spare] })
        bench.history.length = 0
        const stop = new AbortController()
        const running = runSite(site, { ...bench.ports, store: { load: async () => loaded, save: async () => undefined } }, timing, stop.signal)
        await bench.time.runUntil(20_000)
        stop.abort()
        await bench.time.runUntil(25_000)
        await running
        expect(bench.checks()).toBeGreaterThanOrEqual(9)
        expect(bench.history.map(({ values }) => values)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

describe('whatever stands in an orders file', () => {
  it('it is read or set aside as no order, said once, and orders can be given again', async () => {
    const dir = await makeFolder()
    const open = (said: string[]) => createOrderStore({ dir, wallNow: () => wall, log: (_, message) => void said.push(message), isReadOnly: false })
    const order = { forMs: 60_000, reason: 'a move', by: 'ann on box' }
    const fill = async (): Promise<Buffer> => {
      await open([]).setPause(main, order)
      await open([]).setDrain(main, 'msk', { ...order, isForced: false })
      await open([]).setForce(main, 'ams', { ...order, to: 'down' })
      return readFile(join(dir, 'orders', `${main}.json`))
    }
    const sound = await fill()
    await fc.assert(
      fc.asyncProperty(damage, async (what) => {
        await writeFile(join(dir, 'orders', `${main}.json`), damaged(sound, what))
        const said: string[] = []
        const store = open(said)
        const orders = await within(1000, store.load(main))
        const again = await store.load(main)
        // A file of another boot is timed by when it was read; that moves on by some milliseconds.
        const timeless = (key: string, value: unknown): unknown => (key === 'until' || key === 'since' ? typeof value : value)
        expect(JSON.stringify(again, timeless)).toBe(JSON.stringify(orders, timeless))
        expect(said.length).toBeLessThanOrEqual(1)
        if (said.length > 0) expect(orders).toEqual(noOrders)
        for (const { until, reason, by } of [...Object.values(orders.drains), ...Object.values(orders.forces)]) {
          expect([typeof reason, typeof by]).toEqual(['string', 'string'])
          if (until !== undefined) expect(Number.isFinite(until)).toBe(true)
        }
        await within(1000, store.setPause(main, order)).catch((error: unknown) => expect(error).toMatchObject({ name: 'StateError' }))
      }),
      { numRuns: 100 },
    )
  })
})

describe('whatever stands in a lock', () => {
  it('it is held by one, taken over or said to be held, in time', async () => {
    const dir = await makeFolder()
    const first = await acquireLock(dir, { command: 'serve' })
    const sound = await readFile(join(dir, 'lock', 'holder.json'))
    if (first.kind === 'held') await first.release()
    await fc.assert(
      fc.asyncProperty(damage, async (what) => {
        await mkdir(join(dir, 'lock'), { recursive: true })
        await writeFile(join(dir, 'lock', 'holder.json'), damaged(sound, what))
        const outcome = await within(3000, acquireLock(dir, { command: 'test' }))
        if (outcome.kind === 'busy') return
        const second = await acquireLock(dir, { command: 'test' })
        expect(second.kind).toBe('busy')
        await outcome.release()
      }),
      { numRuns: 50 },
    )
  })
})
