import { RECURSION_AVAILABLE, type Answer, type DecodedPacket } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { createNameService } from '../../src/dns/name-service.ts'
import type { NameService } from '../../src/engine/ports.ts'
import { address, fqdn } from '../fakes/dns-names.ts'
import { a, aaaa, answerTo, cname, type FakeDnsServer, ns, soa, startDnsServer } from '../fakes/dns-server.ts'

type Script = Readonly<Record<string, { readonly answers?: readonly Answer[]; readonly authorities?: Answer[]; readonly rcode?: number; readonly flags?: number } | 'silence'>>

const servers: FakeDnsServer[] = []
/** Answers `name TYPE` as scripted; everything else with no records. */
const scripted = async (script: Script, flags?: number): Promise<FakeDnsServer> => {
  const server = await startDnsServer({
    udp: ({ query, send }) => {
      const entry = script[keyOf(query)] ?? {}
      if (entry === 'silence') return
      const { answers = [], ...rest } = entry
      send(answerTo(query, answers, { ...(flags === undefined ? {} : { flags }), ...rest }))
    },
  })
  servers.push(server)
  return server
}
const keyOf = (query: DecodedPacket): string => {
  const question = query.questions?.[0]
  return `${question?.name ?? ''} ${question?.type ?? ''}`
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const signal = (): AbortSignal => AbortSignal.timeout(10_000)
const serviceOf = (...resolvers: readonly FakeDnsServer[]): NameService =>
  createNameService({ resolvers: resolvers.map(({ endpoint }) => endpoint), nameservers: undefined, now: () => performance.now(), tryMs: 60, resolverTryMs: 60, resolveMs: 1000 })

const www = fqdn('www.example.test')
const zone = fqdn('example.test')
const noAaaa = { kind: 'nothing', detail: 'www.example.test has no AAAA record' }
const found = (...addresses: readonly string[]): unknown => ({ kind: 'found', addresses })
const chain = (length: number): readonly Answer[] => Array.from({ length }, (_, at) => cname(at === 0 ? www : `hop${at}.example.test`, `hop${at + 1}.example.test`))

describe('resolve', () => {
  const cases: readonly (readonly [string, Script, unknown])[] = [
    ['addresses, sorted, each once', { [`${www} A`]: { answers: [a(www, '192.0.2.9'), a(www, '192.0.2.10'), a(www, '192.0.2.9')] } }, found('192.0.2.10', '192.0.2.9')],
    ['an alias with its target in one answer', { [`${www} A`]: { answers: [cname(www, 'web.host.test'), a('web.host.test', '192.0.2.1')] } }, found('192.0.2.1')],
    ['an alias whose target stands before it', { [`${www} A`]: { answers: [a('web.host.test', '192.0.2.1'), cname(www, 'web.host.test')] } }, found('192.0.2.1')],
    ['an alias whose target must be asked for', { [`${www} A`]: { answers: [cname(www, 'web.host.test')] }, 'web.host.test A': { answers: [a('web.host.test', '192.0.2.1')] } }, found('192.0.2.1')],
    ['eight aliases', { [`${www} A`]: { answers: [...chain(8), a('hop8.example.test', '192.0.2.1')] } }, found('192.0.2.1')],
    ['nine aliases', { [`${www} A`]: { answers: [...chain(9), a('hop9.example.test', '192.0.2.1')] } }, { kind: 'failed', detail: expect.stringMatching(/^more than 8 aliases: www.example.test -> hop1/) }],
    ['a loop in one answer', { [`${www} A`]: { answers: [cname(www, 'b.test'), cname('b.test', www)] } }, { kind: 'failed', detail: 'the aliases form a loop: www.example.test -> b.test -> www.example.test' }],
    ['an alias for itself', { [`${www} A`]: { answers: [cname(www, www)] } }, { kind: 'failed', detail: 'the aliases form a loop: www.example.test -> www.example.test' }],
    ['a loop across answers', { [`${www} A`]: { answers: [cname(www, 'b.test')] }, 'b.test A': { answers: [cname('b.test', www)] } }, { kind: 'failed', detail: 'the aliases form a loop: www.example.test -> b.test -> www.example.test' }],
    ['an answer for another name', { [`${www} A`]: { answers: [a('evil.test', '203.0.113.66')] } }, { kind: 'nothing', detail: 'www.example.test has no A record' }],
    ['bystanders in the answer', { [`${www} A`]: { answers: [a('evil.test', '203.0.113.66'), a(www, '192.0.2.1'), aaaa(www, '2001:db8::1')] } }, found('192.0.2.1')],
    ['NXDOMAIN', { [`${www} A`]: { rcode: 3 } }, { kind: 'nothing', detail: 'www.example.test does not exist (NXDOMAIN)' }],
    ['an alias for what does not exist', { [`${www} A`]: { rcode: 3, answers: [cname(www, 'gone.test')] } }, { kind: 'nothing', detail: 'gone.test does not exist (NXDOMAIN)' }],
    ['no data', { [`${www} A`]: { authorities: [soa(zone, 1)] } }, { kind: 'nothing', detail: 'www.example.test has no A record' }],
    ['SERVFAIL', { [`${www} A`]: { rcode: 2 } }, { kind: 'failed', detail: expect.stringMatching(/^www.example.test A: 127.0.0.1:\d+ answered SERVFAIL$/) }],
    ['REFUSED', { [`${www} A`]: { rcode: 5 } }, { kind: 'failed', detail: expect.stringMatching(/answered REFUSED$/) }],
    ['a referral', { [`${www} A`]: { flags: 0, authorities: [ns('test', 'ns.test')] } }, { kind: 'failed', detail: expect.stringMatching(/answered with a referral: it does not recurse$/) }],
    ['silence', { [`${www} A`]: 'silence' }, { kind: 'failed', detail: expect.stringMatching(/did not answer within 60 ms$/) }],
  ]

  it.each(cases)('%s', async (_, script, v4) => {
    const server = await scripted(script, RECURSION_AVAILABLE)
    expect(await serviceOf(server).resolve(www, signal())).toEqual({ v4, v6: noAaaa })
    expect(server.seen.every(({ query }) => query.flag_rd)).toBe(true)
  })

  it('judges the families apart', async () => {
    const server = await scripted({ [`${www} A`]: { rcode: 2 }, [`${www} AAAA`]: { answers: [aaaa(www, '2001:DB8:0::1')] } })
    expect(await serviceOf(server).resolve(www, signal())).toEqual({ v4: { kind: 'failed', detail: expect.stringMatching(/SERVFAIL/) }, v6: found('2001:db8::1') })
  })

  it('asks the next resolver when one fails, refuses or is silent', async () => {
    const [failing, silent, good] = [await scripted({ [`${www} A`]: { rcode: 2 } }), await scripted({ [`${www} A`]: 'silence' }), await scripted({ [`${www} A`]: { answers: [a(www, '192.0.2.1')] } })]
    expect((await serviceOf(failing, silent, good).resolve(www, signal())).v4).toEqual(found('192.0.2.1'))
  })

  it('names every resolver that failed', async () => {
    const [failing, silent] = [await scripted({ [`${www} A`]: { rcode: 2 } }), await scripted({ [`${www} A`]: 'silence' })]
    const { v4 } = await serviceOf(failing, silent).resolve(www, signal())
    expect(v4).toEqual({ kind: 'failed', detail: `www.example.test A: 127.0.0.1:${failing.endpoint.port} answered SERVFAIL; 127.0.0.1:${silent.endpoint.port} did not answer within 60 ms` })
  })

  it('keeps to its bound however many resolvers are silent', async () => {
    const silent = await scripted({ [`${www} A`]: 'silence', [`${www} AAAA`]: 'silence' })
    const service = createNameService({ resolvers: Array.from({ length: 30 }, () => silent.endpoint), nameservers: undefined, now: () => performance.now(), resolverTryMs: 2_000, resolveMs: 200 })
    const startedAt = performance.now()
    await service.resolve(www, signal())
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it('fails without a resolver, and on abort', async () => {
    expect((await serviceOf().resolve(www, signal())).v4).toEqual({ kind: 'failed', detail: 'www.example.test A: no resolver is configured' })
    const silent = await scripted({})
    expect((await serviceOf(silent).resolve(www, AbortSignal.abort())).v4).toEqual({ kind: 'failed', detail: 'www.example.test A: aborted' })
  })
})

describe('serversOf', () => {
  it('returns the configured servers, and asks nobody', async () => {
    const service = createNameService({ resolvers: [], nameservers: [{ address: address('127.0.0.1'), port: 5300 }, { address: address('::1'), port: 53 }], now: () => 0 })
    expect(await service.serversOf(zone, signal())).toEqual([
      { name: '127.0.0.1:5300', endpoint: { address: '127.0.0.1', port: 5300 } },
      { name: '[::1]:53', endpoint: { address: '::1', port: 53 } },
    ])
  })

  it('finds every address of every NS, aliases tolerated, those without addresses left out', async () => {
    const server = await scripted({
      [`${zone} NS`]: { answers: [ns(zone, 'ns2.host.test'), ns(zone, 'NS1.host.test'), ns(zone, 'gone.host.test'), ns('other.test', 'ns.evil.test')] },
      'ns1.host.test A': { answers: [a('ns1.host.test', '192.0.2.53')] },
      'ns1.host.test AAAA': { answers: [aaaa('ns1.host.test', '2001:db8::53')] },
      'ns2.host.test A': { answers: [cname('ns2.host.test', 'real.host.test'), a('real.host.test', '192.0.2.54')] },
      'gone.host.test A': { rcode: 3 },
    })
    expect(await serviceOf(server).serversOf(zone, signal())).toEqual([
      { name: 'ns1.host.test', endpoint: { address: '192.0.2.53', port: 53 } },
      { name: 'ns1.host.test', endpoint: { address: '2001:db8::53', port: 53 } },
      { name: 'ns2.host.test', endpoint: { address: '192.0.2.54', port: 53 } },
    ])
  })

  it('returns none if they cannot be found', async () => {
    const server = await scripted({ [`${zone} NS`]: { rcode: 2 } })
    expect(await serviceOf(server).serversOf(zone, signal())).toEqual([])
  })
})

describe('ask', () => {
  const key = { name: www, type: 'A' } as const
  const serial = { [`${zone} SOA`]: { answers: [soa(zone, 7)] } }
  const cases: readonly (readonly [string, Script, unknown])[] = [
    ['an answer, sorted, with the lowest TTL', { ...serial, [`${www} A`]: { answers: [a(www, '192.0.2.9', 60), a(www, '192.0.2.1', 30)] } }, { kind: 'answer', values: ['192.0.2.1', '192.0.2.9'], ttl: 30, serial: 7 }],
    ['an answer without a serial', { [`${www} A`]: { answers: [a(www, '192.0.2.1')] } }, { kind: 'answer', values: ['192.0.2.1'], ttl: 60, serial: undefined }],
    ['records of another name', { ...serial, [`${www} A`]: { answers: [a('x.example.test', '203.0.113.66')] } }, { kind: 'absent', rcode: 'NOERROR', serial: 7 }],
    ['no data', { ...serial, [`${www} A`]: { authorities: [soa(zone, 7)] } }, { kind: 'absent', rcode: 'NOERROR', serial: 7 }],
    ['no such name, the serial in its denial', { [`${zone} SOA`]: 'silence', [`${www} A`]: { rcode: 3, authorities: [soa(zone, 8)] } }, { kind: 'absent', rcode: 'NXDOMAIN', serial: 8 }],
    ['an alias', { ...serial, [`${www} A`]: { answers: [cname(www, 'Web.Host.test'), a('web.host.test', '192.0.2.1')] } }, { kind: 'alias', target: 'web.host.test' }],
    ['an alias for what does not exist', { ...serial, [`${www} A`]: { rcode: 3, answers: [cname(www, 'gone.test')] } }, { kind: 'alias', target: 'gone.test' }],
    ['no authority', { ...serial, [`${www} A`]: { flags: 0, answers: [a(www, '192.0.2.1')] } }, { kind: 'lame', detail: 'is not authoritative for the zone example.test (no AA in its answer)' }],
    ['a referral', { ...serial, [`${www} A`]: { flags: 0, authorities: [ns(www, 'ns.elsewhere.test')] } }, { kind: 'lame', detail: 'referred to ns.elsewhere.test for www.example.test' }],
    ['REFUSED', { ...serial, [`${www} A`]: { rcode: 5 } }, { kind: 'lame', detail: 'answered REFUSED for the zone example.test' }],
    ['SERVFAIL', { ...serial, [`${www} A`]: { rcode: 2 } }, { kind: 'lame', detail: 'answered SERVFAIL for the zone example.test' }],
    ['NOTAUTH', { ...serial, [`${www} A`]: { rcode: 9 } }, { kind: 'lame', detail: 'answered NOTAUTH for the zone example.test' }],
    ['silence', { ...serial, [`${www} A`]: 'silence' }, { kind: 'unreachable', detail: 'did not answer within 60 ms, 3 times' }],
  ]

  it.each(cases)('%s', async (_, script, outcome) => {
    const server = await scripted(script)
    const nameServer = { name: 'ns1', endpoint: server.endpoint }
    const answer = await serviceOf().ask(nameServer, key, zone, signal())
    expect(answer).toEqual({ server: nameServer, askedAt: expect.any(Number), answeredAt: expect.any(Number), outcome })
    expect(answer.answeredAt).toBeGreaterThanOrEqual(answer.askedAt)
    expect(server.seen.some(({ query }) => query.flag_rd)).toBe(false)
  })

  it('ends promptly on abort', async () => {
    const server = await scripted({ [`${www} A`]: 'silence', [`${zone} SOA`]: 'silence' })
    const abort = new AbortController()
    const service = createNameService({ resolvers: [], nameservers: undefined, now: () => performance.now(), tryMs: 60_000 })
    const startedAt = performance.now()
    const asking = service.ask({ name: 'ns1', endpoint: server.endpoint }, key, zone, abort.signal)
    setImmediate(() => abort.abort())
    expect((await asking).outcome).toEqual({ kind: 'unreachable', detail: 'did not answer: aborted' })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })
})

describe('ping', () => {
  it.each([
    ['an answer', { [`${zone} SOA`]: { answers: [soa(zone, 7)] } }, { kind: 'answer', values: [], ttl: 60, serial: 7 }],
    ['a server of something else', { [`${zone} SOA`]: { rcode: 5 } }, { kind: 'lame', detail: 'answered REFUSED for the zone example.test' }],
    ['the SOA of a zone above', { [`${zone} SOA`]: { authorities: [soa('test', 7)] } }, { kind: 'lame', detail: 'has no SOA of the zone example.test' }],
    ['silence', { [`${zone} SOA`]: 'silence' }, { kind: 'unreachable', detail: 'did not answer within 60 ms, 3 times' }],
  ] as readonly (readonly [string, Script, unknown])[])('%s', async (_, script, outcome) => {
    const server = await scripted(script)
    expect(await serviceOf().ping({ name: 'ns1', endpoint: server.endpoint }, zone, signal())).toEqual(outcome)
  })
})
