import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHeartbeats } from '../../src/checks/heartbeat.ts'
import { noLooks, withAnswers } from '../../src/core/heartbeat-looks.ts'
import { staleNow } from '../../src/core/stale-regions.ts'
import type { FreshnessRules } from '../../src/core/freshness.ts'
import { aCheck, now } from '../checks/checking.ts'
import { startHttp } from '../fakes/region-server.ts'
import { edited, edits, strangeValue, withValueAt } from './edits.ts'

const heartbeats = createHeartbeats({ now })
const sound = { version: 1, region: 'msk', counter: 7, boot: 'b1', writtenAt: '2026-11-22T15:00:00Z', content: 'c7' }
const served: fc.Arbitrary<Buffer> = fc.oneof(
  edits.map((each) => edited(Buffer.from(`${JSON.stringify(sound)}\n`), each)),
  fc.tuple(fc.nat(20), strangeValue).map(([place, value]) => Buffer.from(JSON.stringify(withValueAt(sound, place, value)) ?? '')),
  fc.record({ counter: fc.oneof(fc.maxSafeNat(), fc.nat(20)), boot: fc.constantFrom('b1', 'b2') }).map((changes) => Buffer.from(JSON.stringify({ ...sound, ...changes }))),
)
const rules: FreshnessRules = { mode: 'single-writer', writer: 'msk', regions: ['msk', 'ams', 'fra'], everyMs: 5_000, maxLagMs: 30_000, onLag: 'withdraw', fall: 3 }

it('whatever regions serve as heartbeats is read as one or as none, and judged; what they serve once moves nobody', async () => {
  const bodies: Buffer[] = []
  const server = await startHttp((request, response) => void response.end(bodies[Number(request.url?.slice(1))]))
  const read = (at: number) => heartbeats.read({ url: `http://failover.test:${server.port}/${at}`, address: server.address, check: aCheck({ bounds: { totalMs: 30_000 } }), writer: 'msk' }, new AbortController().signal)
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ msk: served, ams: served, fra: served }), { minLength: 1, maxLength: 6 }), async (looks) => {
      let state = noLooks
      for (const [at, look] of looks.entries()) {
        bodies.splice(0, 3, look.msk, look.ams, look.fra)
        const copies = await Promise.all(rules.regions.map(async (region, n) => [region, { msk: await read(n) }] as const))
        for (const [, { msk }] of copies) kinds.add(msk.kind)
        state = withAnswers(state, Object.fromEntries(copies), { returned: ['fra'], published: ['msk', 'ams'] }, rules, at * 5_000)
        const stale = staleNow(state, {}, new Set(), rules, at * 5_000)
        for (const { looks: count, lagMs } of Object.values(stale)) expect([count >= rules.fall, Number.isFinite(lagMs ?? 0)]).toEqual([true, true])
        for (const { text } of Object.values(state.suspicions)) expect(text.length).toBeLessThan(1_000)
      }
    }),
    { numRuns: 60 },
  )
  expect([...kinds].toSorted()).toEqual(['failed', 'found'])
}, 120_000)
