import { expect, it } from 'vitest'
import { verify } from '../../../src/engine/verify.ts'
import type { SitePorts } from '../../../src/engine/ports.ts'
import { healths, resolved } from '../../core/known-sites.ts'
import { keyA, main, v4 } from '../../core/samples.ts'
import { makeBench, mark, plantOurs, zone } from './bench.ts'

const both = { msk: [v4(1)], ams: [v4(2)] }
const nobodyAsked = { servers: async () => Promise.reject(new Error('the name servers answer with the edge, so they are not asked')) }

it('keeps a proxied name as it does any other, and proxied', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)], { proxied: true, ttl: 1, comment: `rack 7 ${mark}` })
  expect(await bench.cycle(resolved(both, { health: healths([v4(1), v4(2)]) }))).toEqual({ kind: 'steady' })

  expect(await bench.cycle(resolved(both, { health: healths([v4(2)], [v4(1)]) }))).toEqual({ kind: 'applied' })
  expect(bench.values()).toEqual([v4(2)])

  expect(await bench.cycle(resolved(both, { health: healths([v4(1), v4(2)]) }))).toEqual({ kind: 'applied' })
  const records = bench.api.records(zone).filter((record) => record.name === main && record.type === 'A')
  expect(records.map(({ content, proxied, ttl }) => ({ content, proxied, ttl })).toSorted((a, b) => a.content.localeCompare(b.content))).toEqual([
    { content: v4(1), proxied: true, ttl: 1 },
    { content: v4(2), proxied: true, ttl: 1 },
  ])
  expect(bench.batches().map(({ body }) => body)).toEqual([
    { deletes: [{ id: expect.any(String) }] },
    { posts: [{ type: 'A', name: main, content: v4(1), ttl: 1, proxied: true, comment: mark }] },
  ])
})

it('turns a dead proxied record into its replacement, which stays proxied', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)], { proxied: true, ttl: 1 })
  const state = resolved({ msk: [v4(3)], ams: [v4(2)] }, { retired: { [v4(1)]: 'msk' }, health: healths([v4(2), v4(3)], [v4(1)]) })
  expect(await bench.cycle(state)).toEqual({ kind: 'applied' })
  const records = bench.api.records(zone).filter((record) => record.name === main && record.type === 'A')
  expect(records.map(({ content, proxied }) => `${content} ${proxied}`).toSorted()).toEqual([`${v4(2)} true`, `${v4(3)} true`])
})

it('verifies a proxied name at the provider, which alone shows it', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)], { proxied: true, ttl: 1 })
  const [before] = await bench.provider.read([keyA], AbortSignal.timeout(5_000))
  if (before === undefined) throw new Error('not read')
  const change = { key: keyA, before, after: { values: [v4(2)], ttl: 300, owned: [v4(2)] }, reasons: [] }
  let now = 1_000
  const clock = { now: () => now, wallNow: () => 0, sleep: async (ms: number) => void (now += ms) }
  const ports = { provider: bench.provider, clock, authorities: nobodyAsked } as unknown as SitePorts
  const bounds = { deadlineMs: 2_000, tries: 2 }
  const early = await verify(change, 1_000, bounds, ports, AbortSignal.timeout(20_000))
  expect(early).toMatchObject({ source: 'provider', outcome: 'disagreed', servers: [], timeToEffectMs: undefined })

  await bench.provider.apply([change], AbortSignal.timeout(5_000))
  const writtenAt = now
  expect(await verify(change, writtenAt, bounds, ports, AbortSignal.timeout(20_000))).toEqual({
    key: keyA,
    expected: [v4(2)],
    source: 'provider',
    servers: [],
    outcome: 'agreed',
    timeToEffectMs: 0,
    movedAt: undefined,
  })
})
