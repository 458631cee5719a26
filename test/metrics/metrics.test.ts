import { describe, expect, it } from 'vitest'
import type { SiteView } from '../../src/engine/views.ts'
import { address } from '../fakes/dns-names.ts'
import { startBusyService, troubled } from './busy-service.ts'
import { everyEvent, health, verified, written } from './engine-events.ts'
import { checked, failed, passed, renderAnew, samplesOf, startMetrics, untold } from './samples.ts'
import { addressView, regionView, siteView } from './views.ts'

const site = 'www.example.com'

describe('events', () => {
  it('count checks by what they saw, and time those that passed', async () => {
    const started = startMetrics()
    const { metrics } = started
    for (const result of [passed, passed, failed, untold]) metrics.event(checked(site, 'msk', '192.0.2.1', result))
    metrics.event(checked(site, undefined, '198.51.100.9', passed))
    expect(await renderAnew(started)).toMatchObject({
      'dns_failover_checks_total{site="www.example.com",region="msk",address="192.0.2.1",result="ok",cause=""}': 2,
      'dns_failover_checks_total{site="www.example.com",region="msk",address="192.0.2.1",result="failed",cause="status"}': 1,
      'dns_failover_checks_total{site="www.example.com",region="msk",address="192.0.2.1",result="cannot-tell",cause="late"}': 1,
      'dns_failover_checks_total{site="www.example.com",region="",address="198.51.100.9",result="ok",cause=""}': 1,
      'dns_failover_check_duration_seconds_count{site="www.example.com",region="msk"}': 2,
      'dns_failover_check_duration_seconds_sum{site="www.example.com",region="msk"}': 0.08,
    })
  })

  it('tell how long a failover took', async () => {
    const started = startMetrics()
    const { metrics, clock } = started
    clock.now = 5000
    metrics.event(health('192.0.2.1', 'up', 'down', 2000))
    clock.now = 5500
    metrics.event(written([address('192.0.2.1'), address('192.0.2.2')], [address('192.0.2.2')]))
    metrics.event(verified('agreed', 2000))
    expect(await renderAnew(started)).toMatchObject({
      'dns_failover_detection_seconds_sum{site="www.example.com"}': 3,
      'dns_failover_withdrawal_seconds_sum{site="www.example.com"}': 0.5,
      'dns_failover_effect_seconds_sum{site="www.example.com"}': 2,
      'dns_failover_health_changes_total{site="www.example.com",region="msk",to="down"}': 1,
      'dns_failover_writes_total{site="www.example.com",type="A"}': 1,
      'dns_failover_verifications_total{site="www.example.com",outcome="agreed"}': 1,
    })
  })

  it('of cycles tell the last good one by the clock on the wall', async () => {
    const started = startMetrics()
    const { metrics, clock } = started
    metrics.event({ kind: 'cycled', site, outcome: 'steady', ms: 20, refusals: [] })
    clock.now = 60_000
    metrics.event({ kind: 'cycled', site, outcome: 'read-failed', ms: 20, refusals: [] })
    metrics.event({ kind: 'cycled', site, outcome: 'write-failed', ms: 20, refusals: ['floor'] })
    expect(await renderAnew(started)).toMatchObject({
      'dns_failover_last_successful_cycle_timestamp_seconds{site="www.example.com"}': 1_800_000_000,
      'dns_failover_cycles_total{site="www.example.com",outcome="steady"}': 1,
      'dns_failover_cycles_total{site="www.example.com",outcome="read-failed"}': 1,
      'dns_failover_guard_refusals_total{site="www.example.com",code="floor"}': 1,
      dns_failover_cycle_duration_seconds_count: 3,
    })
  })

  it('tell whether the state can be saved', async () => {
    const started = startMetrics()
    const series = 'dns_failover_state_unsaved{site="www.example.com"}'
    started.metrics.event(everyEvent['state-not-saved'])
    expect(await renderAnew(started)).toMatchObject({ [series]: 1 })
    started.metrics.event(everyEvent['state-saved'])
    expect(await renderAnew(started)).toMatchObject({ [series]: 0 })
  })
})

