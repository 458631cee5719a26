import { describe, expect, it } from 'vitest'
import type { ApiOptions } from '../../src/api/api-parts.ts'
import { allRoutes, document, misfits } from './document.ts'
import { siteView, storedEvent } from './operations.ts'
import { serving, type Serving, tokens } from './serving.ts'

interface Case {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly url: string
  readonly body?: unknown
  readonly status?: number
  /** What the operations are asked for, besides the actor. */
  readonly call?: readonly [string, ...unknown[]]
  readonly need: 'nothing' | 'session' | 'read' | 'operate' | 'webhook'
}

const region = '/api/v1/sites/{site}/regions/{region}'
const msk = '/api/v1/sites/a.example/regions/msk'

const cases: readonly Case[] = [
  { need: 'nothing', method: 'GET', path: '/healthz', url: '/healthz' },
  { need: 'nothing', method: 'GET', path: '/readyz', url: '/readyz', status: 503 },
  { need: 'nothing', method: 'GET', path: '/api/v1/openapi.json', url: '/api/v1/openapi.json' },
  { need: 'nothing', method: 'GET', path: '/api/v1/session', url: '/api/v1/session' },
  { need: 'nothing', method: 'DELETE', path: '/api/v1/session', url: '/api/v1/session' },
  { need: 'nothing', method: 'GET', path: '/api/v1/status/{site}', url: '/api/v1/status/a.example' },
  { need: 'session', method: 'POST', path: '/api/v1/session', url: '/api/v1/session', body: { token: tokens.read } },
  { need: 'read', method: 'GET', path: '/api/v1/overview', url: '/api/v1/overview' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/summary', url: '/api/v1/sites/a.example/summary' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/results', url: '/api/v1/sites/a.example/results' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/answers', url: '/api/v1/sites/a.example/answers' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/series', url: '/api/v1/sites/a.example/series?address=192.0.2.10&since=7d&step=1h' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/days', url: '/api/v1/sites/a.example/days?since=90d' },
  { need: 'read', method: 'GET', path: '/api/v1/incidents', url: '/api/v1/incidents?site=a.example&region=msk&kind=down,blind&since=7d&limit=5' },
  { need: 'read', method: 'GET', path: '/api/v1/incidents/{id}', url: '/api/v1/incidents/3' },
  { need: 'read', method: 'GET', path: '/metrics', url: '/metrics' },
  { need: 'read', method: 'GET', path: '/api/v1/sites', url: '/api/v1/sites' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}', url: '/api/v1/sites/a.example' },
  { need: 'read', method: 'GET', path: '/api/v1/sites/{site}/explain', url: '/api/v1/sites/a.example/explain?address=192.0.2.10' },
  { need: 'read', method: 'GET', path: '/api/v1/events', url: '/api/v1/events?site=a.example&region=msk&kind=health&kind=mode&since=24h&until=2026-02-01T00:00:00%2B02:00&before=9&limit=5' },
  { need: 'read', method: 'GET', path: '/api/v1/report', url: '/api/v1/report?since=30d&site=a.example&site=b.example' },
  {
    need: 'operate',
    method: 'POST',
    path: '/api/v1/sites/{site}/reconcile',
    url: '/api/v1/sites/a.example/reconcile',
    call: ['reconcile', 'a.example', { isDryRun: false }],
  },
  {
    need: 'operate',
    method: 'POST',
    path: `${region}/drain`,
    url: `${msk}/drain`,
    body: { for: '1h', reason: ' kernel ', force: true },
    call: ['drain', 'a.example', { region: 'msk', forMs: 3_600_000, reason: 'kernel', isForced: true, isDryRun: false }],
  },
  { need: 'operate', method: 'DELETE', path: `${region}/drain`, url: `${msk}/drain`, call: ['undrain', 'a.example', { region: 'msk', isDryRun: false }] },
  {
    need: 'operate',
    method: 'POST',
    path: `${region}/force`,
    url: `${msk}/force`,
    body: { to: 'down', for: '30d', reason: 'r', dryRun: true },
    call: ['force', 'a.example', { region: 'msk', to: 'down', forMs: 2_592_000_000, reason: 'r', isDryRun: true }],
  },
  { need: 'operate', method: 'DELETE', path: `${region}/force`, url: `${msk}/force?dryRun=true`, call: ['unforce', 'a.example', { region: 'msk', isDryRun: true }] },
  {
    need: 'operate',
    method: 'POST',
    path: `${region}/repoint`,
    url: `${msk}/repoint`,
    body: { addresses: ['192.0.2.77', '2001:DB8:0::77'], keepOtherFamily: true, unchecked: true },
    call: ['repoint', 'a.example', { region: 'msk', addresses: ['192.0.2.77', '2001:db8::77'], keepsOtherFamily: true, isUnchecked: true, reason: 'no reason given', isDryRun: false }],
  },
  { need: 'operate', method: 'POST', path: '/api/v1/sites/{site}/pause', url: '/api/v1/sites/a.example/pause', body: { reason: 'move' }, call: ['pause', 'a.example', { forMs: undefined, reason: 'move' }] },
  { need: 'operate', method: 'DELETE', path: '/api/v1/sites/{site}/pause', url: '/api/v1/sites/a.example/pause', call: ['resume', 'a.example'] },
  { need: 'operate', method: 'POST', path: '/api/v1/alerts/test', url: '/api/v1/alerts/test', body: { name: 'slack' } },
  {
    need: 'webhook',
    method: 'POST',
    path: '/api/v1/webhooks/{source}',
    url: '/api/v1/webhooks/kuma',
    body: { down: ['msk'] },
    status: 202,
    call: ['hear', 'kuma', [{ site: 'a.example', region: 'msk', monitor: 'm', opinion: 'down', detail: 'timeout', eventAt: 0 }]],
  },
]

const send = ({ ask }: Serving, { method, url, body }: Case, token: string | undefined): Promise<Response> =>
  ask(method, url, { ...(token === undefined ? {} : { token }), ...(body === undefined ? {} : { body }) })

const rightToken: Readonly<Record<Case['need'], string | undefined>> = { nothing: undefined, session: undefined, read: tokens.read, operate: tokens.operate, webhook: tokens.source }

const whose: Readonly<Record<string, string | undefined>> = { nobody: undefined, stranger: 'stranger-0123456789', reader: tokens.read, operator: tokens.operate, monitor: tokens.webhook, source: tokens.source }

/** The status that each of `whose` gets; 0: the one of success. */
const matrix: Readonly<Record<'closed' | 'here' | 'open', Readonly<Record<Case['need'], Readonly<Record<string, number>>>>>> = {
  closed: {
    nothing: { nobody: 0, stranger: 0, reader: 0, operator: 0, monitor: 0, source: 0 },
    session: { nobody: 0, stranger: 0, reader: 0, operator: 0, monitor: 0, source: 0 },
    read: { nobody: 401, stranger: 401, reader: 0, operator: 0, monitor: 403, source: 401 },
    operate: { nobody: 401, stranger: 401, reader: 403, operator: 0, monitor: 403, source: 401 },
    webhook: { nobody: 401, stranger: 401, reader: 403, operator: 403, monitor: 0, source: 0 },
  },
  here: {
    nothing: { nobody: 0, stranger: 0, reader: 0, operator: 0, monitor: 0, source: 0 },
    session: { nobody: 401, stranger: 401, reader: 401, operator: 401, monitor: 401, source: 401 },
    read: { nobody: 0, stranger: 401, reader: 401, operator: 401, monitor: 401, source: 401 },
    operate: { nobody: 401, stranger: 401, reader: 401, operator: 401, monitor: 401, source: 401 },
    webhook: { nobody: 401, stranger: 401, reader: 401, operator: 401, monitor: 401, source: 0 },
  },
  open: {
    nothing: { nobody: 0, stranger: 0, reader: 0, operator: 0, monitor: 0, source: 0 },
    session: { nobody: 0, stranger: 0, reader: 0, operator: 0, monitor: 0, source: 0 },
    read: { nobody: 0, stranger: 401, reader: 0, operator: 0, monitor: 403, source: 401 },
    operate: { nobody: 401, stranger: 401, reader: 403, operator: 0, monitor: 403, source: 401 },
    webhook: { nobody: 401, stranger: 401, reader: 403, operator: 403, monitor: 0, source: 0 },
  },
}

const optionsOf: Readonly<Record<'closed' | 'here' | 'open', Partial<ApiOptions>>> = { closed: {}, here: { tokens: [] }, open: { isOpen: true } }

describe('the document', () => {
  it('has every route, and a case here tries each', () => {
    const inDocument = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`))
    expect(inDocument.toSorted()).toEqual(allRoutes.map(({ method, path }) => `${method} ${path}`).toSorted())
    expect(inDocument.toSorted()).toEqual(cases.map(({ method, path }) => `${method} ${path}`).toSorted())
    const ids = Object.values(document.paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is what is served, and every reference in it leads somewhere', async () => {
    const { ask } = await serving()
    const text = await (await ask('GET', '/api/v1/openapi.json')).text()
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)))
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) expect(document.components.schemas).toHaveProperty(name)
    expect(text).not.toContain('__schema')
  })

  it('finds what does not fit', () => {
    const { text: _text, ...less } = siteView('a')
    expect(misfits('GET', '/api/v1/sites/{site}', 200, 'application/json', JSON.stringify(siteView('a')))).toEqual([])
    expect(misfits('GET', '/api/v1/sites/{site}', 200, 'application/json', JSON.stringify({ ...siteView('a'), more: 1 }))).not.toEqual([])
    expect(misfits('GET', '/api/v1/sites/{site}', 200, 'application/json', JSON.stringify(less))).not.toEqual([])
    expect(misfits('GET', '/api/v1/sites/{site}', 200, 'application/json', JSON.stringify({ ...siteView('a'), at: 'yesterday' }))).not.toEqual([])
  })
})

describe('a route', () => {
  it.each(cases)('$method $url answers as documented, and asks for what it says', async (each) => {
    const served = await serving()
    served.history.add(storedEvent(3))
    const answer = await send(served, each, rightToken[each.need])
    const body = await answer.text()
    expect([answer.status, body.slice(0, answer.status === (each.status ?? 200) ? 0 : 500)]).toEqual([each.status ?? 200, ''])
    expect(misfits(each.method, each.path, answer.status, answer.headers.get('content-type') ?? '', body)).toEqual([])
    const actor = each.need === 'operate' ? [{ name: 'ops', via: 'api' }] : []
    const [name, ...args] = each.call ?? []
    expect(served.operations.calls).toEqual(name === undefined ? [] : [{ name, args: [...args, ...actor] }])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect([...answer.headers.keys()].filter((key) => key.startsWith('access-control'))).toEqual([])
  })
})

describe.each(['closed', 'here', 'open'] as const)('with the API %s', (mode) => {
  it('each token opens what it should, and nothing else', async () => {
    const served = await serving(optionsOf[mode])
    const expected: string[] = []
    const seen: string[] = []
    for (const each of cases) {
      for (const [who, token] of Object.entries(whose)) {
        const status = matrix[mode][each.need][who]
        expected.push(`${who}: ${each.method} ${each.path} ${status === 0 ? (each.status ?? 200) : status}`)
        const before = served.operations.calls.length
        // oxlint-disable-next-line no-await-in-loop
        const answer = await send(served, each, token)
        seen.push(`${who}: ${each.method} ${each.path} ${answer.status}`)
        // oxlint-disable-next-line no-await-in-loop
        const body = await answer.text()
        expect(misfits(each.method, each.path, answer.status, answer.headers.get('content-type') ?? '', body)).toEqual([])
        if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="dns-failover"/)
        if (answer.status === 403) expect(body).toMatch(each.need === 'webhook' ? /scope webhook:kuma/ : new RegExp(`scope ${each.need}`))
        if (status !== 0) expect(served.operations.calls.length).toBe(before)
      }
    }
    expect(seen).toEqual(expected)
    for (const token of Object.values(tokens)) expect(JSON.stringify(served.lines)).not.toContain(token)
  })
})
