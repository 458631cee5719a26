import { describe, expect, it } from 'vitest'
import { authenticate } from '../../src/webhooks/authenticate.ts'
import { createReplayMemory, type ReplayMemory } from '../../src/webhooks/replay-memory.ts'
import { delivery, fixtureTime as now, signed, source } from './delivering.ts'

const seconds = now / 1000
const fresh = (): ReplayMemory => createReplayMemory(now - 3_600_000)
const authentic = { kind: 'authentic' }

/** What came of it, for a table. */
const outcome = (...[from, what, at = now, memory = fresh()]: [Parameters<typeof authenticate>[0], Parameters<typeof authenticate>[1], number?, ReplayMemory?]): string => {
  const result = authenticate(from, what, at, memory)
  return result.kind === 'authentic' ? 'authentic' : `${result.status} ${result.code}`
}

describe('a bearer', () => {
  const withToken = source({ token: 't0ken' })

  it.each([
    ['Bearer t0ken', 'authentic'],
    ['bearer  t0ken ', 'authentic'],
    ['Bearer t0keN', '401 bad-bearer'],
    ['Bearer t0ken2', '401 bad-bearer'],
    ['Bearer t0ke', '401 bad-bearer'],
    ['Bearer t0ken x', '401 bad-bearer'],
    ['Bearer', '401 bad-bearer'],
    ['Bearer ', '401 bad-bearer'],
    ['Basic t0ken', '401 bad-bearer'],
    ['t0ken', '401 bad-bearer'],
    ['', '401 bad-bearer'],
  ])('%j: %s', (authorization, expected) => {
    expect(outcome(withToken, delivery('{}', { authorization }))).toBe(expected)
  })

  it('is asked for', () => {
    expect(authenticate(withToken, delivery('{}'), now, fresh())).toEqual({ kind: 'refused', status: 401, code: 'bad-bearer', text: 'The header Authorization: Bearer TOKEN is missing.' })
  })

  it('may be an API token, which the API has looked at', () => {
    expect(outcome(withToken, delivery('{}', {}, true))).toBe('authentic')
    expect(outcome(source({}), delivery('{}', {}, true))).toBe('authentic')
  })

  it('fits nothing where the source has none', () => {
    expect(outcome(source({}), delivery('{}', { authorization: 'Bearer undefined' }))).toBe('401 bad-bearer')
    expect(outcome(source({}), delivery('{}'))).toBe('401 bad-bearer')
  })
})

