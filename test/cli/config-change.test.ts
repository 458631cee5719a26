import { expect, it } from 'vitest'
import { configChange, isNoChange } from '../../src/cli/config-change.ts'
import { fingerprint } from '../../src/cli/fingerprint.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { Secret } from '../../src/config/secret.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../store/folder.ts'

interface Shape {
  readonly secret?: string
  readonly resolvers?: string
  readonly url?: string
  readonly ttl?: number
  readonly sites?: readonly string[]
}

const load = async ({ secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIz', resolvers = '127.0.0.1', url = 'http://{site}/', ttl = 60, sites = ['a', 'b'] }: Shape = {}): Promise<Config> => {
  const file = join(await makeFolder(), 'dns-failover.yaml')
  const site = (name: string): string => `
  ${name}.example.com:
    provider: ${name === 'b' ? 'two' : 'one'}
    ttl: ${name === 'a' ? ttl : 60}
    regions: { msk: { addresses: [203.0.113.10] }, ams: { addresses: [198.51.100.20] } }
    check: { url: "${name === 'a' ? url : 'http://{site}/'}" }`
  await writeFile(
    file,
    `version: 1
state: /nowhere
resolvers: ["${resolvers}"]
providers:
  one: { type: rfc2136, server: "127.0.0.1", zone: example.com }
  two: { type: rfc2136, server: "127.0.0.1", zone: example.com, tsig: { name: k, secret: "${secret}" } }
sites:${sites.map(site).join('')}
`,
  )
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
  return loaded.config
}

const told = (before: Config, after: Config) => {
  const change = configChange(before, after)
  return {
    added: change.added.map(({ name }) => name),
    restarted: change.restarted.map(({ to, why }) => `${to.name}: ${why}`),
    removed: change.removed.map(({ name }) => name),
    unchanged: change.unchanged.map(({ name }) => name),
    ended: change.endedProviders,
  }
}

const [a, b, c] = ['a.example.com', 'b.example.com', 'c.example.com']

it('touches nothing where both say the same', async () => {
  const change = configChange(await load(), await load())
  expect({ isNone: isNoChange(change), kept: change.keptProviders, unchanged: change.unchanged.length }).toEqual({ isNone: true, kept: ['one', 'two'], unchanged: 2 })
})

it.each<[string, Shape, ReturnType<typeof told>]>([
  ['a site', { ttl: 120 }, { added: [], restarted: [`${a}: its config has changed`], removed: [], unchanged: [b], ended: [] }],
  ['a check', { url: 'http://{site}/healthz' }, { added: [], restarted: [`${a}: its check has changed: its health is unknown until the new one has said so`], removed: [], unchanged: [b], ended: [] }],
  ['a secret', { secret: 'b3RoZXItb3RoZXItb3RoZXItb3RoZXIt' }, { added: [], restarted: [`${b}: its provider "two" has changed`], removed: [], unchanged: [a], ended: ['two'] }],
  ['a resolver', { resolvers: '127.0.0.2' }, { added: [], restarted: [a, b].map((name) => `${name}: the resolvers or name servers to ask have changed`), removed: [], unchanged: [], ended: [] }],
  ['the list of sites', { sites: ['b', 'c'] }, { added: [c], restarted: [], removed: [a], unchanged: [b], ended: [] }],
])('touches only what rests on %s that has changed', async (_, shape, expected) => {
  expect(told(await load(), await load(shape))).toEqual(expected)
})

it('tells secrets apart without showing them', () => {
  expect(fingerprint({ token: new Secret('one') })).not.toBe(fingerprint({ token: new Secret('two') }))
  expect(fingerprint({ token: new Secret('one') })).toBe(fingerprint({ token: new Secret('one') }))
  expect(fingerprint({ token: new Secret('one') })).not.toContain('one')
})
