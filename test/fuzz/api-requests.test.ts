import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiParts } from '../../src/api/api-parts.ts'
import { type Api, startApi } from '../../src/api/start-api.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { createOperator } from '../../src/engine/operator/operator.ts'
import type { OrderWriter } from '../../src/engine/ports.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { receive } from '../../src/webhooks/receive.ts'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'
import { fakeHistory } from '../api/operations.ts'
import { unbuiltPages } from '../api/pages.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from '../engine/bench.ts'
import { fixture } from '../webhooks/delivering.ts'
import { edited, edits, within } from './edits.ts'

const tokens = { read: 'read-0123456789abcdef', operate: 'operate-0123456789abcdef', kuma: 'kuma-0123456789abcdef', secret: 'secret-0123456789abcdef' } as const
const [msk, ams] = [v4(1), v4(2)]
const types = ['json', 'uptime-kuma', 'gatus', 'alertmanager', 'grafana', 'healthchecks'] as const
const hidden = (text: string): { reveal(): string } => ({ reveal: () => text })

let bench: Bench
let api: Api
let port = 0
const stop = new AbortController()
const faults: string[] = []
const orders: string[] = []

beforeAll(async () => {
  bench = makeBench()
  const site = siteOf({ msk, ams }, { sources: Object.fromEntries(types.map((type) => [type, 'hint'])) })
  let live: LiveSite | undefined
  void runSite(site, bench.ports, timing, stop.signal, { attach: (attached) => void (live = attached) }).catch((error: unknown) => faults.push(String(error)))
  await bench.time.runUntil(minutes(1))
  expect(bench.history.at(-1)?.values).toEqual([msk, ams])
  const given = async (): Promise<void> => void orders.push('an order')
  const writer: OrderWriter = { setPause: given, setDrain: given, setForce: given, skipWindow: given }
  const operations = createOperator({
    siteNames: () => [site.name],
    live: (name) => (name === site.name ? live : undefined),
    writer,
    health: () => ({ ok: true, sites: [] }),
    expiresMs: () => minutes(10),
    wallNow: bench.ports.clock.wallNow,
    told: () => undefined,
  })
  const memory = createReplayMemory(0)
  const parts: ApiParts = {
    operations,
    history: fakeHistory(),
    pages: unbuiltPages,
    version: '1.2.3',
    metrics: async () => ({ contentType: 'text/plain', body: 'up 1\n' }),
    receive: (name, delivery) => {
      const type = types.find((each) => each === name)
      const rules = [{ when: { monitor: '*', 'labels.region': '*' }, site: site.name, region: '{labels.region}' }, { when: { monitor: '*' }, site: site.name, region: 'msk' }]
      return type === undefined ? undefined : receive({ name, type, token: hidden(tokens.kuma), secret: hidden(tokens.secret), rules }, { ...delivery, body: Buffer.from(delivery.body) }, Date.now(), memory)
    },
    testAlert: async () => [],
    log: (level, message) => void (level === 'error' && faults.push(message)),
    now: () => performance.now(),
    wallNow: Date.now,
  }
  const known = [{ name: 'prom', token: tokens.read, scopes: ['read'] as const }, { name: 'ops', token: tokens.operate, scopes: ['operate'] as const }, { name: 'monitors', token: tokens.kuma, scopes: types.map((type) => `webhook:${type}` as const) }]
  api = await startApi(parts, { listen: { address: '127.0.0.1', port: 0 }, tokens: known, isOpen: false, requestsPerSecond: 100_000, trustedProxies: ['127.0.0.1'] })
  port = api.endpoint?.port ?? 0
})
beforeEach(() => {
  bench.history.length = 0
})
afterAll(async () => {
  stop.abort()
  await api.close()
})

/** Time goes on after what came in, and nothing has come of it. */
const nothingMoved = async (): Promise<void> => {
  await bench.time.runUntil(bench.time.now() + minutes(1))
  expect({ history: bench.history, faults, orders }).toEqual({ history: [], faults: [], orders: [] })
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The status; 0: the connection was closed without one. */
const ask = ({ method, path, headers, body }: Asked): Promise<number> =>
  new Promise((resolve) => {
    try {
      const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
        response.once('error', () => resolve(response.statusCode ?? 0))
        // A stream of events has no end of its own.
        if (response.headers['content-type'] === 'text/event-stream') return void (resolve(200), asking.destroy())
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      })
      asking.once('error', () => resolve(0)).end(body)
    } catch {
      // Node's client does not send it at all.
      resolve(0)
    }
  })

