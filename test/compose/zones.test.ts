import { describe, expect, it } from 'vitest'
import { createReferences } from '../../src/compose/references.ts'
import { createServiceResolver } from '../../src/compose/service-resolver.ts'
import { localAddresses } from '../../src/compose/local-addresses.ts'
import { createZones, type Zones } from '../../src/compose/zones.ts'
import { type Address, parseAddress } from '../../src/core/address.ts'
import type { AnswerOutcome, NameServer, Resolution } from '../../src/core/answer.ts'
import { parseEndpoint } from '../../src/core/endpoint.ts'
import { type Fqdn, isWithin, parseFqdn } from '../../src/core/fqdn.ts'
import type { Site } from '../../src/core/site.ts'
import type { NameService } from '../../src/engine/ports.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import type { Provider } from '../../src/providers/provider.ts'

const fqdn = (text: string): Fqdn => parseFqdn(text) as Fqdn
const address = (text: string): Address => parseAddress(text) as Address
const { signal } = new AbortController()

const server = (text: string): NameServer => {
  const endpoint = parseEndpoint(text, 53)
  if (endpoint === undefined) throw new Error('endpoint')
  return { name: text, endpoint }
}

const provider = (zone: string, facts: Partial<Provider> = {}): Provider => ({
  capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 1 },
  zoneOf: async (name) => (isWithin(name, fqdn(zone)) ? fqdn(zone) : undefined),
  read: async () => [],
  apply: async () => undefined,
  ...facts,
})

const broken = provider('example.com', {
  zoneOf: async () => {
    throw new ProviderError('the API is down', { code: 'unavailable', outcome: 'unchanged' })
  },
})

/** Answers for every server with what the table says of it; counts the look-ups of servers. */
const nameService = (options: { servers?: readonly NameServer[]; pings?: Readonly<Record<string, AnswerOutcome>> } = {}) => {
  const recursive: Resolution = { v4: { kind: 'found', addresses: [address('192.0.2.77')] }, v6: { kind: 'nothing', detail: '' } }
  let lookUps = 0
  const service: NameService = {
    resolve: async () => recursive,
    serversOf: async () => {
      lookUps += 1
      return options.servers ?? []
    },
    ask: async (asked) => ({ server: asked, askedAt: 0, answeredAt: 0, outcome: { kind: 'answer', values: [address('192.0.2.10')], ttl: 60, serial: 1 } }),
    ping: async ({ name }) => options.pings?.[name] ?? { kind: 'unreachable', detail: '' },
  }
  return { service, lookUps: () => lookUps }
}

const zonesOf = (providers: readonly Provider[], service: NameService, now = (): number => 0): Zones =>
  createZones({ providers, nameservers: undefined, nameService: service, clock: { now } })

describe('zones', () => {
  it('finds the closest zone that holds a name', async () => {
    const [outer, inner] = [provider('example.com'), provider('sub.example.com')]
    const zones = zonesOf([outer, inner], nameService().service)
    expect(await zones.zoneOf(fqdn('www.sub.example.com'), signal)).toEqual({ kind: 'ours', zone: 'sub.example.com', provider: inner })
    expect(await zones.zoneOf(fqdn('www.example.com'), signal)).toEqual({ kind: 'ours', zone: 'example.com', provider: outer })
    expect(await zones.zoneOf(fqdn('www.example.net'), signal)).toEqual({ kind: 'not-ours' })
  })

  it('asks for name servers once a minute, and takes the configured or the provider\'s own first', async () => {
    let at = 0
    const { service, lookUps } = nameService({ servers: [server('192.0.2.53')] })
    const zones = zonesOf([], service, () => at)
    const ask = (): Promise<readonly NameServer[]> => zones.serversOf(fqdn('example.com'), provider('example.com'), signal)
    await ask()
    at = 59_000
    expect([await ask(), lookUps()]).toEqual([[server('192.0.2.53')], 1])
    at = 61_000
    expect([await ask(), lookUps()]).toEqual([[server('192.0.2.53')], 2])
    const own = provider('example.com', { servers: [server('127.0.0.1:5300').endpoint] })
    expect(await zones.serversOf(fqdn('example.com'), own, signal)).toEqual([server('127.0.0.1:5300')])
    const configured = createZones({ providers: [], nameservers: [server('127.0.0.9:53').endpoint], nameService: service, clock: { now: () => 0 } })
    expect((await configured.serversOf(fqdn('example.com'), own, signal)).map(({ endpoint }) => endpoint.address)).toEqual(['127.0.0.9'])
  })
})

