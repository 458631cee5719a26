import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Config } from '../../src/config/config.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { loadConfig, type LoadOptions } from '../../src/config/load-config.ts'
import { renderProblems } from '../../src/config/render-problems.ts'
import { configDirectory, corpusEnv, corpusFiles, corpusText } from './corpus.ts'

const day = 86_400_000

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
        },
      ],
      api: { listen: { address: '127.0.0.1', port: 8453 }, isListenExplicit: false, tokens: [], isOpen: false, requestsPerSecond: 50, trustedProxies: [] },
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
    const [first, second, third] = config.sites
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

  it('confirmSpan falls back to what the command wants', async () => {
    const { sites } = await load('all-keys.yml', { defaults: { confirmSpanMs: 2000 } })
    expect(sites.map((site) => site.check.confirmSpanMs)).toEqual([0, 200, 200])
    const design = await load('design.yml', { defaults: { confirmSpanMs: 2000 } })
    expect(design.sites[0]?.check.confirmSpanMs).toBe(2000)
  })
})