describe('a signature', () => {
  const key = 'webhook-key'
  const body = '{"site":"shop.example.com","region":"msk","status":"down"}'
  const withSecret = source({ secret: key })

  it('is the HMAC that openssl makes of timestamp, dot and body', () => {
    const headers = { 'x-signature-timestamp': '1795359600', 'x-signature': 'sha256=a5ddb599b3b0b8bebc993c1a2008e62ca50de64006502fb3be5f5c4bf2de0cf6' }
    expect(authenticate(withSecret, delivery(body, headers), now, fresh())).toEqual({ ...authentic, signedAt: 1_795_359_600, signature: expect.any(String) })
    expect(outcome(withSecret, delivery(body, { ...headers, 'x-signature': headers['x-signature'].toUpperCase() }))).toBe('authentic')
  })

  it('of Grafana has a colon, no prefix, and headers of its own', () => {
    const grafana = source({ type: 'grafana', secret: key })
    const hmac = '18dfcd99bea403c495cd05aa0c85d40bb2046c62aca63d17607868875919733d'
    const headers = { 'x-grafana-alerting-timestamp': '1795359600', 'x-grafana-alerting-signature': hmac }
    expect(outcome(grafana, delivery('{"alerts":[]}', headers))).toBe('authentic')
    expect(outcome(grafana, delivery('{"alerts":[]}', { 'x-grafana-alerting-signature': hmac }))).toBe('401 bad-signature')
    expect(outcome(grafana, delivery('{"alerts":[]}', signed('{"alerts":[]}', key, seconds)))).toBe('401 bad-signature')
  })

  it.each([
    ['of another secret', signed(body, 'other', seconds)],
    ['of another body', signed(`${body} `, key, seconds)],
    ['of another time', { ...signed(body, key, seconds), 'x-signature-timestamp': String(seconds - 1) }],
    ['without its time', { 'x-signature': signed(body, key, seconds)['x-signature'] ?? '' }],
    ['that is missing', { 'x-signature-timestamp': String(seconds) }],
    ['without prefix', { ...signed(body, key, seconds), 'x-signature': (signed(body, key, seconds)['x-signature'] ?? '').slice(7) }],
    ['that is short', { ...signed(body, key, seconds), 'x-signature': 'sha256=abc' }],
    ['whose time is no number', { ...signed(body, key, seconds), 'x-signature-timestamp': `${seconds}.5` }],
    ['given twice', { ...signed(body, key, seconds), 'x-signature-timestamp': `${seconds}, ${seconds}` }],
    ['in the name of a bearer', { authorization: `Bearer ${key}` }],
  ])('%s is refused', (_, headers) => {
    expect(outcome(withSecret, delivery(body, headers))).toBe('401 bad-signature')
  })

  it.each([
    [-301, '403 stale'],
    [-300, 'authentic'],
    [300, 'authentic'],
    [301, '403 stale'],
  ])('made %d s from now: %s', (offset, expected) => {
    expect(outcome(withSecret, delivery(body, signed(body, key, seconds + offset)))).toBe(expected)
  })

  it('is taken once', () => {
    const memory = fresh()
    const once = delivery(body, signed(body, key, seconds))
    expect(outcome(withSecret, once, now, memory)).toBe('authentic')
    expect(outcome(withSecret, once, now, memory)).toBe('409 replayed')
    expect(outcome(withSecret, { ...once, headers: { ...once.headers, 'x-signature': (once.headers['x-signature'] ?? '').replace('sha256=', 'SHA256=').toUpperCase() } }, now, memory)).toBe('409 replayed')
    expect(outcome(withSecret, once, now + 300_000, memory)).toBe('409 replayed')
    expect(outcome(withSecret, once, now + 301_000, memory)).toBe('403 stale')
    expect(outcome({ ...withSecret, name: 'other' }, once, now, memory)).toBe('authentic')
  })

  it('may come later than one that was made after it', () => {
    const memory = fresh()
    expect(outcome(withSecret, delivery(body, signed(body, key, seconds)), now, memory)).toBe('authentic')
    expect(outcome(withSecret, delivery(body, signed(body, key, seconds - 50)), now + 100_000, memory)).toBe('authentic')
  })

  it('may have been used with the process before', () => {
    const memory = createReplayMemory(now + 400)
    expect(outcome(withSecret, delivery(body, signed(body, key, seconds)), now + 500, memory)).toBe('403 stale')
    expect(outcome(withSecret, delivery(body, signed(body, key, seconds + 1)), now + 1000, memory)).toBe('authentic')
  })

  it('is asked for besides a token, and besides an API token', () => {
    const both = source({ token: 't0ken', secret: key })
    const headers = signed(body, key, seconds)
    expect(outcome(both, delivery(body, headers))).toBe('401 bad-bearer')
    expect(outcome(both, delivery(body, { authorization: 'Bearer t0ken' }))).toBe('401 bad-signature')
    expect(outcome(both, delivery(body, { ...headers, authorization: 'Bearer t0ken' }))).toBe('authentic')
    expect(outcome(both, delivery(body, {}, true))).toBe('401 bad-signature')
    expect(outcome(both, delivery(body, headers, true))).toBe('authentic')
    expect(outcome(withSecret, delivery(body, {}, true))).toBe('401 bad-signature')
  })
})

it('tells no secret', () => {
  const both = source({ token: 'the-token', secret: 'the-key' })
  const tries = [
    delivery('{}'),
    delivery('{}', { authorization: 'Bearer wrong' }),
    delivery('{}', { authorization: 'Bearer the-token' }),
    delivery('{}', { authorization: 'Bearer the-token', ...signed('{}', 'wrong', seconds) }),
    delivery('{}', { authorization: 'Bearer the-token', ...signed('{}', 'the-key', seconds - 1000) }),
  ]
  const right = signed('{}', 'the-key', seconds)['x-signature'] ?? ''
  for (const each of tries) {
    const text = JSON.stringify(authenticate(both, each, now, fresh()))
    expect(text).toContain('refused')
    expect(text).not.toMatch(/the-token|the-key/)
    expect(text).not.toContain(right.slice(7))
  }
})
