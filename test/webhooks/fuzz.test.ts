import * as fc from 'fast-check'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { receive } from '../../src/webhooks/receive.ts'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'
import type { WebhookType } from '../../src/webhooks/webhook-source.ts'
import { delivery, fixture, fixtureTime, source } from './delivering.ts'

const now = fixtureTime + 60_000
const types: readonly WebhookType[] = ['json', 'uptime-kuma', 'gatus', 'alertmanager', 'grafana', 'healthchecks']
const rules = [
  { when: { monitor: '*', 'labels.region': '*' }, site: '{labels.site}', region: '{labels.region}' },
  { when: { monitor: '*' }, site: 's', region: '{monitor}' },
]

const bodies = readdirSync(new URL('fixtures', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => fixture(name.replaceAll('\\', '/').replace(/\.json$/, '')))

/** Whatever comes in, what goes out is of this kind. */
const holds = (type: WebhookType, body: Buffer | string, headers: Readonly<Record<string, string>> = {}): void => {
  for (const withRules of [rules, []]) {
    const reception = receive(source({ type, rules: withRules }), delivery(body, headers, true), now, createReplayMemory(0))
    const texts = reception.kind === 'refused' ? [reception.text] : [reception.note ?? '', ...reception.words.flatMap(({ site, region, monitor, detail }) => [site, region, monitor, detail])]
    for (const text of texts) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(text.length).toBeLessThan(5000)
    }
    if (reception.kind === 'refused') {
      expect(reception.status).toBeGreaterThanOrEqual(400)
      expect(reception.status).toBeLessThan(500)
    } else {
      expect(reception.words.length).toBeLessThanOrEqual(1000)
      for (const { opinion, eventAt, site, region } of reception.words) {
        expect(['up', 'down']).toContain(opinion)
        expect(Number.isSafeInteger(eventAt) && eventAt >= 0 && eventAt <= now + 300_000).toBe(true)
        expect(site).not.toBe('')
        expect(region).not.toBe('')
      }
    }
  }
  expect(Object.keys(Object.prototype)).toEqual([])
}

const strange = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom('1e999', '-1e999', '1e400', '9007199254740993', '-0', '"\\ud800"', '"\\u0000"', '"__proto__"', '{"__proto__":1}', '{"constructor":{"prototype":1}}', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"', '"2026-11-22T15:00:00Z"', '[]', '{}', 'null'),
  fc.nat(2000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.nat(1100).map((length) => `[${Array.from({ length }, () => '{"status":"firing","labels":{}}').join(',')}]`),
)

/** A good body in which one value has become something else. */
const mutated = fc.tuple(fc.constantFrom(...bodies), fc.nat(), strange).map(([body, at, value]) => {
  const places = [...body.matchAll(/"[^"]*"(?!\s*:)|\b\d[\d.]*\b|null|\[\]|\{\}/g)]
  const place = places[at % places.length]
  return place === undefined ? body : body.slice(0, place.index) + value + body.slice(place.index + place[0].length)
})

const type = fc.constantFrom(...types)

describe('nothing throws', () => {
  it('on any bytes', () => {
    fc.assert(fc.property(type, fc.uint8Array({ maxLength: 200 }), (each, bytes) => holds(each, Buffer.from(bytes))))
  })

  it('on any JSON', () => {
    fc.assert(fc.property(type, fc.json({ maxDepth: 6 }), (each, text) => holds(each, text)), { numRuns: 500 })
  })

  it('on what a monitor sends with one value changed', () => {
    fc.assert(fc.property(type, mutated, (each, text) => holds(each, text)), { numRuns: 2000 })
  })

  it('on what a monitor sends with some bytes changed', () => {
    const broken = fc.tuple(fc.constantFrom(...bodies), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })).map(([body, changes]) => {
      const bytes = Buffer.from(body)
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(fc.property(type, broken, (each, bytes) => holds(each, bytes)), { numRuns: 1000 })
  })

  it('on any headers', () => {
    const header = fc.oneof(fc.string({ maxLength: 80 }), fc.constantFrom('Bearer x', 'sha256=', `sha256=${'a'.repeat(64)}`, '1795359660', '99999999999999999999', '-1', 'application/json;charset', ';;;'))
    const headers = fc.dictionary(fc.constantFrom('authorization', 'content-type', 'x-signature', 'x-signature-timestamp', 'x-grafana-alerting-signature', 'x-grafana-alerting-timestamp', '__proto__'), header)
    fc.assert(
      fc.property(type, headers, (each, given) => {
        const reception = receive(source({ type: each, token: 't0ken', secret: 'k3y' }), delivery('{}', given), now, createReplayMemory(0))
        expect(reception).toMatchObject({ kind: 'refused', status: 401 })
      }),
      { numRuns: 500 },
    )
  })

  it('and nobody gets in without the secrets', () => {
    fc.assert(
      fc.property(type, fc.constantFrom(...bodies), fc.string(), (each, body, guess) => {
        fc.pre(guess.trim() !== 't0ken')
        expect(receive(source({ type: each, token: 't0ken', rules }), delivery(body, { authorization: `Bearer ${guess}` }), now, createReplayMemory(0))).toMatchObject({ status: 401 })
      }),
    )
  })
})

it('a thousand alerts with all their labels take no time to speak of', () => {
  const labels = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`label_${index}`, 'v'.repeat(8)]))
  const alerts = Array.from({ length: 1000 }, () => ({ status: 'firing', labels: { ...labels, site: 's', region: 'r' }, startsAt: '2026-11-22T15:00:00Z' }))
  const body = JSON.stringify({ alerts })
  expect(body.length).toBeLessThan(1_048_576)
  const started = performance.now()
  const reception = receive(source({ type: 'alertmanager', rules }), delivery(body, {}, true), now, createReplayMemory(0))
  expect(reception.kind === 'accepted' ? reception.words.length : reception.text).toBe(1000)
  expect(performance.now() - started).toBeLessThan(3000)
})
