import * as fc from 'fast-check'
import { type Answer, decode, RECURSION_AVAILABLE } from 'dns-packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { familyOf, parseAddress } from '../../src/core/address.ts'
import { createNameService } from '../../src/dns/name-service.ts'
import { decodeReply, encodeQuery } from '../../src/dns/message.ts'
import type { NameService } from '../../src/engine/ports.ts'
import { fqdn } from '../fakes/dns-names.ts'
import { a, aaaa, answerTo, cname, type FakeDnsServer, framed, ns, soa, startDnsServer } from '../fakes/dns-server.ts'
import { type Edit, edited, edits, within } from './edits.ts'

const zone = fqdn('example.test')
const www = fqdn('www.example.test')

const answersFor = (type: string): readonly Answer[] => {
  if (type === 'A') return [cname(www, 'web.host.test'), a('web.host.test', '192.0.2.1'), a('web.host.test', '192.0.2.2')]
  if (type === 'AAAA') return [aaaa(www, '2001:db8::1')]
  return type === 'NS' ? [ns(zone, 'ns.example.test')] : [soa(zone, 7)]
}

/** What is wrong with answers, taken in turn; the id is kept, so that they are looked at. */
let wrongs: readonly (readonly Edit[])[] = []
let asked = 0
let server: FakeDnsServer
let service: NameService

const wrongAnswer = (answer: Buffer): Buffer => edited(answer, wrongs[(asked += 1) % Math.max(1, wrongs.length)] ?? [], 2)

beforeAll(async () => {
  server = await startDnsServer({
    udp: ({ query, send }) => send(wrongAnswer(answerTo(query, answersFor(query.questions?.[0]?.type ?? ''), { flags: RECURSION_AVAILABLE | 0x0400 })).subarray(0, 60_000)),
    tcp: (query, socket) => void socket.end(wrongAnswer(framed(answerTo(query, answersFor(query.questions?.[0]?.type ?? ''))))),
  })
  service = createNameService({ resolvers: [server.endpoint], nameservers: [server.endpoint], now: () => performance.now(), tries: 2, tryMs: 40, resolverTryMs: 40, resolveMs: 150 })
})
afterAll(() => server.close())

const many = fc.array(edits, { minLength: 8, maxLength: 8 })

describe('whatever a name server answers', () => {
  it('a name resolves to addresses of its family, or to none, in time', async () => {
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        wrongs = all
        const resolutions = await within(2000, Promise.all(all.map(() => service.resolve(www, AbortSignal.timeout(5000)))))
        for (const resolution of resolutions) {
          for (const family of ['v4', 'v6'] as const) {
            const found = resolution[family]
            if (found.kind !== 'found') continue
            expect(found.addresses.length).toBeGreaterThan(0)
            for (const address of found.addresses) expect([parseAddress(address), familyOf(address)]).toEqual([address, family])
          }
        }
      }),
      { numRuns: 25 },
    )
  })

  it('an authoritative server is said to answer, to be lame or not to be reachable, in time', async () => {
    await fc.assert(
      fc.asyncProperty(many, async (all) => {
        wrongs = all
        const asking = all.map(() => service.ask({ name: 'ns', endpoint: server.endpoint }, { name: www, type: 'AAAA' }, zone, AbortSignal.timeout(5000)))
        for (const { outcome } of await within(2000, Promise.all(asking))) {
          expect(['answer', 'absent', 'alias', 'lame', 'unreachable']).toContain(outcome.kind)
          if (outcome.kind === 'answer') for (const value of outcome.values) expect(parseAddress(value)).toBe(value)
        }
      }),
      { numRuns: 25 },
    )
  })

  it('its bytes are a reply to the question, or none', () => {
    const sound = answerTo(decode(encodeQuery(7, { name: www, type: 'A' }, { isRecursive: true, hasEdns: true })), answersFor('A'))
    expect(decodeReply(sound, 7, { name: www, type: 'A' })?.answers).toHaveLength(3)
    fc.assert(
      fc.property(edits, fc.constantFrom(0, 2, 4, 30), (all, kept) => {
        const reply = decodeReply(edited(sound, all, kept).subarray(0, 65_535), 7, { name: www, type: 'A' })
        for (const record of reply?.answers ?? []) {
          expect(record.ttl).toBeGreaterThanOrEqual(0)
          if ('address' in record) expect([parseAddress(record.address), familyOf(record.address)]).toEqual([record.address, record.type === 'A' ? 'v4' : 'v6'])
        }
      }),
      { numRuns: 5000 },
    )
  })
})
