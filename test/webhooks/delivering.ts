import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Delivery, WebhookSource } from '../../src/webhooks/webhook-source.ts'

/** 2026-11-22T15:00:00Z, about which the fixtures are. */
export const fixtureTime = 1_795_359_600_000

const hidden = (text: string): { reveal(): string } => ({ reveal: () => text })

export const source = (given: { readonly type?: WebhookSource['type']; readonly token?: string; readonly secret?: string; readonly rules?: WebhookSource['rules'] }): WebhookSource => ({
  name: 'watch',
  type: given.type ?? 'json',
  token: given.token === undefined ? undefined : hidden(given.token),
  secret: given.secret === undefined ? undefined : hidden(given.secret),
  rules: given.rules ?? [],
})

/** With the body as it is, or as JSON. */
export const delivery = (body: unknown, headers: Readonly<Record<string, string>> = {}, isBearerProven = false): Delivery => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  isBearerProven,
})

/** The headers of our own signature, made apart from the code under test. */
export const signed = (body: string, secret: string, seconds: number): Readonly<Record<string, string>> => ({
  'x-signature-timestamp': String(seconds),
  'x-signature': `sha256=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
})

export const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')
