import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Alert } from '../../src/notify/alert.ts'
import { fit, oneLine } from '../../src/notify/fit.ts'
import { emptyQueue, takeBatch, withAlert, withMore } from '../../src/notify/queue.ts'
import { render } from '../../src/notify/render.ts'
import type { NotifyTarget } from '../../src/notify/target.ts'
import type { Message } from '../../src/notify/templates/outgoing.ts'
import { testMessage } from '../../src/notify/test-message.ts'
import { alert, ams, msk, resolved, site } from './happenings.ts'
import { discordShape, jsonShape, ntfyShape, pagerdutyShape, slackShape, teamsShape } from './shapes.ts'

const pace = { groupMs: 0, perHour: 20 }
const id = '6f1c2f0e-3b52-4a4e-9f0b-0f6c8f7d1a11'
const at = Date.UTC(2026, 10, 22, 12)
const routingKey = '0123456789abcdef0123456789abcdef'

const messageOf = (alerts: readonly Alert[], more = 0): Message => ({
  id,
  at,
  isTest: false,
  batch: takeBatch(
    alerts.reduce((queue, each) => withAlert(queue, each, pace, 0), withMore(emptyQueue, more)),
    pace,
    0,
  ).batch,
})

const shapes: Readonly<Record<NotifyTarget['type'], z.ZodType>> = { json: jsonShape, slack: slackShape, discord: discordShape, teams: teamsShape, ntfy: ntfyShape, pagerduty: pagerdutyShape }
const types = Object.keys(shapes) as readonly NotifyTarget['type'][]
const urls = { json: 'https://a.example/hook', slack: 'https://hooks.slack.com/services/T0/B0/x', discord: 'https://discord.com/api/webhooks/1/x', teams: 'https://prod-1.westeurope.logic.azure.com/workflows/x', ntfy: 'https://ntfy.example/team/alerts', pagerduty: 'https://events.pagerduty.com/v2/enqueue' } as const

const rendered = (type: NotifyTarget['type'], message: Message, secret: string | undefined = routingKey) => render(message, { type, url: urls[type], secret }, at + 500)
/** The bodies, each of the documented shape. */
const bodies = (type: NotifyTarget['type'], message: Message): readonly unknown[] => rendered(type, message).map(({ body }) => shapes[type].parse(JSON.parse(body)))

const two = messageOf([alert(), resolved({ key: `region-down/${site}/${ams}`, region: 'ams', address: ams, title: 'ams is up again' })], 37)

it('json: everything, with an end as an end', () => {
  expect(bodies('json', two)).toEqual([
    {
      version: 1,
      id,
      at: '2026-11-22T12:00:00.000Z',
      isTest: false,
      more: 37,
      alerts: [
        { kind: 'region-down', key: `region-down/${site}/${msk}`, state: 'firing', severity: 'critical', site, region: 'msk', address: msk, title: `msk (${msk}) of ${site} is down`, text: 'timeout (no answer within 2 s)', flaps: 0, at: '2026-11-22T12:00:00.000Z', facts: { cause: 'timeout' } },
        { kind: 'region-up', key: `region-down/${site}/${ams}`, state: 'resolved', severity: 'info', site, region: 'ams', address: ams, title: 'ams is up again', text: 'it lasted 40 s', flaps: 0, at: '2026-11-22T12:00:00.000Z', facts: { cause: 'timeout' } },
      ],
    },
  ])
})

it('json: signed over the time of the attempt and the body, or not at all', () => {
  const [signed] = rendered('json', two, 'topsecretkey')
  const timestamp = String(Math.floor((at + 500) / 1000))
  expect(signed?.headers).toMatchObject({
    'x-signature-timestamp': timestamp,
    'x-signature': `sha256=${createHmac('sha256', 'topsecretkey').update(`${timestamp}.${signed?.body ?? ''}`).digest('hex')}`,
  })
  const [plain] = render(two, { type: 'json', url: urls.json, secret: undefined }, at)
  expect(Object.keys(plain?.headers ?? {})).toEqual(['content-type', 'user-agent'])
})

