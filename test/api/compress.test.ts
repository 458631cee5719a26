import { gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { fakeOperations, storedEvent } from './operations.ts'
import { serving, tokens } from './serving.ts'

const large = { text: 'x'.repeat(1_000) }

describe('a long answer', () => {
  it.each([
    ['gzip', true],
    ['br, gzip, deflate', true],
    ['GZIP;q=0.5', true],
    ['gzip; q=1.0, br', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000', false],
    ['xgzip, gzipped', false],
    ['br', false],
    ['', false],
  ])('to a client that takes %j is compressed: %j', async (accepted, isCompressed) => {
    const seen: number[] = []
    const { url, history } = await serving({}, { onServed: ({ status }) => void seen.push(status) })
    for (let id = 1; id <= 50; id += 1) history.add(storedEvent(id, large))
    const get = async (method: 'GET' | 'HEAD', path: string) => {
      const { statusCode, headers, body } = await request(`${url}${path}`, { method, headers: { authorization: `Bearer ${tokens.read}`, 'accept-encoding': accepted } })
      return { statusCode, headers, bytes: Buffer.from(await body.arrayBuffer()) }
    }
    const { statusCode, headers, bytes } = await get('GET', '/api/v1/events')
    expect([statusCode, headers['content-type'], headers['content-encoding'], headers['content-length'], headers['cache-control']]).toEqual([200, 'application/json', isCompressed ? 'gzip' : undefined, String(bytes.length), 'no-store'])
    const { events } = JSON.parse((isCompressed ? gunzipSync(bytes) : bytes).toString()) as { readonly events: readonly unknown[] }
    expect(events.length).toBe(50)
    const head = await get('HEAD', '/api/v1/events')
    expect([head.statusCode, head.bytes.length, head.headers['content-length']]).toEqual([200, 0, String(bytes.length)])
    expect((await get('GET', '/api/v1/events?limit=1')).headers['content-encoding']).toBeUndefined()
    expect(seen).toEqual([200, 200, 200])
  })
})

it('is written out once for all who waited for the same overview: together they would hold up the checks', async () => {
  const operations = fakeOperations()
  const { at, sites: [summary] } = await operations.overview()
  if (summary === undefined) throw new Error('there is no summary')
  let written = 0
  // JSON.stringify asks it each time.
  const counted = { ...summary, text: 'x'.repeat(20_000), toJSON: () => ({ ...summary, text: `written ${(written += 1)}` }) }
  const long = { ...summary, text: 'x'.repeat(20_000) }
  const all = { at, sites: [counted, long] }
  const { ask } = await serving({}, { operations: { ...operations, overview: async () => all } })
  const texts = await Promise.all(['gzip', 'identity', 'gzip', 'identity'].map(async (accepted) => (await ask('GET', '/api/v1/overview', { token: tokens.read, headers: { 'accept-encoding': accepted } })).text()))
  expect([new Set(texts).size, written]).toEqual([1, 1])
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ sites: [{ text: 'written 1' }, { text: long.text }] })
})
