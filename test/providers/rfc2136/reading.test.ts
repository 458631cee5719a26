import { afterEach, describe, expect, it } from 'vitest'
import { content } from '../../../src/core/rrset.ts'
import { decodeMessage, type Message } from '../../../src/providers/rfc2136/message.ts'
import { rcode, recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { authority, replyBytes } from './scripted-authority.ts'
import { createBench, address, failure, ipv4, key, markAt, read, record, signal, text, tsig, zone } from './fixture.ts'

const bench = createBench()
afterEach(() => bench.close())

const { A, NS } = recordType

describe('reading', () => {
  it.each([
    ['REFUSED', { rcode: rcode.REFUSED }, 'auth', 'the query was refused; either the server does not hold the zone, or it does not allow key "k" to query it (BIND `allow-query`, Knot `acl`)'],
    ['NOTAUTH', { rcode: rcode.NOTAUTH }, 'rejected', 'the server does not hold this zone; check `server` and `zone`'],
    ['SERVFAIL', { rcode: rcode.SERVFAIL }, 'unavailable', 'the server could not answer (SERVFAIL); has the zone loaded there?'],
    ['FORMERR', { rcode: rcode.FORMERR }, 'rejected', 'the server answered FORMERR'],
    ['an answer without authority', { isAuthoritative: false }, 'rejected', 'the answer came without authority (no AA): the server does not hold this zone; name its primary in `server`'],
    ['NXDOMAIN of a resolver', { isAuthoritative: false, rcode: rcode.NXDOMAIN }, 'rejected', 'the answer came without authority (no AA): the server does not hold this zone; name its primary in `server`'],
  ])('says what %s means', async (_, reply, code, message) => {
    const { provider, seen } = await bench.serve((request) => replyBytes(request, reply, tsig))
    expect(await seen(provider.read([key], signal()))).toEqual({ code, outcome: 'unchanged', message: `cannot read ${key.name} from SERVER: ${message}` })
  })

  it('sees a delegation whose child zone the same server holds', async () => {
    const { provider, seen } = await bench.serve(authority([record(key.name, NS, Buffer.from([1, 97, 0])), ipv4(key.name, '192.0.2.1')], tsig))
    expect(await seen(provider.read([key], signal()))).toMatchObject({ code: 'rejected', outcome: 'unchanged', obstacle: 'delegation' })
  })

  it.each([
    ['the name has records of its own', rcode.NOERROR, [address('192.0.2.1')]],
    ['the wildcard made them up', rcode.NXRRSET, []],
  ])('asks the zone itself where a wildcard could have answered: %s', async (_, probe, values) => {
    const updates: Message[] = []
    const { provider } = await bench.serve(authority([ipv4(key.name, '192.0.2.1'), ipv4('*.example.com', '192.0.2.1')], tsig, (update) => {
      updates.push(update)
      return { rcode: probe }
    }))
    expect((await read(provider)).values).toEqual(values)
    expect(updates.map(({ questions, answers, authorities }) => ({ questions, answers, authorities }))).toEqual([{
      questions: [{ name: zone, type: 6, class: 1 }],
      answers: [{ name: key.name, type: A, class: 255, ttl: 0, data: Buffer.alloc(0) }],
      authorities: [],
    }])
  })

  it('tells where it may not ask whether a wildcard answered', async () => {
    const { provider } = await bench.serve(authority([ipv4(key.name, '192.0.2.1'), ipv4('*.example.com', '192.0.2.1')], tsig, () => ({ rcode: rcode.REFUSED })))
    expect(await failure(provider.read([key], signal()))).toMatchObject({ code: 'auth', outcome: 'unchanged' })
  })

  it('counts only the name\'s own records, and what can be read of a damaged mark', async () => {
    const { provider } = await bench.serve((request) => {
      const [question] = decodeMessage(request).questions
      const isMark = question?.name === markAt
      const own = isMark ? text(markAt, 'dns-failover v=1 ours=192.0.2.1,nonsense,', '192.0.2.2') : ipv4(key.name, '192.0.2.1')
      const isAsked = isMark || (question?.name === key.name && question.type === A)
      return replyBytes(request, { answers: isAsked ? [own, ipv4('other.example.com', '192.0.2.9'), record(key.name, A, Buffer.alloc(3))] : [] }, tsig)
    })
    expect(await read(provider)).toMatchObject(content([address('192.0.2.1')], 60, [address('192.0.2.1'), address('192.0.2.2')]))
  })

  it('needs no key where the server asks for none', async () => {
    const { provider, server } = await bench.serve(authority([ipv4(key.name, '192.0.2.1')], undefined), { isSigned: false })
    expect((await read(provider)).values).toEqual(['192.0.2.1'])
    expect(server.requests.flatMap((request) => decodeMessage(request).additionals)).toEqual([])
  })
})
