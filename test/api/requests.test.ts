import { describe, expect, it } from 'vitest'
import type { RefusalCode } from '../../src/engine/operations.ts'
import { serving, tokens } from './serving.ts'

const drain = '/api/v1/sites/a.example/regions/msk/drain'
const repoint = '/api/v1/sites/a.example/regions/msk/repoint'
const good = { for: '1h', reason: 'kernel' }
const forText = 'write how long, from 1s to 30d, such as 90s, 15m, 1h, 2d or 1h30m'
const reasonText = 'write why, in 1 to 200 printable characters: people will read it'

describe('a request', () => {
  it.each<[string, unknown, string]>([
    [drain, {}, `for: ${forText}. reason: ${reasonText}`],
    [drain, { ...good, for: 3600 }, `for: ${forText}`],
    [drain, { ...good, for: '1 hour' }, `for: ${forText}`],
    [drain, { ...good, for: '0s' }, `for: ${forText}`],
    [drain, { ...good, for: '31d' }, `for: ${forText}`],
    [drain, { ...good, for: '-1h' }, `for: ${forText}`],
    [drain, { ...good, reason: '' }, `reason: ${reasonText}`],
    [drain, { ...good, reason: '   ' }, `reason: ${reasonText}`],
    [drain, { ...good, reason: 'a\nb' }, `reason: ${reasonText}`],
    [drain, { ...good, reason: 'a\u202eb' }, `reason: ${reasonText}`],
    [drain, { ...good, reason: 'x'.repeat(201) }, `reason: ${reasonText}`],
    [drain, { ...good, force: 'yes' }, 'force: write true or false'],
    [drain, { ...good, dryrun: true }, '"dryrun": there is no such field; there are for, reason, force, dryRun'],
    [drain, [], 'body: must be a JSON object'],
    [drain, null, 'body: must be a JSON object'],
    [drain, '{"__proto__":{"for":"1h","reason":"r"}}', `for: ${forText}. reason: ${reasonText}. "__proto__": there is no such field; there are for, reason, force, dryRun`],
    ['/api/v1/sites/a.example/regions/msk/force', { ...good, to: 'sideways' }, 'to: write up or down'],
    [repoint, {}, 'addresses: write a list of 1 to 20 addresses'],
    [repoint, { addresses: [] }, 'addresses: write a list of 1 to 20 addresses'],
    [repoint, { addresses: Array(21).fill('192.0.2.1') }, 'addresses: write a list of 1 to 20 addresses'],
    [repoint, { addresses: ['192.0.2.1', 'example.com'] }, 'addresses.1: write an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8::10'],
    ['/api/v1/sites/a.example/pause', { for: '1h' }, `reason: ${reasonText}`],
    ['/api/v1/alerts/test', { name: 1 }, 'name: write the name of an alert target'],
  ])('%s with %j is told what to write', async (path, body, detail) => {
    const { ask, operations } = await serving()
    const answer = await ask('POST', path, { token: tokens.operate, body })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ type: 'urn:dns-failover:problem:invalid-request', title: 'Unprocessable Entity', status: 422, code: 'invalid-request', instance: path, detail })
    expect(operations.calls).toEqual([])
  })

  it.each([
    ['GET', '/api/v1/events?limit=0', 'limit: write a number from 1 to 1000'],
    ['GET', '/api/v1/events?limit=1&limit=2', 'limit: write a number from 1 to 1000'],
    ['GET', '/api/v1/events?after=x', "after: write an event's id, a whole number"],
    ['GET', '/api/v1/events?since=yesterday', 'since: write a time such as 2026-01-31T12:00:00Z, or how long ago, such as 90m, 24h or 30d (at most 3650d)'],
    ['GET', '/api/v1/events?since=99999d', 'since: write a time such as 2026-01-31T12:00:00Z, or how long ago, such as 90m, 24h or 30d (at most 3650d)'],
    ['GET', '/api/v1/events?page=2', '"page": there is no such field; there are site, region, kind, since, until, after, before, limit'],
    ['GET', '/api/v1/report?since=1h&until=2h', 'since must be before until'],
    ['GET', '/api/v1/sites?site=a.example', 'this takes no query'],
    ['GET', '/api/v1/sites/a.example/series', 'address: write an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8::10'],
    ['GET', '/api/v1/sites/a.example/series?address=example.com', 'address: write an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8::10'],
    ['GET', '/api/v1/sites/a.example/series?address=192.0.2.1&step=10s', 'step: write how long, from 1m to 30d, such as 5m or 1h'],
    ['GET', '/api/v1/sites/a.example/series?address=192.0.2.1&since=500d', 'since must be at most 401 days before until'],
    ['GET', '/api/v1/sites/a.example/days?since=1h&until=2h', 'since must be before until'],
    ['GET', '/api/v1/sites/a.example/days?since=500d', 'since must be at most 401 days before until'],
    ['GET', '/api/v1/incidents?kind=down,up', 'kind.1: there are down, fail-open, fail-closed, blind, provider-failed, disagreed'],
    ['GET', '/api/v1/incidents?limit=1001', 'limit: write a number from 1 to 1000'],
    ['GET', '/api/v1/overview?site=a.example', 'this takes no query'],
    ['DELETE', `${drain}?dryRun=1`, 'dryRun: write true or false'],
    ['POST', '/api/v1/sites/a.example/reconcile?dryRun=true', 'this takes no query'],
  ])('%s %s: %s', async (method, path, detail) => {
    const { ask, operations } = await serving()
    const answer = await ask(method, path, { token: tokens.operate })
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([422, detail])
    expect(operations.calls).toEqual([])
  })

  it.each([
    ['GET', '/nothing', 404, 'not-found'],
    ['GET', '/api/v1/sites/', 404, 'not-found'],
    ['GET', '/api/v1/sites/d.example', 503, 'not-watched'],
    ['GET', '/api/v1/sites/c.example', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/c.example/explain', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/a.example/explain?address=192.0.2.99', 404, 'unknown-address'],
    ['GET', '/api/v1/sites/a.example/explain?address=nonsense', 404, 'unknown-address'],
    ['GET', '/api/v1/sites/__proto__', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/a%0ab', 404, 'not-found'],
    ['GET', `/api/v1/sites/${'x'.repeat(300)}`, 404, 'not-found'],
    ['GET', '/api/v1/report?site=c.example', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/c.example/summary', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/d.example/results', 503, 'not-watched'],
    ['GET', '/api/v1/sites/c.example/answers', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/c.example/series?address=192.0.2.1', 404, 'unknown-site'],
    ['GET', '/api/v1/sites/c.example/days', 404, 'unknown-site'],
    ['GET', '/api/v1/incidents?site=a.example,c.example', 404, 'unknown-site'],
    ['GET', '/api/v1/incidents/4', 404, 'unknown-incident'],
    ['GET', '/api/v1/incidents/x', 404, 'unknown-incident'],
    ['GET', '/api/v1/incidents/99999999999999999999', 404, 'unknown-incident'],
    ['GET', '/api/v1/incidents/-3', 404, 'unknown-incident'],
    ['PUT', '/api/v1/overview', 405, 'method-not-allowed'],
    ['PUT', '/api/v1/sites', 405, 'method-not-allowed'],
    ['OPTIONS', drain, 405, 'method-not-allowed'],
    ['GET', drain, 405, 'method-not-allowed'],
  ])('%s %s: %d %s', async (method, path, status, code) => {
    const { ask, operations } = await serving()
    const answer = await ask(method, path, { token: tokens.operate })
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ status, code })])
    expect(answer.headers.get('allow')).toBe(status === 405 ? (path === drain ? 'POST, DELETE' : 'GET, HEAD') : null)
    expect(operations.calls).toEqual([])
  })

  it('with HEAD has the head of GET alone', async () => {
    const { ask } = await serving()
    const answer = await ask('HEAD', '/api/v1/events', { token: tokens.read, headers: { accept: 'text/event-stream' } })
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'application/json', ''])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])('with a body of the type %j is refused', async (type) => {
    const { ask, operations } = await serving()
    const answer = await ask('POST', drain, { token: tokens.operate, body: good, headers: { 'content-type': type } })
    expect([answer.status, await answer.json()]).toEqual([415, expect.objectContaining({ code: 'not-json' })])
    expect(operations.calls).toEqual([])
  })

  it('with a body where there is none to be is refused, unless it says nothing', async () => {
    const { ask, operations } = await serving()
    const answer = await ask('DELETE', drain, { token: tokens.operate, body: { dryRun: true } })
    expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ detail: 'this takes no body' })])
    expect(operations.calls).toEqual([])
    expect((await ask('DELETE', drain, { token: tokens.operate, body: {} })).status).toBe(200)
  })

  it.each([
    [drain, 65_536, tokens.operate, 422],
    [drain, 65_537, tokens.operate, 413],
    ['/api/v1/webhooks/kuma', 1_048_576, tokens.source, 202],
    ['/api/v1/webhooks/kuma', 1_048_577, tokens.source, 413],
  ])('%s takes no more than its limit: %d bytes', async (path, size, token, status) => {
    const { ask, operations } = await serving()
    const body = JSON.stringify({ down: [] }).padEnd(size, ' ')
    const announced = await ask('POST', path, { token, body })
    expect([announced.status, announced.headers.get('connection')]).toEqual([status, status === 413 ? 'close' : 'keep-alive'])
    const drip = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from(body))
        controller.close()
      },
    })
    const url = announced.url
    const chunked = await fetch(url, { method: 'POST', body: drip, duplex: 'half', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } } as RequestInit)
    expect(chunked.status).toBe(status)
    expect(operations.calls).toEqual([])
  })

  it('that is no JSON is said to be none', async () => {
    const { ask } = await serving()
    const answer = await ask('POST', drain, { token: tokens.operate, body: '{' })
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'malformed-body', detail: 'the body is no JSON' })])
  })
})

