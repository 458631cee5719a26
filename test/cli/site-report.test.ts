import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Change } from '../../src/core/rrset.ts'
import { type Health, unknownHealth } from '../../src/core/health.ts'
import type { Site } from '../../src/core/site.ts'
import { emptyState } from '../../src/core/site-state.ts'
import type { OnceResult } from '../../src/engine/once.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { safeSiteReport, type SiteReportOptions } from '../../src/cli/render/site-report.ts'

const address = '192.0.2.1' as Address
const check = { identity: 'check', fall: 2, rise: 2, confirmSpanMs: 0, bounds: { totalMs: 100 } } as Site['check']
const site = { name: 'a.example', regions: [{ name: 'msk', role: 'active', source: { kind: 'fixed', addresses: [address] } }], check, policy: { allowPrivate: true } } as unknown as Site
const changeOf = (type: 'A' | 'AAAA'): Change =>
  ({ key: { name: 'a.example', type }, before: { values: [], ttl: 0, owned: [] }, after: { values: [], ttl: 60, owned: [] }, reasons: [] }) as unknown as Change
const [a, aaaa] = [changeOf('A'), changeOf('AAAA')]

const options: SiteReportOptions = {
  isInterrupted: false,
  checksMs: 60_000,
  unsaved: undefined,
  batch: 1,
  clock: { now: () => 0, wallNow: () => 1_800_000_000_000 },
  redact: (text) => text,
}

const resultOf = (cycle: Partial<OnceResult['cycle']>, health: Partial<Health> = {}): OnceResult => ({
  cycle: { site: site.name, removals: [], writes: [], readings: [], current: [], decisions: [], obstacles: [], planned: [], pause: undefined, judged: new Map(), outcome: { kind: 'steady' }, ...cycle },
  state: { ...emptyState, regions: { msk: { addresses: [address], problems: {} } }, health: { [address]: { ...unknownHealth('check', 0), state: 'up', hasPassed: true, ...health } } },
  tallies: new Map(),
  undecided: [],
  verifications: [],
  seen: { current: [], firstReadAt: 0, observer: { vantage: 'here', references: [], local: new Set() }, results: new Map() },
})

const planned = [a, aaaa].map((change) => ({ change, verdict: { kind: 'allowed' } as const }))
const unknown = new ProviderError('no reply', { code: 'unavailable', outcome: 'unknown' })

describe('the report of a site', () => {
  it.each([
    [1, [null, false]],
    [2, [null, null]],
  ])('says of a write without an answer that nobody knows, and of what was not sent that it was not made (%i at once)', (batch, applied) => {
    const report = safeSiteReport(site, resultOf({ planned, outcome: { kind: 'write-unknown', error: unknown } }), { ...options, batch })
    expect({ outcome: report.outcome, applied: report.changes.map((change) => change.applied), code: report.error?.code }).toEqual({ outcome: 'failed', applied, code: 'unavailable' })
  })

  it('does not blame the provider for our own end', () => {
    const ended = { ...options, isInterrupted: true }
    const unread = new ProviderError('aborted', { code: 'unavailable', outcome: 'unchanged' })
    const { outcome, holds, error } = safeSiteReport(site, resultOf({ outcome: { kind: 'read-failed', error: unread } }), ended)
    expect({ outcome, holds, error }).toEqual({ outcome: 'interrupted', holds: [], error: undefined })
    expect(safeSiteReport(site, resultOf({ planned, outcome: { kind: 'write-unknown', error: unknown } }), ended).error).toMatchObject({ code: 'interrupted', outcome: 'unknown' })
  })

  it('is an error for a name that something else stands at, and lists every further one', () => {
    const [cname, delegation] = ['a CNAME', 'a delegation'].map((text) => new ProviderError(text, { code: 'rejected', outcome: 'unchanged' }))
    if (cname === undefined || delegation === undefined) throw new Error('two')
    expect(safeSiteReport(site, resultOf({ obstacles: [cname, delegation] }), options)).toMatchObject({
      outcome: 'failed',
      error: { message: 'a CNAME' },
      warnings: [{ kind: 'obstacle', text: 'a delegation' }],
    })
  })

  it('knows no moment outside of every calendar', () => {
    expect(safeSiteReport(site, resultOf({}, { since: -1e300 }), options).addresses.map(({ verdict, since }) => ({ verdict, since }))).toEqual([{ verdict: 'up', since: null }])
  })

  it('says what was written, even if the rest cannot be told', () => {
    const broken = { ...resultOf({ writes: [{ change: a, writtenAt: 0 }], outcome: { kind: 'applied' } }), verifications: undefined as unknown as OnceResult['verifications'] }
    const report = safeSiteReport(site, broken, options)
    expect({ outcome: report.outcome, applied: report.changes.map((change) => change.applied), code: report.error?.code }).toEqual({ outcome: 'failed', applied: [true], code: 'internal' })
  })
})
