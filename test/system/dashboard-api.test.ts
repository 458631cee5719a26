import { expect, it, onTestFinished } from 'vitest'
import type { IncidentView, StoryView } from '../../src/engine/history-port.ts'
import type { AnswersView, OrderView, PublicStatusView, ResultsView, SiteSummaryView } from '../../src/engine/views.ts'
import { readEvents } from '../api/event-reading.ts'
import { type ApiAnswer, endpointAt, eventually, operateToken, startOperated, untilA } from './operated-bench.ts'

const site = 'www.example.test'
const net = '127.91.0'
const own = { 'x-requested-with': 'dns-failover' }

/** What a page of the dashboard does, over a real service: without a token but at the start. */
it('serves a signed-in browser through a failure, a drain, a restart and the end of its token', { timeout: 180_000 }, async () => {
  const [msk, ams] = [`${net}.2`, `${net}.3`]
  const operated = await startOperated({ addresses: [msk, ams], apiHost: `${net}.4`, atEnd: onTestFinished })
  const { port } = operated.regions
  const server = endpointAt(`${net}.5`, port)
  const config = (statusPage: string): string => `providers: { local: { type: embedded, listen: "${net}.5:${port}", zone: example.test } }
nameservers: ["${net}.5:${port}"]
sites:
  ${site}:
    allowPrivate: true
    ttl: 1
    removalWindow: 0s
    damping: { base: 0s, max: 0s }
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms }
    statusPage: ${statusPage}
`
  await operated.write(config('false'))
  const service = await operated.start()
  await untilA(server, site, [msk, ams])

  const signedIn = await fetch(`${operated.apiUrl}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: operateToken }) })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect([signedIn.status, await signedIn.json()]).toEqual([200, expect.objectContaining({ signedIn: true, name: 'ops', mayOperate: true })])
  const get = async <T>(path: string): Promise<T> => (await operated.api('GET', `/api/v1/${path}`, undefined, { cookie })).body as T
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = own): Promise<ApiAnswer> => operated.api('POST', `/api/v1/${path}`, body, { ...headers, cookie })
  const summary = async (): Promise<SiteSummaryView | undefined> => (await get<{ readonly sites: readonly SiteSummaryView[] }>('overview')).sites[0]

  // A region fails, live.
  const live = await readEvents(`${operated.apiUrl}/api/v1/events?site=${site}&after=0`, { cookie })
  operated.regions.set(ams, 'fail')
  await eventually(async () => /"kind":"health"[^\n]*"to":"down"/.test(live.text()) && /"kind":"verified"[^\n]*"outcome":"agreed"/.test(live.text()))
  await untilA(server, site, [msk])
  await eventually(async () => {
    const { sets = [], lastChange } = (await summary()) ?? {}
    return sets[0]?.published.join() === msk && lastChange?.text.startsWith('ams withdrawn: status (') === true && lastChange.timeToEffectMs !== null
  })
  const degraded = await summary()
  expect(degraded).toMatchObject({ site, condition: 'degraded', sets: [{ published: [msk], wanted: [msk] }], verified: { outcome: 'agreed' } })
  expect(degraded?.regions.map(({ region, state, publishing }) => [region, state, publishing])).toEqual([['msk', 'up', 'published'], ['ams', 'down', 'withheld']])
  const results = await get<ResultsView>(`sites/${site}/results`)
  expect(results.addresses.map(({ address, results: all }) => [address, all.at(-1)?.kind])).toEqual([[msk, 'ok'], [ams, 'failed']])
  await eventually(async () => (await get<AnswersView>(`sites/${site}/answers`)).sets[0]?.servers[0]?.standing === 'agrees')
  expect((await get<AnswersView>(`sites/${site}/answers`)).sets.map(({ name, type, published, servers }) => [name, type, published, servers.map(({ values, ttl }) => [values, ttl])])).toEqual([[site, 'A', [msk], [[[msk], 1]]]])

  // Its incident, and the story of it.
  operated.regions.set(ams, 'serve')
  await untilA(server, site, [msk, ams])
  const { incidents } = await get<{ readonly incidents: readonly IncidentView[] }>('incidents?kind=down')
  expect(incidents.map(({ region, address, endedAt }) => [region, address, endedAt === null])).toEqual([['ams', ams, false]])
  const { story } = await get<{ readonly story: StoryView }>(`incidents/${incidents[0]?.id}`)
  const kinds = new Set(story.events.map(({ kind }) => kind))
  for (const kind of ['health', 'decided', 'written', 'verified']) expect(kinds).toContain(kind)
  expect(story.points.reduce((sum, { failed }) => sum + failed, 0)).toBeGreaterThanOrEqual(2)

  // A drain: refused from elsewhere, previewed, done.
  const drain = `sites/${site}/regions/msk/drain`
  const order = { for: '1h', reason: 'kernel' }
  expect([(await post(drain, order, {})).status, (await post(drain, order, { ...own, 'sec-fetch-site': 'cross-site' })).status]).toEqual([403, 403])
  const preview = (await post(drain, { ...order, dryRun: true })).body as OrderView
  expect(preview.changes.map(({ before, after }) => [before.values, after.values])).toEqual([[[msk, ams], [ams]]])
  expect((await summary())?.regions.map(({ isDrained }) => isDrained)).toEqual([false, false])
  expect((await post(drain, order)).status).toBe(200)
  await untilA(server, site, [ams])
  await eventually(async () => (await summary())?.regions[0]?.publishing === 'withheld')
  expect((await summary())?.regions.map(({ region, isDrained }) => [region, isDrained])).toEqual([['msk', true], ['ams', false]])
  expect((await operated.events('kind=operator')).map(({ text }) => text)).toEqual(['drain msk, ordered by ops (api): done'])

  // A status page, from a reload on.
  const visitor = (path: string): Promise<Response> => fetch(`${operated.apiUrl}${path}`)
  expect([(await visitor(`/api/v1/status/${site}`)).status, (await visitor(`/status/${site}`)).status]).toEqual([404, 404])
  await operated.write(config('{ title: Our shop }'))
  service.signal('SIGHUP')
  await eventually(async () => (await visitor(`/api/v1/status/${site}`)).status === 200)
  const status = (await (await visitor(`/api/v1/status/${site}`)).json()) as PublicStatusView
  expect(status).toMatchObject({ site, title: 'Our shop', state: 'available', regions: [{ region: 'msk', state: 'maintenance' }, { region: 'ams', state: 'available' }] })
  expect(JSON.stringify(status)).not.toMatch(/127\.|kernel|local/)
  expect((await visitor(`/status/${site}`)).headers.get('content-type')).toMatch(/^text\//)

  // A restart leaves the session, and the drain; the reader of events goes on where it was.
  service.signal('SIGTERM')
  await service.ended
  await live.ended
  const again = await operated.start()
  expect(await get('session')).toMatchObject({ signedIn: true, name: 'ops' })
  expect((await summary())?.regions.map(({ isDrained }) => isDrained)).toEqual([true, false])
  const last = (await live.ids(0)).at(-1) ?? 0
  const resumed = await readEvents(`${operated.apiUrl}/api/v1/events`, { cookie, 'last-event-id': String(last) })
  expect(Math.min(...(await resumed.ids(1)))).toBeGreaterThan(last)

  // Another token: the session, and what is read by it, are over.
  await operated.write(config('false'), 'another-0123456789abcdef')
  again.signal('SIGHUP')
  await resumed.ended
  expect([(await operated.api('GET', '/api/v1/overview', undefined, { cookie })).status, (await post(drain, order)).status, (await visitor(`/api/v1/status/${site}`)).status]).toEqual([401, 401, 404])
})