it('slack', () => {
  expect(bodies('slack', two)).toEqual([
    {
      text: `msk (${msk}) of ${site} is down, and 38 more`,
      blocks: [
        { type: 'header', text: { type: 'plain_text', emoji: false, text: `msk (${msk}) of ${site} is down, and 38 more` } },
        { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: `🔴 *msk (${msk}) of ${site} is down*\ntimeout (no answer within 2 s)` } },
        { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: '🟢 *ams is up again*\nit lasted 40 s' } },
        { type: 'context', elements: [{ type: 'plain_text', emoji: false, text: 'and 37 more alerts' }] },
      ],
    },
  ])
})

it('discord: nobody is mentioned', () => {
  expect(bodies('discord', two)).toEqual([
    {
      content: String.raw`🔴 msk \(203.0.113.10\) of www.example.com is down, and 38 more` + '\nand 37 more alerts not shown',
      embeds: [
        { title: String.raw`msk \(203.0.113.10\) of www.example.com is down`, description: String.raw`timeout \(no answer within 2 s\)`, color: 0xd9_2d_20, timestamp: '2026-11-22T12:00:00.000Z' },
        { title: 'ams is up again', description: 'it lasted 40 s', color: 0x12_b7_6a, timestamp: '2026-11-22T12:00:00.000Z' },
      ],
      allowed_mentions: { parse: [] },
    },
  ])
})

it('teams: an adaptive card without Markdown', () => {
  const run = (text: string, look = {}) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] })
  expect(bodies('teams', two)).toMatchObject([
    {
      attachments: [
        {
          content: {
            fallbackText: `msk (${msk}) of ${site} is down, and 38 more`,
            body: [
              run(`🔴 msk (${msk}) of ${site} is down`, { weight: 'Bolder', color: 'Attention' }),
              run('timeout (no answer within 2 s)'),
              run('🟢 ams is up again', { weight: 'Bolder', color: 'Good' }),
              run('it lasted 40 s'),
              run('and 37 more alerts', { isSubtle: true }),
            ],
          },
        },
      ],
    },
  ])
})

it('ntfy: to the server, with the topic in the body', () => {
  const [request] = rendered('ntfy', two, 'tk_x')
  expect([request?.url, request?.headers['authorization']]).toEqual(['https://ntfy.example/team', 'Bearer tk_x'])
  expect(bodies('ntfy', two)).toEqual([
    {
      topic: 'alerts',
      title: `msk (${msk}) of ${site} is down, and 38 more`,
      message: `🔴 msk (${msk}) of ${site} is down: timeout (no answer within 2 s)\n🟢 ams is up again: it lasted 40 s\nand 37 more alerts`,
      priority: 5,
      tags: ['rotating_light'],
    },
  ])
  expect(render(two, { type: 'ntfy', url: 'https://ntfy.sh/alerts?x=1', secret: undefined }, at).map(({ url, headers }) => [url, 'authorization' in headers])).toEqual([['https://ntfy.sh/?x=1', false]])
})

describe('pagerduty', () => {
  it('opens one incident, closes the other, each by its key', () => {
    expect(bodies('pagerduty', two)).toEqual([
      {
        routing_key: routingKey,
        dedup_key: `region-down/${site}/${msk}`,
        event_action: 'trigger',
        client: 'dns-failover',
        payload: {
          summary: `msk (${msk}) of ${site} is down`,
          source: site,
          severity: 'critical',
          timestamp: '2026-11-22T12:00:00.000Z',
          class: 'region-down',
          group: site,
          component: 'msk',
          custom_details: { text: 'timeout (no answer within 2 s)', address: msk, alerts_not_told: 37, cause: 'timeout' },
        },
      },
      { routing_key: routingKey, dedup_key: `region-down/${site}/${ams}`, event_action: 'resolve' },
    ])
  })

  it('sends nothing of what came and went', () => expect(bodies('pagerduty', messageOf([alert(), resolved()]))).toEqual([]))

  it('closes what was told, however it flapped since', () => {
    expect(bodies('pagerduty', messageOf([resolved(), alert(), resolved()]))).toMatchObject([{ event_action: 'resolve', dedup_key: `region-down/${site}/${msk}` }])
  })

  it('keeps long keys apart', () => {
    const long = 'x'.repeat(300)
    const keys = bodies('pagerduty', messageOf([alert({ key: `${long}a` }), alert({ key: `${long}b` })])).map((each) => (each as { dedup_key: string }).dedup_key)
    expect(new Set(keys).size).toBe(2)
  })

  it('closes the incident that a test opens', () => {
    expect(bodies('pagerduty', testMessage(id, 'ops', at))).toMatchObject([{ event_action: 'trigger', dedup_key: 'test/ops' }, { event_action: 'resolve', dedup_key: 'test/ops' }])
  })
})

