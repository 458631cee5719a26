import { type Answer, encode, type RecordType } from 'dns-packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmbedded, type Embedded } from '../../../src/providers/embedded/embedded.ts'
import { type Decoded, decoded, exchangeTcp, exchangeUdp } from '../../fakes/dns-exchange.ts'
import { dataText } from '../../fakes/dns-lookup.ts'
import { address, fqdn } from '../../fakes/dns-names.ts'

const zone = fqdn('example.test')
let server: Embedded

beforeAll(async () => {
  server = await createEmbedded({
    listen: { address: address('127.0.0.1'), port: 0 },
    zone,
    wallNow: () => 1_700_000_000_000,
    records: [
      { name: 'www.example.test', type: 'A', ttl: 60, data: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] },
      { name: 'www.example.test', type: 'MX', ttl: 60, data: ['10 mail.example.test.'] },
      { name: 'alias.example.test', type: 'CNAME', ttl: 60, data: ['www.example.test.'] },
      { name: 'away.example.test', type: 'CNAME', ttl: 60, data: ['elsewhere.invalid.'] },
      { name: 'broken.example.test', type: 'CNAME', ttl: 60, data: ['gone.example.test.'] },
      { name: 'one.example.test', type: 'CNAME', ttl: 60, data: ['two.example.test.'] },
      { name: 'two.example.test', type: 'CNAME', ttl: 60, data: ['one.example.test.'] },
      { name: 'deep.below.empty.example.test', type: 'TXT', ttl: 60, data: ['"here"'] },
      { name: '*.wild.example.test', type: 'A', ttl: 60, data: ['192.0.2.77'] },
      { name: 'sub.example.test', type: 'NS', ttl: 60, data: ['ns.sub.example.test.'] },
      { name: 'ns.sub.example.test', type: 'A', ttl: 60, data: ['192.0.2.53'] },
      { name: 'big.example.test', type: 'A', ttl: 60, data: Array.from({ length: 60 }, (_, at) => `192.0.2.${at + 1}`) },
      { name: 'huge.example.test', type: 'AAAA', ttl: 60, data: Array.from({ length: 100 }, (_, at) => `2001:db8::${(at + 1).toString(16)}`) },
    ],
  })
})
afterAll(() => server.close())

