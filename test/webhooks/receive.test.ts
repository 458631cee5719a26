import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Delivery as ApiDelivery, Received } from '../../src/api/api-parts.ts'
import type { WebhookConfig } from '../../src/config/config.ts'
import { receive, type Reception } from '../../src/webhooks/receive.ts'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'
import type { Delivery, WebhookSource, WebhookType } from '../../src/webhooks/webhook-source.ts'
import { delivery, fixture, fixtureTime, signed, source } from './delivering.ts'

const now = fixtureTime + 60_000
const bearer = { authorization: 'Bearer t0ken' }

const take = (from: WebhookSource, body: unknown, headers: Readonly<Record<string, string>> = bearer): Reception =>
  receive(from, delivery(body, headers), now, createReplayMemory(0))

describe('each monitor as it is documented', () => {
  const byLabel = [{ when: {}, site: '{labels.site}', region: '{labels.region}' }]
  it.each<[string, WebhookType, string, WebhookSource['rules'], readonly string[]]>([
    ['our own', 'json', 'json/down', [], ['shop.example.com msk down']],
    ['our own, a list', 'json', 'json/list', [], ['shop.example.com msk down', 'shop.example.com ams up']],
    ['our own, by rules', 'json', 'json/down', [{ when: { monitor: 'probe-*' }, site: 'other.example.com', region: '{region}' }], ['other.example.com msk down']],
    ['Uptime Kuma', 'uptime-kuma', 'uptime-kuma/down', [{ when: { monitor: 'Shop in *' }, site: 'shop.example.com', region: '{tags.region}' }], ['shop.example.com msk down']],
    ['Gatus', 'gatus', 'gatus/triggered', [{ when: { group: 'Shops', monitor: 'shop-msk' }, site: 'shop.example.com', region: 'msk' }], ['shop.example.com msk down']],
    ['Alertmanager', 'alertmanager', 'alertmanager/firing', byLabel, ['shop.example.com msk down', 'shop.example.com ams up']],
    ['Grafana', 'grafana', 'grafana/firing', byLabel, ['shop.example.com msk down']],
    ['Grafana, without data', 'grafana', 'grafana/no-data', byLabel, []],
    ['Healthchecks', 'healthchecks', 'healthchecks/up', [{ when: { tags: 'shop *' }, site: 'shop.example.com', region: 'msk' }], ['shop.example.com msk up']],
  ])('%s', (_, type, name, rules, expected) => {
    const reception = take(source({ type, token: 't0ken', rules }), fixture(name))
    if (reception.kind === 'refused') throw new Error(reception.text)
    expect(reception.words.map(({ site, region, opinion }) => `${site} ${region} ${opinion}`)).toEqual(expected)
    expect(take(source({ type, token: 't0ken', rules }), fixture(name), { authorization: 'Bearer other' })).toMatchObject({ kind: 'refused', status: 401 })
  })

  it('with all that is said', () => {
    expect(take(source({ token: 't0ken' }), fixture('json/down'))).toEqual({
      kind: 'accepted',
      words: [{ site: 'shop.example.com', region: 'msk', monitor: 'probe-1', opinion: 'down', detail: 'HTTP 502', eventAt: fixtureTime }],
    })
    expect(take(source({ type: 'uptime-kuma', token: 't0ken' }), fixture('uptime-kuma/test'))).toEqual({
      kind: 'accepted',
      words: [],
      note: 'A message without a heartbeat: dns-failover Testing',
    })
  })

  it('from a source as the config has it, to the API as it asks', () => {
    expectTypeOf<WebhookConfig>().toExtend<WebhookSource>()
    expectTypeOf<ApiDelivery>().toExtend<Delivery>()
    expectTypeOf<Reception>().toExtend<Received>()
  })
})

describe('all or nothing', () => {
  const from = source({ token: 't0ken' })
  const word = { site: 's', region: 'r', status: 'down' }

  it.each([
    ['no rule', [word, { region: 'r', status: 'up' }], 422, 'missing-field'],
    ['a time to come', [word, { ...word, at: new Date(now + 300_001).toISOString() }], 422, 'bad-time'],
    ['a time long ago', [word, { ...word, at: '0001-01-01T00:00:00Z' }], 422, 'bad-time'],
    ['no word', [word, { ...word, status: 'sideways' }], 400, 'malformed'],
  ])('%s', (_, body, status, code) => {
    expect(take(from, body)).toMatchObject({ kind: 'refused', status, code })
  })

  it('asks for rules where the payload has no place for site and region', () => {
    expect(take(source({ type: 'gatus', token: 't0ken' }), fixture('gatus/triggered'))).toMatchObject({ kind: 'refused', code: 'no-rule' })
  })

  it('says how far off a time is', () => {
    expect(take(from, { ...word, at: new Date(now + 3_600_000).toISOString() })).toMatchObject({
      text: 'The event of monitor default is 3600 s in the future, more than 300 s: set the clocks right.',
    })
    expect(take(from, { ...word, at: new Date(now + 300_000).toISOString() })).toMatchObject({ kind: 'accepted' })
  })
})

