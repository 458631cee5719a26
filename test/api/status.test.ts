import { describe, expect, it } from 'vitest'
import type { DayView, IncidentView } from '../../src/engine/history-port.ts'
import type { PublicStatusView, RegionView, SiteView } from '../../src/engine/views.ts'
import { publicStatus } from '../../src/api/public-status.ts'
import { addressView, recordView, regionView, siteView } from '../metrics/views.ts'
import { fakeHistory, fakeOperations, siteView as fullView } from './operations.ts'
import { unbuiltPages } from './pages.ts'
import { serving, tokens } from './serving.ts'

const at = '2026-01-31T12:00:00.000Z'
const title = 'Our shop'
const statusOf = (view: SiteView | undefined, days: readonly DayView[] = [], incidents: readonly IncidentView[] = []): PublicStatusView => publicStatus({ site: 'www.example.com', title, at, view, past: { days, incidents } })

const up = addressView('192.0.2.1')
const down = addressView('192.0.2.2', { state: 'down', sets: [recordView({ isPublished: false })] })
const unknown = addressView('192.0.2.3', { state: 'unknown' })
const downButPublished = addressView('192.0.2.4', { state: 'down' })
const drain: RegionView['drain'] = { region: 'ams', origin: 'order', since: at, until: null, reason: 'secret reason', by: 'ops', isForced: false, progress: { phase: 'safe', text: '', servers: [], expiresAt: null, safeSince: null } }
const force = (to: 'up' | 'down'): RegionView['force'] => ({ to, since: at, until: null, reason: 'secret reason', by: 'ops' })
const stale: RegionView['freshness'] = { state: 'stale', text: '', writer: null, lagMs: null, contentId: null, lags: [], heartbeatAgeMs: null }
const msk = regionView('msk', { addresses: [up] })
const ams = (over: Partial<RegionView>): readonly RegionView[] => [msk, regionView('ams', over)]

