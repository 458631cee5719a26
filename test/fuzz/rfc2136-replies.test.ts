import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeMark } from '../../src/core/mark.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { decodeMessage } from '../../src/providers/rfc2136/message.ts'
import { opcode } from '../../src/providers/rfc2136/numbers.ts'
import { address, createBench, create, ipv4, key, markAt, signal, text, tsig } from '../providers/rfc2136/fixture.ts'
import { authority } from '../providers/rfc2136/scripted-authority.ts'
import { edited, edits, within } from './edits.ts'

const bench = createBench()
afterEach(() => bench.close())

const records = [ipv4(key.name, '192.0.2.1'), text(markAt, ...encodeMark([address('192.0.2.1')]))]

type Ending = { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'error'; readonly error: unknown }
const endingOf = (work: Promise<unknown>): Promise<Ending> => work.then((value) => ({ kind: 'done' as const, value }), (error: unknown) => ({ kind: 'error' as const, error }))

const isUpdate = (request: Buffer): boolean => decodeMessage(request).opcode === opcode.UPDATE

/** Names in a message are the same in either case, and so are those that a signature covers (RFC 8945 section 4.3.3). */
const isSame = (a: Buffer, b: Buffer): boolean => a.toString('latin1').toLowerCase() === b.toString('latin1').toLowerCase()

/** What an update adds and deletes; addresses as text. */
const written = (update: Buffer) =>
  decodeMessage(update).authorities.map(({ name, type, class: kind, data }) => ({ name, type, class: kind, address: data.length === 4 ? [...data].join('.') : data.toString('latin1') }))

describe.each([true, false])('whatever a name server replies (signed: %s)', (isSigned) => {
  it('a reading is true or an error that says that nothing has changed', async () => {
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(5), async (all, hit) => {
        const sound = authority(records, isSigned ? tsig : undefined)
        let replies = 0
        let isAltered = false
        const { provider } = await bench.serve((request) => {
          const reply = sound(request)
          const wrong = replies++ === hit ? edited(reply, all, 2).subarray(0, 65_535) : reply
          isAltered ||= !wrong.equals(reply)
          return wrong
        }, { isSigned, timeoutMs: 100 })
        const ending = await within(1500, endingOf(provider.read([key], signal())))
        if (ending.kind === 'error') expect(ending.error).toMatchObject({ name: 'ProviderError', outcome: 'unchanged' })
        // A signature leaves no room for any other answer than the one that was given.
        else if (isSigned || !isAltered) expect(ending.value).toMatchObject([{ key, values: ['192.0.2.1'], ttl: 60 }])
        await bench.close()
      }),
      { numRuns: 60 },
    )
  })

  it('an update is the one that was asked for, and is never taken for done on the word of a reply that was tampered with', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        const sound = authority([], isSigned ? tsig : undefined)
        let isAltered = false
        const updates: Buffer[] = []
        const { provider } = await bench.serve((request) => {
          const reply = sound(request)
          if (!isUpdate(request)) return reply
          updates.push(request)
          const wrong = edited(reply, all, 2).subarray(0, 65_535)
          isAltered ||= !isSame(wrong, reply)
          return wrong
        }, { isSigned, timeoutMs: 100 })
        const ending = await within(1500, endingOf(provider.apply([create], signal())))
        // Without a signature a reply may say that the records have moved: what is there is looked at, and the same is tried once more.
        expect(updates.length).toBeLessThanOrEqual(isSigned ? 1 : 2)
        for (const update of updates) expect(written(update)).toEqual(written(updates[0] ?? update))
        expect(written(updates[0] ?? Buffer.alloc(12)).map(({ name, address: given }) => [name, given])).toContainEqual([key.name, '192.0.2.1'])
        if (ending.kind === 'error') {
          expect(ending.error).toBeInstanceOf(ProviderError)
          if (isSigned) expect(ending.error).toMatchObject({ outcome: 'unknown' })
        } else if (isSigned) expect(isAltered).toBe(false)
        await bench.close()
      }),
      { numRuns: 60 },
    )
  })
})