describe('the service', () => {
  it('begins what alerts look at with zeros, so that the first one is an increase', async () => {
    const started = startMetrics()
    started.metrics.providerCall({ provider: 'cf', operation: 'read', outcome: 'ok', ms: 100 })
    started.metrics.alert({ target: 'slack', outcome: 'sent' })
    expect(await renderAnew(started)).toMatchObject({
      'dns_failover_provider_calls_total{provider="cf",operation="read",outcome="ok"}': 1,
      'dns_failover_provider_calls_total{provider="cf",operation="read",outcome="auth"}': 0,
      'dns_failover_alerts_total{target="slack",outcome="sent"}': 1,
      'dns_failover_alerts_total{target="slack",outcome="failed"}': 0,
    })
  })

  it('keeps labels that come from outside to few values', async () => {
    const started = startMetrics()
    for (let n = 0; n < 1000; n += 1) {
      started.metrics.request({ route: `/${n}`, method: `M${n}`, status: 404, ms: 1 })
      started.metrics.webhook({ source: `s${n}`, outcome: 'unknown-source' })
    }
    const samples = await renderAnew(started)
    const counts = (name: string): readonly number[] => Object.entries(samples).flatMap(([series, value]) => (series.startsWith(`${name}{`) ? [value] : []))
    const webhooks = counts('dns_failover_webhooks_total')
    const requests = counts('dns_failover_http_requests_total')
    expect([webhooks.length, requests.length]).toEqual([101, 101])
    expect([Math.max(...webhooks), Math.max(...requests)]).toEqual([900, 900])
  })

  it('tells requests left of the providers that count now', async () => {
    let all = [{ provider: 'cf', left: 7 }]
    const started = startMetrics({ requestsLeft: () => all })
    expect(await renderAnew(started)).toMatchObject({ 'dns_failover_provider_requests_left{provider="cf"}': 7 })
    all = []
    expect(Object.keys(await renderAnew(started)).filter((series) => series.includes('requests_left{'))).toEqual([])
  })

  it('tells how its loops go round, but not of one that waits to begin anew', async () => {
    const started = startMetrics({ pulses: () => [{ site: 'a', sinceMs: 1500 }, { site: 'b', sinceMs: undefined }] })
    const loops = Object.entries(await renderAnew(started)).filter(([series]) => series.startsWith('dns_failover_loop_age'))
    expect(loops).toEqual([['dns_failover_loop_age_seconds{site="a"}', 1.5]])
  })
})

