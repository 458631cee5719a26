import { expect, it } from 'vitest'
import { z } from 'zod'
import { configJsonSchema } from '../../src/config/json-schema.ts'

interface Node {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly items?: Node
}

const undescribed = (node: Node, path: string): readonly string[] => [
  ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    ...(child.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(child, `${path}.${key}`),
  ]),
  ...(typeof node.additionalProperties === 'object' ? undescribed(node.additionalProperties, `${path}.*`) : []),
  ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((child) => undescribed(child, path)),
  ...(node.items === undefined ? [] : undescribed(node.items, `${path}[]`)),
]

it('says of every key what it is', () => {
  expect(undescribed(configJsonSchema() as Node, '')).toEqual([])
})

const site = { regions: { a: { service: 'a.example.com' } }, check: { url: 'https://{site}/' } }
const whole = { version: 1, providers: { p: { type: 'cloudflare', apiToken: '${T}' } }, sites: { 'x.example.com': site } }

it.each([
  ['an unknown key', { ...whole, extra: 1 }],
  ['another version', { ...whole, version: 2 }],
  ['no sites', { version: 1, providers: whole.providers }],
  ['a duration without unit', { ...whole, sites: { x: { ...site, check: { ...site.check, every: 5 } } } }],
  ['a wrong word', { ...whole, sites: { x: { ...site, failOpen: 'al' } } }],
  ['an unknown provider type', { ...whole, providers: { p: { type: 'route53' } } }],
  ['a part of a timeout that is none', { ...whole, sites: { x: { ...site, check: { ...site.check, timeout: { conect: '1s' } } } } }],
  ['a scope that is none', { ...whole, api: { tokens: { ops: { token: '${T}', scopes: ['write'] } } } }],
  ['a token without scopes', { ...whole, api: { tokens: { ops: { token: '${T}' } } } }],
  ['a webhook without type', { ...whole, webhooks: { w: { token: '${T}' } } }],
  ['a rule without region', { ...whole, webhooks: { w: { type: 'gatus', rules: [{ site: 'x' }] } } }],
  ['an alert of an unknown kind', { ...whole, alerts: { a: { type: 'slack', url: '${U}', on: ['down'] } } }],
  ['a window without length', { ...whole, sites: { x: { ...site, windows: [{ region: 'a', cron: '0 3 * * 0' }] } } }],
])('refuses %s', (_what, config) => {
  const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])
  expect(schema.safeParse(whole).success).toBe(true)
  expect(schema.safeParse(config).success).toBe(false)
})

it('lets a variable stand for any single value', () => {
  const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])
  const variables = { ...site, ttl: '${A}', failOpen: '${A}', allowPrivate: '${A}', minPublished: '${A}', removalWindow: '${A}', check: { ...site.check, fall: '${A}' } }
  expect(schema.safeParse({ ...whole, sites: { x: variables } }).error).toBeUndefined()
})
