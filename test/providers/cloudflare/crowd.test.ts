import { setMaxListeners } from 'node:events'
import { expect, it } from 'vitest'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import { content, type RRsetKey } from '../../../src/core/rrset.ts'
import { createSharedRecords, waitFrom } from '../../../src/providers/cloudflare/shared-records.ts'
import { named, v4 } from '../../core/samples.ts'
import { type Bench, makeBench, mark, zone } from './bench.ts'

const signal = (): AbortSignal => {
  const timeout = AbortSignal.timeout(120_000)
  setMaxListeners(0, timeout)
  return timeout
}
const keyOf = (site: number): RRsetKey => ({ name: named(`s${site}.${zone}`), type: 'A' })

/** A zone at which many sites are kept, with two addresses each. */
const crowd = async (sites: number): Promise<{ readonly bench: Bench; readonly keys: readonly RRsetKey[] }> => {
  // The fake is on the same core, and looks each request through.
  const bench = await makeBench({ timeoutMs: 60_000 })
  const keys = Array.from({ length: sites }, (_, site) => keyOf(site))
  bench.api.plant(zone, keys.flatMap(({ name }) => [v4(1), v4(2)].map((address) => ({ name, type: 'A', content: address, ttl: 60, comment: mark }))))
  return { bench, keys }
}

it('reads many names of a large zone as one list', async () => {
  const { bench, keys } = await crowd(700)
  const read = await bench.provider.read(keys, signal())
  expect(read.map(({ values, owned }) => ({ values, owned }))).toEqual(keys.map(() => ({ values: [v4(1), v4(2)], owned: [v4(1), v4(2)] })))
  expect(bench.api.transcript().filter(({ path }) => path.includes('/dns_records')).map(({ path }) => path.replace(/.*\//, ''))).toEqual(['dns_records?page=1&per_page=5000'])
})

it('takes an address from each of 500 sites that fail together within what Cloudflare takes, each read before and after', { timeout: 180_000 }, async () => {
  const { bench, keys } = await crowd(500)
  const { provider, api } = bench
  await Promise.all(
    keys.map(async (key) => {
      const [before] = await provider.read([key], signal())
      if (before === undefined) throw new Error('not read')
      await provider.apply([{ key, before, after: content([v4(2)], 60, [v4(2)]), reasons: [] }], signal())
      expect((await provider.read([key], signal())).map(({ values }) => values)).toEqual([[v4(2)]])
    }),
  )
  const calls = api.transcript().map(({ path, status }) => `${path.endsWith('/batch') ? 'write' : 'read'} ${status}`)
  expect(calls.filter((call) => call === 'write 200')).toHaveLength(500)
  expect(calls.filter((call) => !call.endsWith(' 200'))).toEqual([])
  expect(calls.length).toBeLessThan(1_000)
})

it('gives whoever asks what was read after that, and lets go at once of whoever asks no more', async () => {
  const asked: { readonly names: readonly Fqdn[]; readonly purpose: string; readonly signal: AbortSignal; answer(): void }[] = []
  const records = createSharedRecords({ at: (_, names, purpose, until) => new Promise((resolve) => asked.push({ names, purpose, signal: until, answer: () => resolve([]) })) }, () => performance.now())
  const at = { id: '1', name: named(zone) }
  const ask = (site: number, purpose: 'read' | 'withdrawal' = 'read', until = signal()): Promise<unknown> => records.at(at, [keyOf(site).name], purpose, until).catch(({ message }: Error) => message)
  const first = [0, 1, 2, 3].map((site) => ask(site))
  expect(asked.map(({ names }) => names)).toEqual([0, 1, 2, 3].map((site) => [keyOf(site).name]))
  const [one, other] = [new AbortController(), new AbortController()]
  const later = [ask(4, 'read', one.signal), ask(5, 'withdrawal', other.signal), ask(4, 'read')]
  expect(asked).toHaveLength(4)
  one.abort()
  expect(await later[0]).toBe('cannot read the records of zone example.com at Cloudflare: given up before the answer had come')
  await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(5)
  expect(asked.slice(4).map(({ names, purpose }) => ({ names, purpose }))).toEqual([{ names: [keyOf(5).name, keyOf(4).name], purpose: 'withdrawal' }])
  other.abort()
  expect([await later[1], asked[4]?.signal.aborted]).toEqual(['cannot read the records of zone example.com at Cloudflare: given up before the answer had come', false])
  for (const { answer } of asked) answer()
  expect(await Promise.all([...first, later[2]])).toEqual([[], [], [], [], []])
})

it('reads four times at once, then five times a second, and once a second while sites go on asking', () => {
  const begunAt: number[] = []
  for (let at = 0; at < 300_000; at += Math.max(waitFrom(begunAt, at), 0)) begunAt.push(at)
  expect(begunAt.slice(0, 8)).toEqual([0, 0, 0, 0, 800, 800, 800, 800])
  expect(begunAt.slice(38, 42)).toEqual([7_200, 7_200, 8_200, 9_200])
  expect(begunAt).toHaveLength(332)
  expect(waitFrom(begunAt, 360_000)).toBeLessThanOrEqual(0)
})
