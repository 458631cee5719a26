import { describe, expect, it } from 'vitest'
import type { SiteView } from '../../src/engine/views.ts'
import { siteGauges } from '../../src/metrics/site-gauges.ts'
import { addressView, recordView, regionView, setView, siteView } from './views.ts'

const read = (name: string, view: SiteView): readonly string[] =>
  siteGauges
    .filter((gauge) => gauge.name === `dns_failover_${name}`)
    .flatMap((gauge) => gauge.samples(view))
    .map(({ labels, value }) => `${Object.values(labels).join(' ')} = ${value}`)

const at = '2027-01-15T08:00:00.000Z'
const seconds = Date.parse(at) / 1000
const site = (over: Partial<SiteView>): SiteView => siteView('s', over)
const region = (...states: readonly ('unknown' | 'up' | 'down')[]): SiteView => site({ regions: [regionView('msk', { addresses: states.map((state, n) => addressView(`192.0.2.${n}`, { state })) })] })

const replicated = site({
  regions: [
    regionView('ams', { freshness: { state: 'stale', text: '', writer: 'msk', lagMs: 12_000, contentId: null, lags: [{ writer: 'msk', lagMs: 12_000 }, { writer: 'fra', lagMs: null }], heartbeatAgeMs: 4_000 } }),
    regionView('msk'),
  ],
})

describe('the gauge', () => {
  it.each<[name: string, view: SiteView, samples: readonly string[]]>([
    ['site_condition', site({ condition: 'blind' }), ['s blind = 1']],
    ['paused', site({}), ['s = 0']],
    ['paused', site({ pause: { until: null, reason: '', by: '' } }), ['s = 1']],
    ['provider_failing', site({}), ['s cf = 0']],
    ['provider_failing', site({ provider: { name: 'cf', trouble: 'no answer', since: at, retryAt: null } }), ['s cf = 1']],
    ['last_change_timestamp_seconds', site({}), []],
    ['last_change_timestamp_seconds', site({ lastChange: { at, text: '', changes: [] } }), [`s = ${seconds}`]],
    ['blind', site({ sets: [] }), []],
    ['blind', site({ sets: [setView(), setView({ name: 'b', mode: 'blind' }), setView({ type: 'AAAA' })] }), ['s v4 = 1', 's v6 = 0']],
    ['replication_lag_seconds', region(), []],
    ['replication_lag_seconds', replicated, ['s ams msk = 12']],
    ['replication_stale', region(), []],
    ['replication_stale', replicated, ['s ams = 1']],
    ['replication_heartbeat_age_seconds', replicated, ['s ams = 4']],
    ['region_up', region(), []],
    ['region_up', region('unknown'), []],
    ['region_up', region('unknown', 'down'), ['s msk = 0']],
    ['region_up', region('down', 'up'), ['s msk = 1']],
    ['region_unresolved', site({ regions: [regionView('a'), regionView('b', { problems: ['SERVFAIL'] })] }), ['s a = 0', 's b = 1']],
    ['words', site({ regions: [regionView('a')] }), []],
    [
      'words',
      site({ regions: [regionView('a', { words: (['down', 'up', 'down'] as const).map((opinion, n) => ({ source: 'kuma', mode: 'vote', monitor: `${n}`, opinion, detail: '', heardAt: at, expiresAt: at })) })] }),
      ['s a kuma up = 1', 's a kuma down = 2'],
    ],
    ['force', site({ regions: [regionView('a', { force: { to: 'down', since: at, until: null, reason: '', by: '' } })] }), ['s a down = 1']],
    ['force_end_timestamp_seconds', site({ regions: [regionView('a', { force: { to: 'down', since: at, until: null, reason: '', by: '' } })] }), []],
    ['force_end_timestamp_seconds', site({ regions: [regionView('a', { force: { to: 'down', since: at, until: at, reason: '', by: '' } })] }), [`s a = ${seconds}`]],
    ['address_up', region('up', 'down', 'unknown'), ['s msk 192.0.2.0 v4 = 1', 's msk 192.0.2.1 v4 = 0']],
    ['address_up', site({ others: [addressView('2001:db8::9', { state: 'down' })] }), ['s  2001:db8::9 v6 = 0']],
    ['certificate_remaining_seconds', site({ others: [addressView('192.0.2.9', { certificateDays: -2 }), addressView('192.0.2.8', { certificateDays: null })] }), ['s  192.0.2.9 = -172800']],
    [
      'address_published',
      site({ regions: [regionView('a', { addresses: [addressView('192.0.2.1', { sets: [recordView({ isWanted: false }), recordView({ name: 'b', isPublished: false })] })] })] }),
      ['s a 192.0.2.1 www.example.com A = 1', 's a 192.0.2.1 b A = 0'],
    ],
    ['address_wanted', site({ others: [addressView('192.0.2.9', { sets: [recordView({ isWanted: false })] })] }), ['s  192.0.2.9 www.example.com A = 0']],
    ['set_mode', site({ sets: [setView({ mode: 'family-down' })] }), ['s www.example.com A family-down = 1']],
    ['set_refused', site({ sets: [setView(), setView({ type: 'AAAA', refused: '' })] }), ['s www.example.com A = 0', 's www.example.com AAAA = 1']],
    ['records_read_timestamp_seconds', site({ sets: [setView({ readAt: null }), setView({ type: 'AAAA', readAt: at })] }), [`s www.example.com AAAA = ${seconds}`]],
    ['verification', site({}), []],
    ['name_servers', site({}), []],
  ])('%s of a view, case %#', (name, view, samples) => {
    expect(read(name, view)).toEqual(samples)
  })

  it('labels its samples as it says', () => {
    const view = site({
      regions: [regionView('a', { addresses: [addressView('192.0.2.1')], force: { to: 'up', since: at, until: at, reason: '', by: '' } })],
      sets: [setView({ verification: { at, outcome: 'agreed', timeToEffectMs: 1, movedAt: at, servers: [{ name: 'a.ns', address: '127.0.0.1', standing: 'agrees', values: [], detail: null }] } })],
    })
    const wrong = siteGauges.flatMap((gauge) => gauge.samples(view).flatMap(({ labels }) => (Object.keys(labels).join() === gauge.labels.join() ? [] : [gauge.name])))
    expect(wrong).toEqual([])
  })
})