describe('what comes of an order', () => {
  it.each<[RefusalCode, number]>([
    ['unknown-site', 404],
    ['unknown-region', 404],
    ['not-watched', 503],
    ['floor', 409],
    ['no-order', 409],
    ['paused', 409],
    ['address-taken', 409],
    ['moved', 409],
    ['called-off', 409],
    ['not-repointable', 409],
    ['check-failed', 409],
    ['bad-address', 422],
    ['provider', 502],
    ['not-saved', 503],
  ])('%s is a %d', async (code, status) => {
    const { ask, operations } = await serving()
    operations.refuseWith({ kind: 'refused', code, text: 'it is so', advice: 'do that' })
    const answer = await ask('POST', drain, { token: tokens.operate, body: good })
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ status, code, detail: 'it is so', advice: 'do that', instance: drain })])
    const heard = await ask('POST', '/api/v1/webhooks/kuma', { token: tokens.source, body: { down: ['msk'] } })
    expect(heard.status).toBe(status === 404 ? 422 : status)
  })

  it.each<[RefusalCode, number]>([
    ['not-watched', 1],
    ['unknown-region', 0],
  ])('of a delivery is that it may come again as it is where nobody could hear it yet: %s', async (code, times) => {
    const word = { site: 'a.example', region: 'msk', monitor: 'm', opinion: 'down' as const, detail: 'timeout', eventAt: 0 }
    let given = 0
    const { ask, operations } = await serving({}, { receive: () => ({ kind: 'accepted', words: [word], giveBack: () => (given += 1) }) })
    const deliver = (): Promise<Response> => ask('POST', '/api/v1/webhooks/kuma', { token: tokens.source, body: {} })
    expect([(await deliver()).status, given]).toEqual([202, 0])
    operations.refuseWith({ kind: 'refused', code, text: 'it is so', advice: 'do that' })
    await deliver()
    expect(given).toBe(times)
  })

  it('is logged with who asked', async () => {
    const { ask, lines } = await serving()
    await ask('POST', drain, { token: tokens.operate, body: good })
    await ask('POST', drain, { token: tokens.operate, body: {} })
    expect(lines).toEqual([
      { level: 'info', message: `ops asked for POST ${drain}: 200` },
      { level: 'info', message: `ops asked for POST ${drain}: 422 invalid-request` },
    ])
  })

  it('is counted by its route, whatever came of it', async () => {
    const served: unknown[] = []
    const { ask, operations } = await serving({}, { onServed: ({ ms, ...each }) => void served.push({ ...each, isTimed: ms >= 0 }) })
    await ask('POST', drain, { token: tokens.operate, body: good })
    await ask('POST', drain, { token: tokens.operate, body: {} })
    await ask('HEAD', '/api/v1/sites', { token: 'wrong-0123456789abcdef' })
    operations.breakDown()
    await ask('POST', drain, { token: tokens.operate, body: good })
    const route = '/api/v1/sites/{site}/regions/{region}/drain'
    expect(served).toEqual([
      { route, method: 'POST', status: 200, isTimed: true },
      { route, method: 'POST', status: 422, isTimed: true },
      { route: '/api/v1/sites', method: 'GET', status: 401, isTimed: true },
      { route, method: 'POST', status: 500, isTimed: true },
    ])
  })

  it('is no secret and no stack when the program has a fault', async () => {
    const { ask, operations, lines } = await serving()
    operations.breakDown()
    const answer = await ask('POST', drain, { token: tokens.operate, body: good })
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { type: 'urn:dns-failover:problem:internal', title: 'Internal Server Error', status: 500, code: 'internal', detail: 'a fault of the program itself; its log says more', instance: drain },
    ])
    expect(lines).toEqual([{ level: 'error', message: expect.stringContaining(`POST ${drain}: Error: the secret is hunter2`) }])
  })
})

