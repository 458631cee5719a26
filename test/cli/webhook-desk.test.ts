import { expect, it } from 'vitest'
import { createWebhookDesk, type WebhookDeskParts } from '../../src/cli/service/webhook-desk.ts'
import { Secret } from '../../src/config/secret.ts'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'
import { delivery, fixtureTime, signed } from '../webhooks/delivering.ts'

it('a delivery that somebody has taken down and sends again and again does not fill the history', () => {
  const key = 'signing-key-0123456789'
  const probe = { name: 'probe', type: 'json', mode: 'vote', token: undefined, secret: new Secret(key), expiresMs: 60_000, rules: [] } as const
  const rows: string[] = []
  const outcomes: string[] = []
  let now = fixtureTime
  const desk = createWebhookDesk({
    config: () => ({ webhooks: { probe } }) as unknown as ReturnType<WebhookDeskParts['config']>,
    memory: createReplayMemory(0),
    metrics: { webhook: ({ outcome }) => void outcomes.push(outcome) },
    history: { webhook: ({ text }) => void rows.push(text.slice(0, 33)) },
    wallNow: () => now,
  })
  const body = '{"site":"s","region":"msk","status":"down"}'
  const { headers, body: bytes } = delivery(body, signed(body, key, now / 1000))
  const send = (): unknown => desk('probe', { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? ''])), body: bytes, isBearerProven: false })
  for (let at = 0; at < 800; at += 1) {
    send()
    now += 1_000
  }
  expect([outcomes.filter((each) => each === 'accepted').length, outcomes.filter((each) => each === 'replayed').length, outcomes.filter((each) => each === 'stale').length]).toEqual([1, 300, 499])
  expect([rows.filter((text) => text.includes('replayed')).length, rows.filter((text) => text.includes('stale')).length]).toEqual([5, 9])
})