const piece = fc.oneof(fc.constantFrom('api', 'v1', 'sites', 'events', 'report', 'metrics', 'healthz', 'explain', 'webhooks', 'regions', 'drain', 'failover.example.com', 'msk', 'json', '..', '%2e%2e', '%00', '%', '__proto__', '%F0%9F%8E%88', ''), fc.string({ maxLength: 12 }))
const known = fc.constantFrom('/api/v1/sites', '/api/v1/sites/failover.example.com', '/api/v1/sites/failover.example.com/explain', '/api/v1/sites/failover.example.com/regions/msk/drain', '/api/v1/sites/failover.example.com/regions/msk/repoint', '/api/v1/sites/failover.example.com/pause', '/api/v1/events', '/api/v1/report', '/api/v1/alerts/test')
const query = fc.oneof(fc.constant(''), fc.tuple(fc.constantFrom('since', 'until', 'limit', 'after', 'before', 'kind', 'site', 'address', '__proto__'), fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('1e9', '-1', '9'.repeat(40), '30d', '0s', '2026-13-45T99:99:99Z'))).map(([name, value]) => `?${name}=${encodeURIComponent(value.replaceAll(/\p{Cs}/gu, ''))}`))
const path = fc.tuple(fc.oneof(known, fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`)), query).map(([where, what]) => (where + what).replaceAll(/[^\x21-\x7e]/g, '~'))
const headerText = fc.oneof(fc.constantFrom(`Bearer ${tokens.read}`, 'Bearer ', 'Basic x', 'application/json', 'text/event-stream', 'a, b;q=x', '127.0.0.1, ::1, [', '-1', '1e99', 'chunked, identity', 'h2c', '%'), fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, '?')))
const headers = fc.dictionary(fc.constantFrom('authorization', 'content-type', 'accept', 'last-event-id', 'x-forwarded-for', 'host', 'origin', 'if-none-match', 'content-encoding', 'x-signature', 'x-signature-timestamp'), headerText, { maxKeys: 4 })
const json = fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text))
const body = fc.oneof(fc.constant(Buffer.alloc(0)), json, fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)))

const fixtures = readdirSync(new URL('../webhooks/fixtures', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => fixture(name.replaceAll('\\', '/').replace(/\.json$/, '')))

const all = async (asked: readonly Asked[]): Promise<readonly number[]> => {
  const statuses = await within(2000, Promise.all(asked.map(ask)))
  for (const status of statuses) expect(status === 0 || (status >= 200 && status < 500), `${status} of ${JSON.stringify(asked.map((each) => ({ ...each, body: each.body.toString('latin1') })))}`).toBe(true)
  return statuses
}
const some = <T>(each: fc.Arbitrary<T>) => fc.array(each, { minLength: 1, maxLength: 10 })

describe('whatever is asked of the API', () => {
  it('without a token that may operate: no order is given', async () => {
    const asked = fc.record({ method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'PATCH', 'PROPFIND'), path, headers, body })
    await fc.assert(fc.asyncProperty(some(asked), async (each) => void (await all(each))), { numRuns: 100 })
    await nothingMoved()
  })

  it('by who may operate, with a body that is no order: none is given', async () => {
    const asked = fc.record({ method: fc.constant('POST'), path: known, headers: fc.constant({ authorization: `Bearer ${tokens.operate}`, 'content-type': 'application/json' }), body: body.filter((bytes) => !/^\s*\{/.test(bytes.toString('latin1')) && bytes.length > 0) })
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(some(asked), async (each) => {
        for (const status of await all(each)) seen.add(status)
      }),
      { numRuns: 50 },
    )
    expect([...seen].every((status) => status >= 400)).toBe(true)
    await nothingMoved()
  })

  it('by monitors whose word is a hint: nothing moves', async () => {
    const asked = fc.record({
      method: fc.constant('POST'),
      path: fc.constantFrom(...types).map((type) => `/api/v1/webhooks/${type}`),
      headers: headers.map((given) => ({ 'content-type': 'application/json', ...given, authorization: `Bearer ${tokens.kuma}` })),
      body: fc.tuple(fc.constantFrom(...fixtures), fc.option(edits)).map(([text, wrong]) => (wrong === null ? Buffer.from(text) : edited(Buffer.from(text), wrong))),
    })
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(some(asked), async (each) => {
        for (const status of await all(each)) seen.add(status)
      }),
      { numRuns: 60 },
    )
    expect([...seen]).toContain(400)
    await nothingMoved()
  })

  it('in bytes that are hardly HTTP: the connection ends, in time', async () => {
    const sound = Buffer.from(`POST /api/v1/sites/failover.example.com/pause HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${tokens.read}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"for\r\n3\r\n":1\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    const send = (bytes: Buffer): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port }, () => socket.end(bytes))
        socket.on('error', () => undefined).on('data', () => undefined).once('close', () => resolve())
      })
    await fc.assert(fc.asyncProperty(some(edits), async (each) => void (await within(2000, Promise.all(each.map((wrong) => send(edited(sound, wrong))))))), { numRuns: 100 })
    await nothingMoved()
  })
})
