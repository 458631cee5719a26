import { describe, expect, it } from 'vitest'
import type { AnswerOutcome, NameServer, Resolution } from '../../src/core/answer.ts'
import { resolveInZone } from '../../src/dns/service-resolution.ts'
import type { NameService } from '../../src/engine/ports.ts'
import { address, fqdn } from '../fakes/dns-names.ts'

const zone = fqdn('example.test')
const service = fqdn('msk.example.test')
const servers: readonly NameServer[] = ['192.0.2.51', '192.0.2.52', '192.0.2.53'].map((text, at) => ({ name: `ns${at + 1}.host.test`, endpoint: { address: address(text), port: 53 } }))
const answer = (ttl: number, ...values: string[]): AnswerOutcome => ({ kind: 'answer', values: values.map(address), ttl, serial: 1 })
const absent: AnswerOutcome = { kind: 'absent', rcode: 'NOERROR', serial: 1 }
const nxdomain: AnswerOutcome = { kind: 'absent', rcode: 'NXDOMAIN', serial: 1 }
const lame: AnswerOutcome = { kind: 'lame', detail: 'answered REFUSED for the zone example.test' }
const unreachable: AnswerOutcome = { kind: 'unreachable', detail: 'did not answer within 700 ms, 3 times' }
const alias = (target: string): AnswerOutcome => ({ kind: 'alias', target })
const nothing = { kind: 'nothing', detail: 'nothing' } as const

/** What each server says of `name TYPE`, in the order of `servers`; the last one repeats. Names outside: one address. */
const fake = (script: Readonly<Record<string, readonly AnswerOutcome[]>>, asked: string[] = []): Pick<NameService, 'ask' | 'resolve'> => ({
  ask: async (server, key) => {
    const said = script[`${key.name} ${key.type}`] ?? [absent]
    return { server, askedAt: 0, answeredAt: 0, outcome: said[Math.min(servers.indexOf(server), said.length - 1)] ?? absent }
  },
  resolve: async (name) => {
    asked.push(name)
    return { v4: { kind: 'found', addresses: [address('203.0.113.7')] }, v6: nothing }
  },
})

const resolveV4 = async (script: Readonly<Record<string, readonly AnswerOutcome[]>>, from = servers): Promise<Resolution['v4']> =>
  (await resolveInZone(service, from, zone, fake(script), new AbortController().signal)).v4

describe('resolveInZone', () => {
  const cases: readonly (readonly [string, readonly AnswerOutcome[], unknown])[] = [
    ['is found if all agree, whatever their TTLs', [answer(60, '192.0.2.1'), answer(30, '192.0.2.1')], { kind: 'found', addresses: ['192.0.2.1'] }],
    ['leaves out who is lame or unreachable', [lame, answer(60, '192.0.2.1'), unreachable], { kind: 'found', addresses: ['192.0.2.1'] }],
    ['is nothing if all say so', [absent, nxdomain, unreachable], { kind: 'nothing', detail: 'msk.example.test has no A record (NOERROR)' }],
    [
      'fails while they disagree, and says who says what',
      [answer(60, '192.0.2.1'), answer(60, '192.0.2.2', '192.0.2.3'), lame],
      { kind: 'failed', detail: 'the authoritative servers disagree on msk.example.test A: ns1.host.test (192.0.2.51:53): 192.0.2.1; ns2.host.test (192.0.2.52:53): 192.0.2.2, 192.0.2.3; ns3.host.test (192.0.2.53:53): answered REFUSED for the zone example.test' },
    ],
    ['fails while one has nothing yet', [answer(60, '192.0.2.1'), absent], { kind: 'failed', detail: expect.stringMatching(/disagree .*: nothing/) }],
    [
      'fails if nobody can be heard',
      [lame, unreachable, unreachable],
      { kind: 'failed', detail: expect.stringMatching(/^no authoritative server answers for msk.example.test A: ns1.host.test \(192.0.2.51:53\): answered REFUSED .*; ns2/) },
    ],
  ]

  it.each(cases)('%s', async (_, said, expected) => {
    expect(await resolveV4({ [`${service} A`]: said })).toEqual(expected)
  })

  it('fails without servers', async () => {
    expect(await resolveV4({}, [])).toEqual({ kind: 'failed', detail: 'no authoritative server answers for msk.example.test A: none is known' })
  })

  it('follows an alias within the zone at the same servers', async () => {
    expect(await resolveV4({ [`${service} A`]: [alias('box.example.test')], 'box.example.test A': [answer(60, '192.0.2.1')] })).toEqual({ kind: 'found', addresses: ['192.0.2.1'] })
  })

  it('follows an alias out of the zone through the resolvers, once for both families', async () => {
    const asked: string[] = []
    const names = fake({ [`${service} A`]: [alias('box.dyn.test')], [`${service} AAAA`]: [alias('box.dyn.test')] }, asked)
    expect(await resolveInZone(service, servers, zone, names, new AbortController().signal)).toEqual({ v4: { kind: 'found', addresses: ['203.0.113.7'] }, v6: nothing })
    expect(asked).toEqual(['box.dyn.test'])
  })

  it('fails on a loop, too long a chain, and a target that is no host name', async () => {
    expect(await resolveV4({ [`${service} A`]: [alias('b.example.test')], 'b.example.test A': [alias(service)] })).toEqual({
      kind: 'failed',
      detail: 'the aliases form a loop: msk.example.test -> b.example.test -> msk.example.test',
    })
    const long = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at === 0 ? service : `h${at}.example.test`} A`, [alias(`h${at + 1}.example.test`)]]))
    expect(await resolveV4(long)).toMatchObject({ kind: 'failed', detail: expect.stringMatching(/^more than 8 aliases/) })
    expect(await resolveV4({ [`${service} A`]: [alias('we!rd')] })).toEqual({ kind: 'failed', detail: 'msk.example.test is an alias for we!rd, which is no host name' })
  })
})