describe('a webhook', () => {
  it('says nothing to the service when it has nothing to say', async () => {
    const { ask, operations } = await serving()
    const answer = await ask('POST', '/api/v1/webhooks/kuma', { token: tokens.source, body: { down: [] }, headers: { 'content-type': 'text/plain' } })
    expect([answer.status, await answer.json()]).toEqual([202, { words: [], note: 'nothing to say' }])
    expect(operations.calls).toEqual([])
  })

  it('of a source that nobody knows is refused', async () => {
    const { ask } = await serving()
    const answer = await ask('POST', '/api/v1/webhooks/other', { token: tokens.source, body: {} })
    expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: 'unknown-source' })])
  })

  it('that is refused is in the log', async () => {
    const { ask, lines } = await serving()
    await ask('POST', '/api/v1/webhooks/kuma', { token: tokens.source, body: '{' })
    expect(lines).toEqual([{ level: 'warn', message: 'a delivery for the webhook source kuma was refused: it is no JSON' }])
  })
})

describe('a test of alerts', () => {
  it.each([
    [{ name: 'slack' }, 200, { results: [{ name: 'slack', ok: true, text: '200' }] }],
    [{}, 200, { results: [{ name: 'slack', ok: true, text: '200' }] }],
    [{ name: 'nobody' }, 404, expect.objectContaining({ code: 'unknown-alert' })],
  ])('of %j: %d', async (body, status, expected) => {
    const { ask } = await serving()
    const answer = await ask('POST', '/api/v1/alerts/test', { token: tokens.operate, body })
    expect([answer.status, await answer.json()]).toEqual([status, expected])
  })
})