describe('what visitors are told of a site', () => {
  it.each<[string, SiteView | undefined, PublicStatusView['state'], readonly string[]]>([
    ['all serves', siteView('a', { regions: ams({ addresses: [up] }) }), 'available', ['available', 'available']],
    ['a region is down', siteView('a', { regions: ams({ addresses: [down] }) }), 'degraded', ['available', 'unavailable']],
    ['a region serves by one family', siteView('a', { regions: ams({ addresses: [up, down] }) }), 'available', ['available', 'available']],
    ['a region is drained', siteView('a', { regions: ams({ addresses: [down], drain }) }), 'available', ['available', 'maintenance']],
    ['a region is forced down', siteView('a', { regions: ams({ addresses: [up], drain, force: force('down') }) }), 'available', ['available', 'maintenance']],
    ['a drained region is forced up', siteView('a', { regions: ams({ addresses: [up], drain, force: force('up') }) }), 'available', ['available', 'available']],
    ['a region serves old content', siteView('a', { regions: ams({ addresses: [up], freshness: stale }) }), 'degraded', ['available', 'unavailable']],
    ['a region has not been checked yet', siteView('a', { regions: ams({ addresses: [unknown] }) }), 'available', ['available', 'unknown']],
    ['all are down, and published for want of better', siteView('a', { condition: 'fail-open', regions: [regionView('msk', { addresses: [downButPublished] })] }), 'unavailable', ['unavailable']],
    ['nothing is published', siteView('a', { condition: 'fail-closed', regions: [regionView('msk', { addresses: [down] })] }), 'unavailable', ['unavailable']],
    ['we may be the ones cut off', siteView('a', { condition: 'blind', regions: ams({ addresses: [down] }) }), 'unknown', ['unknown', 'unknown']],
    ['nobody watches', siteView('a', { condition: 'failed', regions: ams({ addresses: [up], drain }) }), 'unknown', ['unknown', 'maintenance']],
    ['its watch has yet to begin', undefined, 'unknown', []],
  ])('where %s', (_, view, state, regions) => {
    const status = statusOf(view)
    expect([status.state, status.regions.map((each) => each.state)]).toEqual([state, regions])
  })

  it('has the days of the site, and of no region', () => {
    const day = (text: string, region: string | null, availability: number | null): DayView => ({ day: text, region, availability, coverage: 1, downMs: 0, degradedMs: 0 })
    expect(statusOf(undefined, [day('2026-01-30', null, 0.99), day('2026-01-30', 'msk', 0.5), day('2026-01-31', null, null)]).days).toEqual([
      { day: '2026-01-30', availability: 0.99 },
      { day: '2026-01-31', availability: null },
    ])
  })

  it('has incidents that visitors may have noticed, in words that tell nothing else, those of one region together', () => {
    const incident = (kind: IncidentView['kind'], from: number, to: number | null, region: string | null = 'msk'): IncidentView => ({
      id: from, site: 'a', region, address: '192.0.2.10', kind, cause: 'secret cause', startedAt: new Date(from * 1000).toISOString(), endedAt: to === null ? null : new Date(to * 1000).toISOString(), durationMs: 0, detectMs: null, withdrawMs: null, effectMs: null,
    })
    const times = (from: number, to: number | null) => ({ startedAt: new Date(from * 1000).toISOString(), endedAt: to === null ? null : new Date(to * 1000).toISOString() })
    const { incidents } = statusOf(undefined, [], [
      incident('down', 900, null),
      incident('down', 890, 950),
      incident('fail-closed', 800, 810, null),
      incident('fail-open', 700, 710, null),
      incident('down', 500, 560, 'ams'),
      incident('down', 110, 130),
      incident('down', 100, 120),
      incident('blind', 60, 70, null),
      incident('provider-failed', 50, 55, null),
      incident('disagreed', 40, 45, null),
    ])
    expect(incidents).toEqual([
      { ...times(890, null), text: 'msk was not available' },
      { ...times(800, 810), text: 'The site was taken off the net, as no region answered its checks' },
      { ...times(700, 710), text: 'No region answered its checks' },
      { ...times(500, 560), text: 'ams was not available' },
      { ...times(100, 130), text: 'msk was not available' },
    ])
  })

  it('names no address, provider, service subdomain, cause, person or reason', async () => {
    const { ask } = await serving()
    const text = await (await ask('GET', '/api/v1/status/a.example')).text()
    const view = JSON.stringify(fullView('a.example'))
    for (const secret of ['192.0.2.', '2001:db8', '198.51.100', '"cf"', 'msk.a.example', 'ams.a.example', 'kernel', '"ops"', 'timeout', 'kuma', 'ns1.example', 'all is well', '198.51']) {
      expect([secret, text.includes(secret)]).toEqual([secret, false])
    }
    for (const known of ['192.0.2.', 'msk.a.example', 'kernel', 'kuma', 'ns1.example']) expect(view).toContain(known)
    expect(JSON.parse(text)).toEqual({
      site: 'a.example',
      at,
      title: 'A site',
      state: 'available',
      regions: [{ region: 'msk', state: 'maintenance' }, { region: 'ams', state: 'maintenance' }],
      isPastKnown: true,
      days: [{ day: '2026-01-30', availability: 0.99 }],
      incidents: [{ startedAt: at, endedAt: null, text: 'msk was not available' }],
    })
  })
})

