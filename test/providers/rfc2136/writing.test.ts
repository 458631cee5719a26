import { afterEach, describe, expect, it } from 'vitest'
import { addressSet } from '../../../src/core/address.ts'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import { encodeMark } from '../../../src/core/mark.ts'
import { type Change, content, type RRsetKey } from '../../../src/core/rrset.ts'
import { decodeMessage, maxMessageBytes, type Message, type WireRecord } from '../../../src/providers/rfc2136/message.ts'
import { opcode, rcode, recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { encodeText } from '../../../src/providers/rfc2136/record-data.ts'
import { authority } from './scripted-authority.ts'
import { createBench, address, create, failure, ipv4, key, markAt, nothingThere, read, signal, text, tsig, wanted, zone } from './fixture.ts'

const bench = createBench()
afterEach(() => bench.close())

const { A, TXT, NS, CNAME } = recordType
const isUpdate = (request: Buffer): boolean => decodeMessage(request).opcode === opcode.UPDATE
const empty = Buffer.alloc(0)
const part = (name: string, type: number, class_: number, ttl = 0, data: Buffer = empty): WireRecord => ({ name, type, class: class_, ttl, data })

describe('writing', () => {
  it('puts prerequisites, addresses and mark into one message', async () => {
    const updates: Message[] = []
    const foreign = text(markAt, 'not ours')
    const { provider } = await bench.serve(authority([ipv4(key.name, '192.0.2.9'), text(markAt, ...encodeMark([address('192.0.2.9')])), foreign], tsig, (update) => {
      updates.push(update)
      return {}
    }))
    await provider.apply([{ key, before: await read(provider), after: content([address('192.0.2.1'), address('192.0.2.2')], 30, [address('192.0.2.1')]), reasons: [] }], signal())
    expect(updates.map(({ questions, answers, authorities }) => ({ questions, answers, authorities }))).toEqual([{
      questions: [{ name: zone, type: 6, class: 1 }],
      answers: [
        part(key.name, CNAME, 254),
        part(key.name, NS, 254),
        part(key.name, A, 1, 0, Buffer.from([192, 0, 2, 9])),
        part(markAt, CNAME, 254),
        part(markAt, TXT, 1, 0, encodeText(['dns-failover v=1 ours=192.0.2.9'])),
        part(markAt, TXT, 1, 0, encodeText(['not ours'])),
      ],
      authorities: [
        part(key.name, A, 255),
        part(key.name, A, 1, 30, Buffer.from([192, 0, 2, 1])),
        part(key.name, A, 1, 30, Buffer.from([192, 0, 2, 2])),
        part(markAt, TXT, 255),
        part(markAt, TXT, 1, 60, encodeText(['not ours'])),
        part(markAt, TXT, 1, 60, encodeText(['dns-failover v=1 ours=192.0.2.1'])),
      ],
    }])
  })

  it('asks for the prerequisites alone where nothing changes', async () => {
    const updates: Message[] = []
    const { provider } = await bench.serve(authority([ipv4(key.name, '192.0.2.1'), text(markAt, ...encodeMark([address('192.0.2.1')]))], tsig, (update) => {
      updates.push(update)
      return {}
    }))
    await provider.apply([{ key, before: await read(provider), after: wanted, reasons: [] }], signal())
    expect(updates.map(({ answers, authorities }) => [answers.length, authorities.length])).toEqual([[5, 0]])
  })

  it('reads first where a change does not come from a read, and refuses if it does not fit', async () => {
    const { provider, server } = await bench.serve(authority([ipv4(key.name, '198.51.100.1')], tsig))
    expect(await failure(provider.apply([{ ...create, before: { key, ...content([], 0, []) } }], signal()))).toMatchObject({ code: 'conflict', outcome: 'unchanged' })
    expect(server.requests.some(isUpdate)).toBe(false)
  })

  it('tries once more where a prerequisite failed and only a stranger\'s text had moved, then gives up', async () => {
    const { provider, server } = await bench.serve(authority([text(markAt, 'not ours')], tsig, () => ({ rcode: rcode.NXRRSET })))
    expect(await failure(provider.apply([create], signal()))).toMatchObject({ code: 'conflict', outcome: 'unchanged' })
    expect(server.requests.filter(isUpdate).map((request) => decodeMessage(request).answers.at(-1))).toEqual([
      part(markAt, TXT, 254),
      part(markAt, TXT, 1, 0, encodeText(['not ours'])),
    ])
  })

  it('takes SERVFAIL for an unknown outcome, and settles it by reading', async () => {
    let isThere = false
    const after = [ipv4(key.name, '192.0.2.1'), text(markAt, ...encodeMark([address('192.0.2.1')]))]
    const { provider, seen } = await bench.serve((request) => authority(isThere ? after : [], tsig, () => ({ rcode: rcode.SERVFAIL }))(request))
    expect(await seen(provider.apply([create], signal()))).toEqual({
      code: 'unavailable',
      outcome: 'unknown',
      message: `cannot update ${key.name} at SERVER: the server failed in the middle (SERVFAIL); its log says why (often: no right to write its journal)`,
    })
    isThere = true
    await provider.apply([create], signal())
  })

  it('splits what does not fit into one message, and says if only a part was made', async () => {
    const values = addressSet(Array.from({ length: 250 }, (_, at) => address(`192.0.2.${at}`)))
    const changes = Array.from({ length: 20 }, (_, at): Change => {
      const each: RRsetKey = { name: `n${at}.example.com` as Fqdn, type: 'A' }
      return { key: each, before: { key: each, ...content([], 0, []), version: nothingThere }, after: content(values, 60, values), reasons: [] }
    })
    const updates: Message[] = []
    const { provider, server } = await bench.serve(authority([], tsig, (update) => {
      updates.push(update)
      return {}
    }), { timeoutMs: 3000 })
    await provider.apply(changes, signal())
    expect(updates.length).toBe(4)
    expect(Math.max(...server.requests.map((request) => request.length))).toBeLessThanOrEqual(maxMessageBytes)
    expect(updates.flatMap((update) => update.authorities).filter((each) => each.type === A && each.class === 1).length).toBe(20 * values.length)

    let count = 0
    const partly = await bench.serve(authority([], tsig, () => ({ rcode: (count += 1) > 1 ? rcode.REFUSED : rcode.NOERROR })), { timeoutMs: 3000 })
    const error = await failure(partly.provider.apply(changes, signal()))
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code: 'auth', outcome: 'unknown' })
    expect(error.message).toMatch(/\(1 of 4 messages of this write were applied before\)$/)
  })

  it('refuses a set that no message could hold', async () => {
    const values = addressSet(Array.from({ length: 3000 }, (_, at) => address(`10.0.${at >> 8}.${at & 255}`)))
    const { provider, server, seen } = await bench.serve(authority([], tsig))
    expect(await seen(provider.apply([{ ...create, after: content(values, 60, []) }], signal()))).toEqual({
      code: 'rejected',
      outcome: 'unchanged',
      message: `cannot update ${key.name} A at SERVER: the set does not fit into one DNS message of 64 KiB`,
    })
    expect(server.requests).toEqual([])
  })

  it('refuses ownership where the mark\'s name would be too long', async () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(45)}.example.com` as Fqdn
    const { provider } = await bench.serve(authority([], tsig))
    const longKey: RRsetKey = { name: long, type: 'A' }
    expect(await failure(provider.apply([{ ...create, key: longKey, before: { ...create.before, key: longKey } }], signal()))).toMatchObject({ code: 'rejected', outcome: 'unchanged' })
  })
})