describe('a body', () => {
  const from = source({ token: 't0ken' })
  const good = '{"site":"s","region":"r","status":"up"}'
  const typed = (type: string): Record<string, string> => ({ ...bearer, 'content-type': type })

  it.each([
    ['application/json', 'accepted'],
    ['application/json; charset=utf-8', 'accepted'],
    ['Application/JSON;charset="UTF-8"', 'accepted'],
    ['application/vnd.api+json', 'accepted'],
    ['application/json; charset=latin1', 415],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=application/json', 415],
    ['', 415],
  ])('of type %j: %s', (type, expected) => {
    const reception = take(from, good, typed(type))
    expect(reception.kind === 'refused' ? reception.status : reception.kind).toBe(expected)
  })

  it('may come without a type', () => {
    const { body } = delivery(good)
    expect(receive(from, { headers: bearer, body, isBearerProven: false }, now, createReplayMemory(0))).toMatchObject({ kind: 'accepted' })
  })

  it('may begin with a byte order mark', () => {
    expect(take(from, `\uFEFF${good}`)).toMatchObject({ kind: 'accepted' })
  })

  it.each<[string, Buffer | string, number, string, string]>([
    ['empty', '', 400, 'not-json', 'The body (0 bytes) is not JSON: was a value put into the template that is not escaped?'],
    ['cut off', '{"site":"s"', 400, 'not-json', 'The body (11 bytes) is not JSON: was a value put into the template that is not escaped?'],
    ['with a quote in a template', '{"site":"a"b"}', 400, 'not-json', 'The body (14 bytes) is not JSON: was a value put into the template that is not escaped?'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'not-json', 'The body is not UTF-8.'],
    ['of half a surrogate pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 400, 'not-json', 'The body is not UTF-8.'],
    ['deep', '['.repeat(33) + ']'.repeat(33), 400, 'malformed', 'The body nests deeper than 32 levels.'],
    ['very deep', '['.repeat(1_000_000), 400, 'malformed', 'The body nests deeper than 32 levels.'],
    ['with a prototype', '{"site":"s","region":"r","status":"up","__proto__":{"isBearerProven":true}}', 400, 'malformed', 'The body has a key __proto__.'],
    ['with a prototype, escaped, inside', '[{"labels":{"\\u005f_proto__":"x"}}]', 400, 'malformed', 'The body has a key __proto__.'],
    ['of many keys', JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, 1]))), 400, 'malformed', 'The body has an object of more than 1000 keys.'],
    ['of many values', `[${'1,'.repeat(50_000)}1]`, 400, 'malformed', 'The body has more than 50000 values: send fewer alerts at once.'],
    ['large', Buffer.alloc(1_048_577, 0x20), 413, 'too-large', 'The body has 1048577 bytes, more than 1048576.'],
  ])('%s', (_, body, status, code, text) => {
    expect(take(from, body)).toEqual({ kind: 'refused', status, code, text })
  })

  it('may nest in strings as it likes', () => {
    expect(take(from, { site: 's', region: 'r', status: 'up', detail: `"${'['.repeat(100)}${','.repeat(60_000)}\\` })).toMatchObject({ kind: 'accepted' })
  })

  it('is not looked at before it is known whose it is', () => {
    expect(take(from, '{', {})).toMatchObject({ status: 401 })
  })
})

it('takes a signed delivery once, and nothing of one that is refused', () => {
  const body = fixture('json/down')
  const from = source({ secret: 'key' })
  const memory = createReplayMemory(0)
  const once = delivery(body, signed(body, 'key', now / 1000))
  expect(receive(from, once, now, memory)).toMatchObject({ kind: 'accepted' })
  expect(receive(from, once, now, memory)).toMatchObject({ kind: 'refused', status: 409, code: 'replayed' })
  expect(receive(from, delivery(body, signed(body, 'kez', now / 1000)), now, memory)).toMatchObject({ kind: 'refused', status: 401 })
  expect(receive(from, delivery(body, signed(body, 'key', now / 1000 - 301)), now, memory)).toMatchObject({ kind: 'refused', status: 403 })
})

it('makes of what a monitor says one line that prints', () => {
  const reception = take(source({ token: 't0ken' }), { site: 's', region: 'r', status: 'up', monitor: 'a\u0000b', detail: `\u001B[31mred\r\n${'x'.repeat(999)}😀` })
  expect(reception).toMatchObject({ words: [{ monitor: 'a b', detail: `[31mred ${'x'.repeat(291)}…` }] })
})