const query = (name: string, type: RecordType, options: { readonly ednsBytes?: number; readonly class?: 'CH' } = {}): Buffer =>
  encode({
    type: 'query',
    id: 7,
    questions: [{ name, type, class: options.class ?? 'IN' }],
    ...(options.ednsBytes === undefined
      ? {}
      : { additionals: [{ type: 'OPT', name: '.', udpPayloadSize: options.ednsBytes, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] }),
  })

const ask = async (...args: Parameters<typeof query>): Promise<Decoded> => decoded(await exchangeUdp(server.address(), query(...args)))

const text = (answer: Answer): string => {
  if (answer.type === 'SOA') return `${answer.name} SOA ${answer.data.serial} (${answer.data.mname})`
  if (answer.type === 'HINFO') return `${answer.name} HINFO ${answer.data.cpu}`
  return `${answer.name} ${answer.type} ${dataText(answer)}`
}

/** What matters of a packet, in one value. */
const summary = ({ rcodeNumber: rcode, flag_aa: aa, flag_tc: tc, answers = [], authorities = [], additionals = [] }: Decoded): unknown => ({
  rcode,
  aa,
  tc,
  answers: answers.map(text).toSorted(),
  authorities: authorities.map(text),
  additionals: additionals.map((record) => (record.type === 'OPT' ? 'OPT' : text(record))),
})

const soa = 'example.test SOA 1700000000 (ns.example.test)'
const plain = { rcode: 0, aa: true, tc: false, answers: [], authorities: [], additionals: [] }

describe('answers', () => {
  const cases: readonly (readonly [string, RecordType, unknown])[] = [
    ['www.example.test', 'A', { ...plain, answers: ['www.example.test A 192.0.2.1', 'www.example.test A 192.0.2.2', 'www.example.test A 192.0.2.3'] }],
    ['example.test', 'SOA', { ...plain, answers: [soa] }],
    ['example.test', 'NS', { ...plain, answers: ['example.test NS ns.example.test.'] }],
    ['ns.example.test', 'A', { ...plain, answers: ['ns.example.test A 127.0.0.1'] }],
    ['www.example.test', 'AAAA', { ...plain, authorities: [soa] }],
    ['www.example.test', 'SOA', { ...plain, authorities: [soa] }],
    ['www.example.test', 'NAPTR', { ...plain, authorities: [soa] }],
    ['below.empty.example.test', 'A', { ...plain, authorities: [soa] }],
    ['empty.example.test', 'TXT', { ...plain, authorities: [soa] }],
    ['absent.example.test', 'A', { ...plain, rcode: 3, authorities: [soa] }],
    ['below.www.example.test', 'A', { ...plain, rcode: 3, authorities: [soa] }],
    ['any.thing.wild.example.test', 'A', { ...plain, answers: ['any.thing.wild.example.test A 192.0.2.77'] }],
    ['any.wild.example.test', 'TXT', { ...plain, authorities: [soa] }],
    ['wild.example.test', 'A', { ...plain, authorities: [soa] }],
    ['alias.example.test', 'A', { ...plain, answers: ['alias.example.test CNAME www.example.test.', 'www.example.test A 192.0.2.1', 'www.example.test A 192.0.2.2', 'www.example.test A 192.0.2.3'] }],
    ['alias.example.test', 'CNAME', { ...plain, answers: ['alias.example.test CNAME www.example.test.'] }],
    ['alias.example.test', 'AAAA', { ...plain, answers: ['alias.example.test CNAME www.example.test.'], authorities: [soa] }],
    ['away.example.test', 'A', { ...plain, answers: ['away.example.test CNAME elsewhere.invalid.'] }],
    ['broken.example.test', 'A', { ...plain, rcode: 3, answers: ['broken.example.test CNAME gone.example.test.'], authorities: [soa] }],
    ['one.example.test', 'A', { ...plain, answers: ['one.example.test CNAME two.example.test.', 'two.example.test CNAME one.example.test.'] }],
    ['a.b.sub.example.test', 'A', { ...plain, aa: false, authorities: ['sub.example.test NS ns.sub.example.test.'], additionals: ['ns.sub.example.test A 192.0.2.53'] }],
    ['sub.example.test', 'NS', { ...plain, aa: false, authorities: ['sub.example.test NS ns.sub.example.test.'], additionals: ['ns.sub.example.test A 192.0.2.53'] }],
    ['sub.example.test', 'DS', { ...plain, authorities: [soa] }],
    ['www.example.test', 'ANY' as RecordType, { ...plain, answers: ['www.example.test HINFO RFC8482'] }],
    ['other.test', 'A', { ...plain, rcode: 5, aa: false }],
    ['test', 'NS', { ...plain, rcode: 5, aa: false }],
    ['xexample.test', 'A', { ...plain, rcode: 5, aa: false }],
    ['.', 'NS', { ...plain, rcode: 5, aa: false }],
    ['example.test', 'AXFR', { ...plain, rcode: 5, aa: false }],
    ['example.test', 'IXFR', { ...plain, rcode: 5, aa: false }],
  ]

  it.each(cases)('%s %s', async (name, type, expected) => {
    expect(summary(await ask(name, type))).toEqual(expected)
    const [overTcp] = await exchangeTcp(server.address(), [query(name, type)])
    expect(summary(decoded(overTcp))).toEqual(expected)
  })

  it('gives the question back in its own spelling', async () => {
    const answer = await ask('wWw.ExAmPle.Test', 'A')
    expect(answer.questions).toEqual([{ name: 'wWw.ExAmPle.Test', type: 'A', class: 'IN' }])
    expect(answer.answers).toHaveLength(3)
  })

  it('rotates addresses from answer to answer', async () => {
    const first: string[] = []
    for (let count = 0; count < 6; count += 1) first.push(dataText((await ask('www.example.test', 'A')).answers?.[0] as Answer))
    expect(new Set(first)).toEqual(new Set(['192.0.2.1', '192.0.2.2', '192.0.2.3']))
  })

  it('refuses class CH', async () => {
    expect(summary(await ask('version.bind', 'TXT', { class: 'CH' }))).toEqual({ ...plain, rcode: 5, aa: false })
  })

  it('denies a label with a dot in it, which is not the name that it looks like', async () => {
    const message = query('wwwxexample.test', 'A')
    message.write('www.example', 13)
    const answer = await exchangeUdp(server.address(), message)
    expect((answer?.readUInt16BE(2) ?? 0) & 15).toBe(5)
    const within = query('wxw.example.test', 'A')
    within.write('w.w', 13)
    expect(((await exchangeUdp(server.address(), within))?.readUInt16BE(2) ?? 0) & 15).toBe(3)
  })
})

describe('limits', () => {
  it('truncates past 512 bytes without EDNS, and gives all over TCP', async () => {
    expect(summary(await ask('big.example.test', 'A'))).toEqual({ ...plain, tc: true })
    const [whole] = await exchangeTcp(server.address(), [query('big.example.test', 'A')])
    expect(decoded(whole).answers).toHaveLength(60)
  })

  it('takes what the client says, up to 1232 bytes', async () => {
    const roomy = await exchangeUdp(server.address(), query('big.example.test', 'A', { ednsBytes: 4096 }))
    expect(roomy?.length).toBeLessThanOrEqual(1232)
    expect(decoded(roomy).answers).toHaveLength(60)
    expect(summary(await ask('big.example.test', 'A', { ednsBytes: 900 }))).toEqual({ ...plain, tc: true, additionals: ['OPT'] })
    expect(summary(await ask('huge.example.test', 'AAAA', { ednsBytes: 65_535 }))).toEqual({ ...plain, tc: true, additionals: ['OPT'] })
    expect(summary(await ask('big.example.test', 'A', { ednsBytes: 100 }))).toEqual({ ...plain, tc: true, additionals: ['OPT'] })
  })

  it('answers pipelined queries in their order', async () => {
    const names = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? 'www.example.test' : 'big.example.test'))
    const answers = await exchangeTcp(server.address(), names.map((name) => query(name, 'A')))
    expect(answers.map((answer) => decoded(answer).answers?.length)).toEqual(names.map((name) => (name.startsWith('www') ? 3 : 60)))
  })
})
