import { expect, it } from 'vitest'
import { zoneFindings } from '../../../src/cli/doctor/zone-findings.ts'
import { markChanges } from '../../../src/core/ownership.ts'
import type { SitePorts } from '../../../src/engine/ports.ts'
import { write } from '../../../src/engine/write.ts'
import { healths, resolved } from '../../core/known-sites.ts'
import { keyA, main, site, v4 } from '../../core/samples.ts'
import { type Bench, makeBench, mark, plantOurs, zone } from './bench.ts'

/** As long as a comment may be on the Free plan: no mark fits. */
const full = 'x'.repeat(100)
const both = { msk: [v4(1)], ams: [v4(2)] }
const plantFull = ({ api }: Bench, address: string): void => api.plant(zone, [{ name: main, type: 'A', content: address, ttl: 60, comment: full }])
const comments = ({ api }: Bench): readonly unknown[] =>
  api.records(zone).filter(({ name, type }) => name === main && type === 'A').map(({ content, comment }) => [content, comment])

it('is left alone, and not tried again', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(1))
  plantOurs(bench.api, [v4(2)], { comment: '' })
  const state = resolved(both, { health: healths([v4(1), v4(2)]) })
  expect([await bench.cycle(state), await bench.cycle(state)]).toEqual([{ kind: 'applied' }, { kind: 'steady' }])
  expect(comments(bench)).toEqual([[v4(1), full], [v4(2), mark]])
  expect(bench.batches()).toHaveLength(1)
})

it('does not hold back the withdrawal of another address', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(1))
  plantOurs(bench.api, [v4(2)])
  expect(await bench.cycle(resolved(both, { health: healths([v4(1)], [v4(2)]) }))).toEqual({ kind: 'applied' })
  expect(comments(bench)).toEqual([[v4(1), full]])
})

it('does not hold back its own withdrawal, after which the address returns marked', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(1))
  plantOurs(bench.api, [v4(2)])
  expect(await bench.cycle(resolved(both, { health: healths([v4(2)], [v4(1)]) }))).toEqual({ kind: 'applied' })
  expect(comments(bench)).toEqual([[v4(2), mark]])
  expect(await bench.cycle(resolved(both, { health: healths([v4(1), v4(2)]) }))).toEqual({ kind: 'applied' })
  expect(comments(bench)).toEqual([[v4(2), mark], [v4(1), mark]])
})

it('of somebody else does not make a foreign address ours', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(9))
  plantOurs(bench.api, [v4(1), v4(2)])
  expect(await bench.cycle(resolved(both, { health: healths([v4(1), v4(2)]) }))).toEqual({ kind: 'steady' })
  expect(await bench.cycle(resolved(both, { health: healths([v4(2)], [v4(1)]) }))).toEqual({ kind: 'applied' })
  expect(comments(bench)).toEqual([[v4(9), full], [v4(2), mark]])
})

it('of a dead record goes with it, where a replacement comes', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(1))
  plantOurs(bench.api, [v4(2)])
  const state = resolved({ msk: [v4(3)], ams: [v4(2)] }, { retired: { [v4(1)]: 'msk' }, health: healths([v4(2), v4(3)], [v4(1)]) })
  expect(await bench.cycle(state)).toEqual({ kind: 'applied' })
  expect(comments(bench)).toEqual([[v4(2), mark], [v4(3), mark]])
})

it('is told by the doctor, with the room that is needed', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(1))
  plantOurs(bench.api, [v4(2)])
  const authorities = { servers: async () => [], ask: async () => Promise.reject(new Error('there is nobody to ask')) }
  const ports = { provider: bench.provider, authorities } as unknown as SitePorts
  const findings = await zoneFindings(site({ names: [main] }), ports, AbortSignal.timeout(5_000))
  expect(findings.filter(({ area, status }) => area === 'records' && status !== 'ok').map(({ status, text, advice }) => ({ status, text, advice }))).toEqual([
    {
      status: 'warn',
      text: `${main} A: ${v4(1)} cannot be marked as ours: its comment has no room left`,
      advice: 'shorten it to leave 19 characters for the mark; until then it is known as ours only while a region leads to it',
    },
  ])
})

it('is an error for who orders the mark and nothing else', async () => {
  const bench = await makeBench()
  plantFull(bench, v4(9))
  const current = await bench.provider.read([keyA], AbortSignal.timeout(5_000))
  const outcome = await write(bench.provider, markChanges('take-over', [v4(9)], site(), resolved(both), current), AbortSignal.timeout(5_000))
  expect(outcome.kind === 'failed' ? outcome.error.message : outcome.kind).toBe(
    `cannot update ${main} A at Cloudflare: the comment of record ${v4(9)} leaves no room for our ownership mark; shorten it to 81 characters`,
  )
  expect(comments(bench)).toEqual([[v4(9), full]])
})