it('says how often something flapped', () => {
  const message = messageOf([alert(), resolved(), alert(), resolved()])
  expect(bodies('slack', message)).toMatchObject([{ text: `msk (${msk}) of ${site} is up again (flapped 2 times)` }])
  expect(bodies('json', message)).toMatchObject([{ alerts: [{ state: 'flapped', flaps: 2 }] }])
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(fc.constantFrom('@everyone', '@here', '<!channel>', '<@U1>', '<@&1>', '<#1>', '<t:1:R>', '[x](https://e.example)', '**', '_', '`', '```', '~~', '||', '\\', '&', '&amp;', '<https://e.example|x>', '{{DATE(x)}}', '<at>all</at>', '\n', '\u0000', '\u202E', '\u200B', '\uD800', '🔴', 'é', ' ', 'a'), { maxLength: 300 }).map((parts) => parts.join('')),
)
const arbitraryAlert = fc
  .record({ key: hostile.map((key) => `k/${key}`), title: hostile.map((title) => `t${title}`), text: hostile, severity: fc.constantFrom('critical', 'warning', 'info'), isResolved: fc.boolean(), facts: fc.dictionary(fc.constantFrom('cause', 'name'), hostile) })
  .map((change) => alert(change as Partial<Alert>))
const arbitraryMessage = fc.tuple(fc.array(arbitraryAlert, { minLength: 1, maxLength: 40 }), fc.nat(500)).map(([alerts, more]) => messageOf(alerts, more))

describe('whatever the texts', () => {
  it.each(types)('%s: the documented shape and its limits', (type) => {
    fc.assert(
      fc.property(arbitraryMessage, (message) => void bodies(type, message)),
      { numRuns: 60 },
    )
  })

  it.each(['slack', 'discord', 'teams'] as const)('%s: nobody is mentioned, and nothing is a link', (type) => {
    fc.assert(
      fc.property(arbitraryMessage, (message) => {
        for (const { body } of rendered(type, message)) {
          const said = JSON.stringify(JSON.parse(body))
          expect(said).not.toMatch(/@everyone|@here|<!|<@|<#|<t:|<at>/)
          if (type === 'slack') expect(said).not.toMatch(/<https|"text":"[^"]*<[^\u200B]/)
          if (type === 'discord') expect(said).not.toMatch(/(?<!\\)\]\(/)
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each(types)('%s: its limits, however much there is', (type) => {
    for (const text of ['🔴é', '漢', '"', '@', '*', '&', 'a']) {
      for (const length of [40, 1000]) {
        const long = text.repeat(length)
        bodies(type, messageOf(Array.from({ length: 60 }, (_, n) => alert({ key: `${n}${long}`, title: long, text: long })), 1))
      }
    }
  })

  it.each(['🔴é', '漢', '"', '@'])('teams: less than 28 KB of %s', (text) => {
    const long = text.repeat(1000)
    const [request] = rendered('teams', messageOf(Array.from({ length: 40 }, (_, n) => alert({ key: `${n}`, title: long, text: long }))))
    expect(Buffer.byteLength(request?.body ?? '')).toBeLessThan(28_000)
  })
})

describe('fitting', () => {
  it.each<[string, number, string]>([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['🔴🔴🔴', 5, '🔴🔴…'],
    ['a&b', 6, 'a…'],
    ['a&b', 7, 'a&amp;b'],
    ['', 0, ''],
    ['a', 0, ''],
  ])('%j into %d is %j', (text, limit, expected) => expect(fit(text, { limit, escape: (each) => (each === '&' ? '&amp;' : each) })).toBe(expected))

  it('makes one line of any text', () => expect(oneLine(' a\r\n\tb\u202Ec\u2028d \uD800 ')).toBe('a b c d'))
})