describe('a public status', () => {
  it('is the same to whoever asks, with a token or without', async () => {
    const { ask } = await serving({ isOpen: false })
    const texts = await Promise.all([undefined, 'guess-guess-guess', tokens.webhook, tokens.operate].map(async (token) => (await ask('GET', '/api/v1/status/a.example', token === undefined ? {} : { token })).text()))
    expect(new Set(texts).size).toBe(1)
  })

  it('of a site without one is like that of a site that is not there', async () => {
    const { ask } = await serving()
    const seen = async (path: string) => {
      const answer = await ask('GET', path)
      const text = (await answer.text()).replaceAll(/[bc]\.example/g, 'x.example')
      return [answer.status, text, [...answer.headers].filter(([name]) => name !== 'date')]
    }
    expect(await seen('/api/v1/status/b.example')).toEqual(await seen('/api/v1/status/c.example'))
    expect(await seen('/status/b.example')).toEqual(await seen('/status/c.example'))
    expect((await seen('/api/v1/status/b.example'))[0]).toBe(404)
    expect((await seen('/status/b.example'))[0]).toBe(404)
    expect((await ask('GET', '/api/v1/status/__proto__')).status).toBe(404)
  })

  it('asks the history once in five seconds for all visitors, and for one page at a time', async () => {
    let [asked, running, most, now] = [0, 0, 0, 0]
    const history = fakeHistory()
    const slow = {
      ...history,
      days: async (query: Parameters<typeof history.days>[0]) => {
        asked += 1
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running -= 1
        return history.days(query)
      },
    }
    const { ask } = await serving({}, { history: slow, now: () => now, pages: { ...unbuiltPages, statusPage: () => ({ title: 'Any' }) } })
    const read = (): Promise<readonly number[]> => Promise.all(['a.example', 'b.example'].flatMap((site) => Array.from({ length: 20 }, async () => (await ask('GET', `/api/v1/status/${site}`)).status)))
    expect(new Set(await read())).toEqual(new Set([200]))
    expect([asked, most]).toEqual([2, 1])
    now = 4_999
    await read()
    expect(asked).toBe(2)
    now = 5_000
    await read()
    expect([asked, most]).toEqual([4, 1])
  })

  it('waits for a history that is slow no longer than one answer of it, however often and long visitors ask', async () => {
    let [asked, now] = [0, 0]
    let release = (): void => undefined
    const gate = new Promise<void>((resolve) => void (release = resolve))
    const history = fakeHistory()
    const stuck = {
      ...history,
      days: async (query: Parameters<typeof history.days>[0]) => {
        asked += 1
        await gate
        return history.days(query)
      },
    }
    const { ask } = await serving({}, { history: stuck, now: () => now })
    const answers: Promise<Response>[] = []
    for (const later of [0, 6_000, 12_000, 18_000]) {
      now = later
      answers.push(ask('GET', '/api/v1/status/a.example'))
      // Each has come in, and asks the history if it is to.
      // oxlint-disable-next-line no-await-in-loop
      await (await ask('GET', '/api/v1/session')).text()
    }
    release()
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(asked).toBe(1)
  })

  it('says what is while the history cannot be read, and does not take the past for quiet', async () => {
    let [asked, now] = [0, 0]
    let trouble: string | null = null
    const history = fakeHistory()
    const failing = {
      ...history,
      days: async (query: Parameters<typeof history.days>[0]) => {
        asked += 1
        return trouble === null ? history.days(query) : { days: [], trouble }
      },
      incidents: async (query: Parameters<typeof history.incidents>[0]) => (trouble === null ? history.incidents(query) : { incidents: [], trouble }),
    }
    const { ask } = await serving({}, { history: failing, now: () => now, pages: { ...unbuiltPages, statusPage: () => ({ title: 'Any' }) } })
    const read = async (site: string): Promise<PublicStatusView> => (await (await ask('GET', `/api/v1/status/${site}`)).json()) as PublicStatusView
    const before = await read('a.example')
    expect([before.isPastKnown, before.incidents.length]).toEqual([true, 1])
    trouble = 'the disk'
    now = 5_000
    expect(await read('a.example')).toEqual({ ...before, isPastKnown: false, days: [], incidents: [] })
    expect(await read('b.example')).toMatchObject({ isPastKnown: false, days: [], incidents: [] })
    // Once, not for each.
    expect(asked).toBe(2)
    trouble = null
    now = 10_000
    expect(await read('b.example')).toMatchObject({ isPastKnown: true, days: before.days })
  })

  it('is not the fault of a moment for five seconds', async () => {
    let isBroken = true
    const operations = fakeOperations()
    const { ask } = await serving({}, { operations: { ...operations, site: (name) => { if (isBroken) throw new Error('a fault'); return operations.site(name) } } })
    expect((await ask('GET', '/api/v1/status/a.example')).status).toBe(500)
    isBroken = false
    expect((await ask('GET', '/api/v1/status/a.example')).status).toBe(200)
  })

  it('is gone at once when its page is turned off', async () => {
    let isOn = true
    const { ask } = await serving({}, { pages: { ...unbuiltPages, statusPage: () => (isOn ? { title: 'A site' } : undefined) } })
    expect((await ask('GET', '/api/v1/status/a.example')).status).toBe(200)
    isOn = false
    expect((await ask('GET', '/api/v1/status/a.example')).status).toBe(404)
  })
})
