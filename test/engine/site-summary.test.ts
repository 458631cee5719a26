import { expect, it } from 'vitest'
import { siteSummary } from '../../src/engine/site-summary.ts'
import type { RegionView, SiteSummaryView, VerificationView } from '../../src/engine/views.ts'
import { addressView, recordView, regionView, setView, siteView } from '../metrics/views.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString()
const verification = (second: number, outcome: VerificationView['outcome'], timeToEffectMs: number | null = null, movedAt: string | null = null): VerificationView => ({ at: at(second), outcome, timeToEffectMs, movedAt, servers: [] })

const out = recordView({ isPublished: false })
const drained: RegionView['drain'] = { region: 'msk', origin: 'order', since: at(0), until: null, reason: 'kernel', by: 'ops', isForced: false, progress: { phase: 'safe', text: '', servers: [], expiresAt: null, safeSince: null } }
const forced = (to: 'up' | 'down'): RegionView['force'] => ({ to, since: at(0), until: null, reason: 'test', by: 'ops' })

type Told = Partial<SiteSummaryView['regions'][number]>

it.each<[string, Partial<RegionView>, Told]>([
  ['up and published', { addresses: [addressView('192.0.2.1'), addressView('2001:db8::1')] }, { state: 'up', publishing: 'published' }],
  ['of two minds', { addresses: [addressView('192.0.2.1'), addressView('2001:db8::1', { state: 'down', sets: [recordView({ type: 'AAAA', isPublished: false })] })] }, { state: 'mixed', publishing: 'partly' }],
  ['down and withdrawn', { addresses: [addressView('192.0.2.1', { state: 'down', sets: [out] })] }, { state: 'down', publishing: 'withheld' }],
  ['without an address', {}, { state: 'unknown', publishing: 'none' }],
  ['drained', { addresses: [addressView('192.0.2.1', { sets: [out] })], drain: drained }, { state: 'up', publishing: 'withheld', isDrained: true }],
  ['forced down, which is shown as a drain', { addresses: [addressView('192.0.2.1', { sets: [out] })], drain: drained, force: forced('down') }, { state: 'up', publishing: 'withheld', forced: 'down' }],
  ['drained, but forced up', { addresses: [addressView('192.0.2.1')], drain: drained, force: forced('up') }, { state: 'up', publishing: 'published', isDrained: true, forced: 'up' }],
  ['stale', { addresses: [addressView('192.0.2.1', { sets: [out] })], role: 'standby', freshness: { state: 'stale', text: '', writer: null, lagMs: null, contentId: null, lags: [], heartbeatAgeMs: null } }, { state: 'up', publishing: 'withheld', role: 'standby', isStale: true }],
])('tells of a region that is %s', (_, region, expected) => {
  const usual = { region: 'msk', role: 'active', isDrained: false, forced: null, isStale: false }
  expect(siteSummary(siteView('www.example.com', { regions: [regionView('msk', region)] })).regions).toEqual([{ ...usual, ...expected }])
})

it('tells what is published beside what should be', () => {
  const sets = [setView({ published: ['192.0.2.1'], wanted: ['192.0.2.1', '192.0.2.2'] })]
  expect(siteSummary(siteView('www.example.com', { sets })).sets).toEqual([{ name: 'www.example.com', type: 'A', published: ['192.0.2.1'], wanted: ['192.0.2.1', '192.0.2.2'] }])
})

it.each<[string, readonly (VerificationView | null)[], SiteSummaryView['verified']]>([
  ['none that was made', [null, null], null],
  ['the latest of several that agree', [verification(5, 'agreed'), verification(9, 'agreed'), null], { at: at(9), outcome: 'agreed' }],
  ['one that disagrees, though another agreed later', [verification(5, 'disagreed'), verification(9, 'agreed')], { at: at(5), outcome: 'disagreed' }],
  ['one that is not confirmed, unless another disagrees', [verification(5, 'unconfirmed'), verification(9, 'agreed')], { at: at(5), outcome: 'unconfirmed' }],
])('of verifications tells %s', (_, verifications, expected) => {
  const sets = verifications.map((each, index) => setView({ name: `${index}.example.com`, verification: each }))
  expect(siteSummary(siteView('www.example.com', { sets })).verified).toEqual(expected)
})

it.each<[string, VerificationView | null, VerificationView | null, number | null, string | null]>([
  ['once both sets are seen with it', verification(11, 'agreed', 1_400, at(70)), verification(12, 'agreed', 900, at(71)), 1_400, at(71)],
  ['not while one is not', verification(11, 'agreed', 1_400, at(70)), null, null, null],
  ['not by what was seen before it', verification(11, 'agreed', 1_400, at(70)), verification(9, 'agreed', 900, at(71)), null, null],
  ['not where one never agreed', verification(11, 'agreed', 1_400, at(70)), verification(12, 'disagreed'), null, null],
])('tells when the last change took effect: %s', (_, first, second, timeToEffectMs, movedAt) => {
  const sets = [setView({ verification: first }), setView({ type: 'AAAA', verification: second }), setView({ name: 'other.example.com', verification: verification(50, 'agreed', 9_999, at(99)) })]
  const changes = (['A', 'AAAA'] as const).map((type) => ({ name: 'www.example.com', type, added: [], removed: ['192.0.2.1'], reasons: [] }))
  const summary = siteSummary(siteView('www.example.com', { sets, lastChange: { at: at(10), text: 'msk withdrawn', changes } }))
  expect(summary.lastChange).toEqual({ at: at(10), text: 'msk withdrawn', timeToEffectMs, movedAt })
})
