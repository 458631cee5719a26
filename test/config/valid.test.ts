import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { alertKinds } from '../../src/core/alert.ts'
import type { Config } from '../../src/config/config.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { loadConfig, type LoadOptions } from '../../src/config/load-config.ts'
import { renderProblems } from '../../src/config/render-problems.ts'
import { configDirectory, corpusEnv, corpusFiles, corpusText } from './corpus.ts'

const hour = 3_600_000
const day = 24 * hour
const everything = { sites: [], kinds: alertKinds, groupMs: 30_000, perHour: 20 }

const load = async (name: string, options: LoadOptions = {}): Promise<Config> => {
  const loaded = await loadConfig(join(configDirectory, 'valid', name), corpusEnv, options)
  expect(renderProblems(loaded, { color: false }).replaceAll(/^.*warning:.*$/gm, '')).not.toMatch(/:\d+:\d+:/)
  if (!loaded.ok) throw new Error('problems')
  return loaded.config
}

describe('valid configs', () => {
  const files = corpusFiles('valid').map((file) => [basename(file), file] as const)

  it.each(files)('%s loads, and its JSON Schema accepts it', async (name, file) => {
    await load(name)
    const schema = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])
    expect(schema.safeParse(parse(corpusText(file), { merge: true })).error).toBeUndefined()
  })

  it('the example of the design, with every default', async () => {
    const config = await load('design.yml')
    expect({ ...config, providers: Object.keys(config.providers) }).toEqual({
      providers: ['cf'],
      resolvers: undefined,
      nameservers: undefined,
      stateDir: join(configDirectory, 'valid', 'state'),
      sites: [
        {
          name: 'failover.example.com',
          names: ['failover.example.com'],
          provider: 'cf',
          ttl: 60,
          regions: [
            { name: 'msk', source: { kind: 'service', service: 'failovermsk.example.com' }, role: 'active', replacements: [], promoteAfterMs: undefined },
            { name: 'ams', source: { kind: 'service', service: 'failoverams.example.com' }, role: 'active', replacements: [], promoteAfterMs: undefined },
          ],
          check: {
            identity: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
            url: 'https://{site}/healthz',
            method: 'GET',
            headers: {},
            expect: { status: [{ from: 200, to: 200 }], body: { kind: 'contains', text: 'Hello' }, bodyBytes: 65_536 },
            bounds: { connectMs: 2000, tlsMs: 2000, headersMs: 2000, bodyMs: 2000, totalMs: 2000 },
            ca: undefined,
            minCertDays: undefined,
            maxRedirects: 0,
            everyMs: 5000,
            schedule: undefined,
            fall: 3,
            rise: 2,
            confirmSpanMs: 1000,
            tripwire: 'auto',
            connection: 'fresh',
          },
          policy: {
            minPublished: 1,
            failOpenBelow: 1,
            failOpen: 'all',
            foreign: 'keep',
            allowPrivate: false,
            damping: { baseMs: 30_000, maxMs: 900_000, halfLifeMs: 600_000 },
            budgetWindowMs: 300_000,
          },
          reference: [],
          windows: [],
          sources: {},
          quorum: undefined,
          replication: undefined,
        },
      ],
      api: { listen: { address: '127.0.0.1', port: 8453 }, isListenExplicit: false, tokens: [], isOpen: false, isDashboardOn: true, requestsPerSecond: 50, trustedProxies: [] },
      statusPages: {},
      webhooks: {},
      history: { isKept: true, eventsMs: 90 * day, minutesMs: 8 * day, hoursMs: 400 * day },
      alerts: [],
      deadMan: undefined,
    })
    const provider = config.providers['cf']
    expect(provider?.type === 'cloudflare' && provider.apiToken.reveal()).toBe('cloudflare-token-value')
    expect(JSON.stringify(config)).not.toContain('cloudflare-token-value')
  })

  it('the smallest: the only provider, a secret from a file, addresses in one spelling', async () => {
    const { providers, sites } = await load('smallest.yml')
    const provider = providers['cf']
    expect(provider?.type === 'cloudflare' && provider.apiToken.reveal()).toBe('file-token-value')
    expect(sites[0]?.provider).toBe('cf')
    expect(sites[0]?.regions[1]?.source).toEqual({ kind: 'fixed', addresses: ['198.51.100.20', '2001:db8::20'] })
    expect(sites[0]?.check.expect.status).toEqual([{ from: 200, to: 299 }])
  })

  it('every key', async () => {
    const config = await load('all-keys.yml')
    const { bind, local } = config.providers
    expect(bind?.type === 'rfc2136' && bind.tsig?.secret.reveal()).toBe(corpusEnv['TSIG'])
    expect(bind?.type === 'rfc2136' && { ...bind, tsig: { ...bind.tsig, secret: '' } }).toEqual({
      type: 'rfc2136',
      server: { address: '127.0.0.1', port: 5300 },
      zone: 'example.com',
      tsig: { name: 'k', algorithm: 'hmac-sha256', secret: '' },
    })
    expect(local).toEqual({
      type: 'embedded',
      listen: { address: '127.0.0.1', port: 5300 },
      zone: 'example.test',
      records: [
        { name: 'msk.example.test', type: 'A', ttl: 300, data: ['127.0.0.2'] },
        { name: 'msk.example.test', type: 'TXT', ttl: 300, data: ['"one"', '"two"'] },
      ],
    })
    expect(config.resolvers).toEqual([
      { address: '127.0.0.1', port: 5300 },
      { address: '::1', port: 5300 },
      { address: '192.0.2.53', port: 53 },
    ])
    expect(config.stateDir).toBe('/var/lib/dns-failover')
    expect(config.statusPages).toEqual({ 'failover.example.com': { title: 'Our shop' }, 'b.example.test': { title: 'b.example.test' } })
    const [first, second, third, fourth] = config.sites
    const host = { port: 22, hostKeys: [] }
    expect([first?.replication, second?.replication, third?.replication, fourth?.replication]).toEqual([
      undefined,
      undefined,
      {
        root: '/var/www/html',
        user: 'replication',
        mode: 'single-writer',
        writer: 'msk',
        topology: 'mesh',
        delayMs: 3000,
        hosts: { msk: { ...host, address: 'msk.example.test' }, ams: { ...host, address: 'ams.example.test' } },
        heartbeat: { everyMs: 5000, path: '/.dns-failover' },
        maxLagMs: 30_000,
        onLag: 'alarm',
        sameContent: [],
        onDifference: 'report',
      },
      {
        root: "/srv/it's one",
        user: 'mirror',
        mode: 'two-way',
        writer: 'ams',
        topology: 'star',
        hub: 'ams',
        delayMs: 1000,
        hosts: {
          msk: { address: '192.0.2.10', port: 2222, hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB'] },
          ams: { address: 'ams.example.test', port: 22, hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB'] },
          fra: { ...host, address: '203.0.113.30' },
        },
        heartbeat: { everyMs: 10_000, path: '/status/alive' },
        maxLagMs: 60_000,
        onLag: 'withdraw',
        sameContent: ['/index.html', '/'],
        onDifference: 'vote',
      },
    ])
    expect(first).toMatchObject({
      names: ['failover.example.com', 'www.example.com'],
      ttl: 120,
      check: {
        url: 'https://{site}:8443/x?t=environment-token-value',
        method: 'POST',
        schedule: '*/5 * * * * *',
        headers: { Authorization: 'Bearer environment-token-value', 'x-probe': '${1}' },
        expect: {
          status: [{ from: 200, to: 204 }, { from: 300, to: 399 }, { from: 418, to: 418 }],
          body: { kind: 'matches', text: '^Hello, (world|you)' },
          bodyBytes: 1_048_576,
        },
        bounds: { connectMs: 300, tlsMs: 500, headersMs: 1500, bodyMs: 1500, totalMs: 1500 },
        minCertDays: 14,
        maxRedirects: 2,
        fall: 4,
        rise: 1,
        confirmSpanMs: 0,
        tripwire: 'always',
        connection: 'kept',
      },
      policy: {
        minPublished: 2,
        failOpenBelow: 0,
        failOpen: 'keep',
        foreign: 'remove',
        allowPrivate: true,
        damping: { baseMs: 10_000, maxMs: 3_600_000, halfLifeMs: 5_400_000 },
        budgetWindowMs: 60_000,
      },
      reference: ['https://one.example/'],
    })
    expect(first?.check.ca).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect(first?.regions[0]?.source).toEqual({ kind: 'fixed', addresses: ['203.0.113.10', '10.0.0.1'] })
    expect([second?.check.everyMs, third?.check.everyMs]).toEqual([1000, 2000])
    expect(third?.regions).toEqual(second?.regions)
  })

  it('every key of operation', async () => {
    const { api, webhooks, history, alerts, deadMan, sites } = await load('all-keys.yml')
    const env = (name: string): string | undefined => corpusEnv[name]
    expect({ ...api, tokens: api.tokens.map(({ name, token, scopes }) => [name, token.reveal(), scopes]) }).toEqual({
      listen: { address: '::', port: 8454 },
      isListenExplicit: true,
      isOpen: true,
      isDashboardOn: false,
      tokens: [
        ['ops', env('OPS_TOKEN'), ['read', 'operate']],
        ['a-secret-token', 'api-file-token-value', ['read', 'webhook:am']],
      ],
      requestsPerSecond: 100,
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
    })
    const sources = Object.values(webhooks).map(({ token, secret, ...source }) => ({ ...source, token: token?.reveal(), secret: secret?.reveal() }))
    expect(sources).toEqual([
      { name: 'scripts', type: 'json', mode: 'vote', token: env('KUMA_TOKEN'), secret: 'api-file-token-value', expiresMs: hour, rules: [] },
      {
        name: 'kuma',
        type: 'uptime-kuma',
        mode: 'override',
        token: 'file-kuma-value-0123',
        secret: undefined,
        expiresMs: 2 * day,
        rules: [
          { when: { monitor: 'msk *', 'heartbeat.status': '0' }, site: 'failover.example.com', region: 'msk' },
          { when: {}, site: 'failover.example.com', region: 'spare' },
        ],
      },
      {
        name: 'am',
        type: 'alertmanager',
        mode: 'hint',
        token: undefined,
        secret: undefined,
        expiresMs: 5 * hour,
        rules: [{ when: { 'labels.job': 'web' }, site: '{labels.site}', region: '{labels.region}' }],
      },
      {
        name: 'panels',
        type: 'grafana',
        mode: 'hint',
        token: undefined,
        secret: env('HMAC'),
        expiresMs: 5 * hour,
        rules: [{ when: {}, site: 'a.example.test', region: '{labels.region}' }],
      },
    ])
    expect(Object.keys(webhooks)).toEqual(sources.map(({ name }) => name))
    expect(history).toEqual({ isKept: false, eventsMs: 30 * day, minutesMs: day, hoursMs: 1000 * day })
    expect(alerts.map(({ url, secret, ...target }) => ({ ...target, url: url.reveal(), secret: secret?.reveal() }))).toEqual([
      { name: 'slack', type: 'slack', url: env('SLACK_URL'), secret: undefined, sites: ['failover.example.com'], kinds: ['region-down', 'region-up'], groupMs: 60_000, perHour: 5 },
      { name: 'files', type: 'json', url: 'https://alerts.example/hook/file-url-value', secret: 'api-file-token-value', ...everything },
      { name: 'own', type: 'json', url: 'http://127.0.0.1:9000/hook', secret: env('HMAC'), ...everything },
      { name: 'ntfy', type: 'ntfy', url: 'https://ntfy.example/topic', secret: env('KUMA_TOKEN'), ...everything },
      { name: 'pager', type: 'pagerduty', url: 'https://events.pagerduty.com/v2/enqueue', secret: env('PAGER_KEY'), ...everything },
      { name: 'discord', type: 'discord', url: env('SLACK_URL'), secret: undefined, ...everything },
      { name: 'teams', type: 'teams', url: env('SLACK_URL'), secret: undefined, ...everything },
    ])
    expect([deadMan?.url.reveal(), deadMan?.everyMs]).toEqual(['https://hc-ping.com/very-secret-value', 30_000])
    const [first, second] = sites
    expect([first?.sources, second?.sources]).toEqual([
      { scripts: 'vote', kuma: 'override', am: 'hint' },
      { scripts: 'vote', am: 'hint', panels: 'hint' },
    ])
    expect([first?.quorum, second?.quorum]).toEqual([2, undefined])
    expect(first?.windows).toEqual([
      { region: 'msk', cron: '0 3 * * 0', timeZone: 'Europe/Amsterdam', forMs: hour, reason: 'patching' },
      { region: 'spare', cron: '30 0 4 1 * *', timeZone: 'UTC', forMs: 1.5 * hour, reason: 'planned window' },
    ])
    expect(first?.regions[1]).toMatchObject({ replacements: [['203.0.113.77'], ['203.0.113.78', '2001:db8::78']], promoteAfterMs: 600_000 })
  })

  it('confirmSpan falls back to what the command wants', async () => {
    const { sites } = await load('all-keys.yml', { defaults: { confirmSpanMs: 2000 } })
    expect(sites.map((site) => site.check.confirmSpanMs)).toEqual([0, 200, 200, 2000])
    const design = await load('design.yml', { defaults: { confirmSpanMs: 2000 } })
    expect(design.sites[0]?.check.confirmSpanMs).toBe(2000)
  })
})
