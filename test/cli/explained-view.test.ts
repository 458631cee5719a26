import { expect, it } from 'vitest'
import { explainedSite } from '../../src/cli/render/explained-view.ts'
import { explainText } from '../../src/cli/render/explain-text.ts'
import { styleOf } from '../../src/cli/render/style.ts'
import type { AddressView, RegionView, SiteView } from '../../src/engine/views.ts'

const address: AddressView = {
  address: '203.0.113.10', standing: 'configured', state: 'up', since: '2026-01-01T11:59:00.000Z', checkedAt: '2026-01-01T11:59:59.000Z', hasPassed: true, failures: 0,
  cause: null, detail: null, latencyMs: 12, certificateDays: null, readmitAt: null, verdict: 'up', ballots: [], sets: [],
}
const regionWith = (freshness: RegionView['freshness']): RegionView => ({ region: 'msk', role: 'active', service: null, addresses: [address], problems: [], drain: null, force: null, words: [], replacement: null, freshness })
const siteWith = (region: RegionView): SiteView => ({
  site: 'one.example', names: ['one.example'], at: '2026-01-01T12:00:00.000Z', condition: 'healthy', text: 'all regions serve', pause: null,
  provider: { name: 'cf', trouble: null, since: null, retryAt: null }, regions: [region], others: [], sets: [], lastChange: null, lastCycleAt: null,
})
const copy = { writer: 'fra', lagMs: 40_000, contentId: null, lags: [], heartbeatAgeMs: null }

it('notes content that is behind though nobody is withdrawn for it', () => {
  const behind = explainedSite(siteWith(regionWith({ state: 'behind', text: 'is 40 s behind fra', ...copy })))
  expect(behind.note).toBe('content of msk is behind: it is 40 s behind fra; nobody is withdrawn for it so far')
  expect(explainText(behind, Date.parse('2026-01-01T12:00:00Z'), styleOf(false)).split('\n')[1]).toBe(`  note: ${behind.note ?? ''}`)
  expect(explainedSite(siteWith(regionWith({ state: 'fresh', text: 'it has what others have', ...copy }))).note).toBeUndefined()
})
