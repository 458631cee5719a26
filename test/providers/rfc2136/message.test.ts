import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRequest } from '../../../src/providers/rfc2136/ask.ts'
import { decodeMessage, encodeMessage, type Message } from '../../../src/providers/rfc2136/message.ts'
import { recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { captured } from './captured-updates.ts'
import { capturedRequest } from './captured-request.ts'

/** Each line one element of the message, written out by hand from RFC 1035 and RFC 2136. */
const byHand = [
  '1234 2800 0001 0005 0004 0000', // UPDATE; one zone, five prerequisites, four updates
  '07 6578616d706c65 03 636f6d 00 0006 0001', // zone example.com SOA IN
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0005 00fe 00000000 0000', // no CNAME: class NONE
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0001 0001 00000000 0004 c0000201', // exactly these A: class IN, TTL 0
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0001 0001 00000000 0004 c0000202',
  '0f 5f646e732d6661696c6f7665722d61 08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0010 00fe 00000000 0000', // no TXT
  '03 777777 07 6578616d706c65 03 636f6d 00 001c 00ff 00000000 0000', // some AAAA: class ANY
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0001 00ff 00000000 0000', // delete the A RRset: class ANY
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0001 0001 0000003c 0004 c0000203', // add A, TTL 60
  '08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 001c 0001 0000003c 0010 20010db8000000000000000000000001',
  '0f 5f646e732d6661696c6f7665722d61 08 6661696c6f766572 07 6578616d706c65 03 636f6d 00 0010 0001 0000003c 0020',
  '1f 646e732d6661696c6f76657220763d31206f7572733d3139322e302e322e33',
].join('').replaceAll(' ', '')

const name = fc.array(fc.stringMatching(/^[a-z0-9_*-]{1,20}$/), { maxLength: 6 }).map((labels) => labels.join('.'))
const record = fc.record({
  name,
  type: fc.constantFrom(1, 6, 16, 28, 250, 255),
  class: fc.constantFrom(1, 254, 255),
  ttl: fc.nat(0xff_ff_ff_ff),
  data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
})
const message: fc.Arbitrary<Message> = fc.record({
  id: fc.nat(0xff_ff),
  opcode: fc.nat(15),
  rcode: fc.nat(15),
  isResponse: fc.boolean(),
  isAuthoritative: fc.boolean(),
  questions: fc.array(fc.record({ name, type: fc.nat(0xff_ff), class: fc.nat(0xff_ff) }), { maxLength: 2 }),
  answers: fc.array(record, { maxLength: 4 }),
  authorities: fc.array(record, { maxLength: 4 }),
  additionals: fc.array(record, { maxLength: 4 }),
})

describe('an update', () => {
  it('is these bytes', () => expect(encodeRequest(capturedRequest, 0x12_34).toString('hex')).toBe(byHand))

  it.each(captured)('says what $tool says ($algorithm)', ({ hex }) => {
    const theirs = decodeMessage(Buffer.from(hex, 'hex'))
    expect(theirs.additionals.map((each) => each.type)).toEqual([recordType.TSIG])
    expect(encodeMessage({ ...theirs, id: 0x12_34, additionals: [] }).toString('hex')).toBe(byHand)
  })
})

describe('decodeMessage', () => {
  it('reads back whatever was written', () => {
    fc.assert(fc.property(message, (written) => {
      const { last, ...read } = decodeMessage(encodeMessage(written))
      expect(read).toEqual(written)
      expect(last?.record).toEqual([...written.answers, ...written.authorities, ...written.additionals].at(-1))
    }))
  })

  it('writes the names inside NS, CNAME and DNAME out in full', () => {
    const hex = '0001 8400 0001 0001 0000 0000 03 777777 07 6578616d706c65 00 0001 0001 c00c 0005 0001 0000003c 0004 01 61 c010'
    const { answers } = decodeMessage(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
    expect(answers).toEqual([{ name: 'www.example', type: 5, class: 1, ttl: 60, data: Buffer.from('0161076578616d706c6500', 'hex') }])
  })

  it.each([
    ['an empty buffer', ''],
    ['half a header', '000184000001'],
    ['fewer questions than it counts', '0001 8400 0001 0000 0000 0000'],
    ['fewer records than it counts', '0001 8400 0000 ffff 0000 0000'],
    ['data beyond the end', '0001 8400 0000 0001 0000 0000 00 0001 0001 00000000 0005 c0000201'],
    ['bytes after the end', '0001 8400 0000 0000 0000 0000 00'],
    ['a CNAME whose name does not fill its data', '0001 8400 0000 0001 0000 0000 00 0005 0001 00000000 0003 00 0000'],
  ])('refuses %s', (_, hex) => expect(() => decodeMessage(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(RangeError))

  it('ends on any bytes, with a message or a RangeError', () => {
    const started = fc.uint8Array({ maxLength: 500 })
    const mangled = fc.tuple(message, fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 5 })).map(([written, flips]) => {
      const bytes = encodeMessage(written)
      for (const [at, value] of flips) bytes[at % bytes.length] = value
      return new Uint8Array(bytes)
    })
    fc.assert(fc.property(fc.oneof(started, mangled), (raw) => {
      try {
        decodeMessage(Buffer.from(raw))
        return true
      } catch (error) {
        return error instanceof RangeError
      }
    }), { numRuns: 2000 })
  })
})