describe('series end', () => {
  const hour = 3_600_000
  const view = (...addresses: readonly string[]): SiteView => siteView(site, { regions: [regionView('msk', { addresses: addresses.map((text) => addressView(text)) })] })
  const checksOf = (samples: Readonly<Record<string, number>>): readonly string[] => Object.keys(samples).flatMap((series) => /_checks_total\{.*address="([^"]+)"/.exec(series)?.[1] ?? [])

  it('with their site, once told so', async () => {
    const busy = startBusyService()
    const fresh = startMetrics({ views: () => [troubled] })
    const ofSite = async (started: typeof fresh): Promise<readonly string[]> => Object.keys(await renderAnew(started)).filter((series) => series.includes(`site="${site}"`) && !series.includes('loop_age'))
    busy.metrics.event(checked('other.example.com', 'msk', '192.0.2.1', passed))
    const before = await ofSite(busy)
    busy.metrics.forget(site)
    const after = await ofSite(busy)
    expect(before.length - after.length).toBeGreaterThan(20)
    expect(after).toEqual(await ofSite(fresh))
    expect(Object.keys(await renderAnew(busy))).toContain('dns_failover_checks_total{site="other.example.com",region="msk",address="192.0.2.1",result="ok",cause=""}')
  })

  it('and nothing of a forgotten site is remembered: its address may come again', async () => {
    const started = startMetrics()
    started.metrics.event(health('192.0.2.1', 'up', 'down'))
    started.metrics.forget(site)
    started.clock.now = 60_000
    started.metrics.event(written([address('192.0.2.1')], []))
    expect(Object.keys(await renderAnew(started)).filter((series) => series.startsWith('dns_failover_withdrawal'))).toEqual([])
  })

  it('with the view, where they are read off it', async () => {
    let views: readonly SiteView[] = [view('192.0.2.1', '192.0.2.2')]
    const started = startMetrics({ views: () => views })
    const up = async (): Promise<readonly string[]> => Object.keys(await renderAnew(started)).filter((series) => series.startsWith('dns_failover_address_up'))
    expect(await up()).toHaveLength(2)
    views = [view('192.0.2.2')]
    expect(await up()).toEqual(['dns_failover_address_up{site="www.example.com",region="msk",address="192.0.2.2",family="v4"}'])
    views = []
    expect(await up()).toEqual([])
  })

  it('an hour after the last check of an address that is gone, and not of one that is there', async () => {
    let views = [view('192.0.2.1', '192.0.2.2')]
    const started = startMetrics({ views: () => views })
    const { metrics, clock } = started
    for (const text of ['192.0.2.1', '192.0.2.2']) metrics.event(checked(site, 'msk', text, passed))
    views = [view('192.0.2.2')]
    clock.now = hour - 2000
    expect(checksOf(await renderAnew(started))).toEqual(['192.0.2.1', '192.0.2.2'])
    expect(checksOf(await renderAnew(started))).toEqual(['192.0.2.2'])
    clock.now = 100 * hour
    expect(checksOf(await renderAnew(started))).toEqual(['192.0.2.2'])
  })

  it('with a region, and with a site of which nobody said that it is gone', async () => {
    let views = [view('192.0.2.1'), siteView('gone.example.com')]
    const started = startMetrics({ views: () => views })
    started.metrics.event(checked(site, 'former', '192.0.2.1', passed))
    started.metrics.event({ ...everyEvent.cycled, site: 'gone.example.com' })
    views = [view('192.0.2.1')]
    started.clock.now = hour
    const events = Object.keys(await renderAnew(started)).filter((series) => /former|gone/.test(series))
    expect(events).toEqual([])
  })

  it('at 2,000 of one site where nobody ever fetches them: first those that have not moved for longest', async () => {
    const started = startMetrics()
    for (let n = 0; n < 5000; n += 1) {
      started.metrics.event(checked(site, 'msk', '192.0.2.1', passed))
      started.metrics.event(checked(site, 'msk', `10.1.${n >> 8}.${n & 255}`, failed))
    }
    const kept = checksOf(samplesOf((await started.metrics.render()).body))
    expect([kept.length, kept.includes('192.0.2.1'), kept.includes('10.1.19.135'), kept.includes('10.1.0.0')]).toEqual([1999, true, true, false])
  })
})

describe('a render', () => {
  it('is made once for all who ask meanwhile, and anew after a second', async () => {
    let made = 0
    const { metrics, clock } = startMetrics({
      views: () => {
        made += 1
        return []
      },
    })
    await Promise.all([metrics.render(), metrics.render(), metrics.render()])
    clock.now += 999
    await metrics.render()
    expect(made).toBe(1)
    clock.now += 1
    const { contentType } = await metrics.render()
    expect([made, contentType]).toEqual([2, 'text/plain; version=0.0.4; charset=utf-8'])
  })

  it('that fails is not the last one', async () => {
    let isBroken = true
    const { metrics, clock } = startMetrics({
      views: () => {
        if (isBroken) throw new Error('no views')
        return []
      },
    })
    await expect(metrics.render()).rejects.toThrow('no views')
    isBroken = false
    clock.now += 1000
    expect((await metrics.render()).body).toContain('dns_failover_sites 0')
  })

  it('has each heading once, and all sites under it', async () => {
    const started = startMetrics()
    const sites = Array.from({ length: 100 }, (_, n) => `site${n}.example.com`)
    for (const each of sites) started.metrics.event(checked(each, 'msk', '192.0.2.1', passed))
    const { body } = await started.metrics.render()
    const headings = body.split('\n').filter((line) => line.startsWith('# HELP'))
    expect(new Set(headings).size).toBe(headings.length)
    const block = /# TYPE dns_failover_checks_total counter\n((?:[^#].*\n)*)/.exec(body)?.[1] ?? ''
    expect([...block.matchAll(/site="([^"]+)"/g)].map(([, name]) => name).toSorted()).toEqual(sites.toSorted())
  })

  it('escapes what stands in labels', async () => {
    const started = startMetrics()
    started.metrics.webhook({ source: 'a"b\\c\nd', outcome: 'accepted' })
    expect(await renderAnew(started)).toMatchObject({ [String.raw`dns_failover_webhooks_total{source="a\"b\\c\nd",outcome="accepted"}`]: 1 })
  })
})