describe('service subdomains', () => {
  const resolve = (providers: readonly Provider[], name: string): Promise<Resolution> => {
    const { service } = nameService({ servers: [server('192.0.2.53')] })
    return createServiceResolver(zonesOf(providers, service), service).resolve(fqdn(name), signal)
  }

  it('are read from the authoritative side in our zones, through the resolvers elsewhere', async () => {
    expect((await resolve([provider('example.com')], 'msk.example.com')).v4).toEqual({ kind: 'found', addresses: ['192.0.2.10'] })
    expect((await resolve([provider('example.com')], 'msk.example.net')).v4).toEqual({ kind: 'found', addresses: ['192.0.2.77'] })
  })

  it('are not resolved at all while nobody knows whose zone it is', async () => {
    expect((await resolve([broken], 'msk.example.com')).v4).toEqual({ kind: 'failed', detail: 'whether msk.example.com is in a zone of ours is not known: the API is down' })
  })
})

it('references: any answer of a name server counts, refusals too, and of a URL any response; each at the time of its question', async () => {
  const servers = [server('192.0.2.53'), server('[2001:db8::53]:53'), server('127.0.0.53')]
  const { service } = nameService({ servers, pings: { '192.0.2.53': { kind: 'lame', detail: '' }, '127.0.0.53': { kind: 'answer', values: [], ttl: 0, serial: 1 } } })
  const site = { names: [fqdn('failover.example.com')], reference: ['https://one.example/'] } as unknown as Site
  const http = { ask: async () => [{ address: address('192.0.2.80'), answered: true, askedAt: 5, answeredAt: 9 }] }
  const references = createReferences(site, { zones: zonesOf([provider('example.com')], service), nameService: service, http, local: localAddresses(), clock: { now: () => 7 } })
  expect(await references.ask(signal)).toEqual([
    { name: 'name server 192.0.2.53', address: '192.0.2.53', isLocal: false, isAnswering: true, answeredAt: 7 },
    { name: 'name server [2001:db8::53]:53', address: '2001:db8::53', isLocal: false, isAnswering: false, answeredAt: undefined },
    { name: 'name server 127.0.0.53', address: '127.0.0.53', isLocal: true, isAnswering: true, answeredAt: 7 },
    { name: 'one.example', address: '192.0.2.80', isLocal: false, isAnswering: true, answeredAt: 5 },
  ])
})

it('references: an answer that may be one to a second try shows nothing of the time before it', async () => {
  const servers = [server('192.0.2.53')]
  const { service } = nameService({ servers, pings: { '192.0.2.53': { kind: 'answer', values: [], ttl: 0, serial: 1 } } })
  const site = { names: [fqdn('failover.example.com')], reference: ['https://one.example/'] } as unknown as Site
  const askWith = async (dnsMs: number, httpMs: number) => {
    let now = 100 - dnsMs
    const http = { ask: async () => [{ address: address('192.0.2.80'), answered: true, askedAt: 5, answeredAt: 5 + httpMs }] }
    const references = createReferences(site, { zones: zonesOf([provider('example.com')], service), nameService: service, http, local: localAddresses(), clock: { now: () => (now += dnsMs) } })
    return (await references.ask(signal)).map(({ isAnswering, answeredAt, isBelated }) => ({ isAnswering, answeredAt, isBelated }))
  }
  expect(await askWith(699, 999)).toEqual([
    { isAnswering: true, answeredAt: 100 },
    { isAnswering: true, answeredAt: 5 },
  ])
  expect(await askWith(700, 1_000)).toEqual([
    { isAnswering: true, answeredAt: 800, isBelated: true },
    { isAnswering: true, answeredAt: 1_005, isBelated: true },
  ])
})
