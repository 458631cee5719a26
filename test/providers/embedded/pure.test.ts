import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatStrings, parseStrings } from '../../../src/providers/embedded/character-strings.ts'
import { parseData } from '../../../src/providers/embedded/presentation.ts'
import { isSerialAfter, nextSerial } from '../../../src/providers/embedded/serial.ts'

describe('serials (RFC 1982)', () => {
  it.each([
    [1, 0, true],
    [0, 1, false],
    [5, 5, false],
    [0, 0xff_ff_ff_ff, true],
    [0xff_ff_ff_ff, 0, false],
    [0x7f_ff_ff_ff, 0, true],
    [0x80_00_00_01, 0, false],
  ])('%d comes after %d: %s', (a, b, expected) => {
    expect(isSerialAfter(a, b)).toBe(expected)
  })

  it.each([
    ['follows the time', 100, 200, 200],
    ['goes on where the time stands still', 200, 200, 201],
    ['goes on where the clock was set back', 200, 100, 201],
    ['wraps around', 0xff_ff_ff_ff, 0xff_ff_ff_00, 0],
  ])('%s', (_, serial, time, expected) => {
    expect(nextSerial(serial, time)).toBe(expected)
  })

  it('always advances', () => {
    const uint32 = fc.integer({ min: 0, max: 0xff_ff_ff_ff })
    fc.assert(fc.property(uint32, fc.double({ min: 0, max: 1e11, noNaN: true }), (serial, time) => void expect(isSerialAfter(nextSerial(serial, time), serial)).toBe(true)))
  })
})

describe('character strings', () => {
  it('read back as they were written', () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 255 }), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(strings, (list) => void expect(parseStrings(formatStrings(list))?.map((bytes) => [...bytes])).toEqual(list.map((bytes) => [...bytes]))))
  })

  it.each([
    ['bare words', 'two words', ['two', 'words']],
    ['escapes', String.raw`"a\"b\\c\032d"`, ['a"b\\c d']],
    ['an empty string', '""', ['']],
    ['an open quote', '"open', undefined],
    ['text after a quote', '"a"b', undefined],
    ['a byte over 255', String.raw`"\256"`, undefined],
    ['nothing', ' ', undefined],
    ['256 bytes', `"${'x'.repeat(256)}"`, undefined],
  ])('%s', (_, text, expected) => {
    expect(parseStrings(text)?.map(String)).toEqual(expected)
  })

  it('never take long, nor throw', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', 'a', ' ', '1', '\n'), maxLength: 400 })
    fc.assert(fc.property(text, (input) => void parseStrings(input)))
  })
})

describe('record data', () => {
  it.each([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:DB8:0:0::1', '2001:db8::1'],
    ['CNAME', 'WWW.example.test', 'www.example.test.'],
    ['MX', '10   Mail.example.test.', '10 mail.example.test.'],
    ['MX', '0 .', '0 .'],
    ['SRV', '1 2 3 a.test.', '1 2 3 a.test.'],
    ['CAA', '0 issue "ca.test; x=1"', '0 issue "ca.test; x=1"'],
    ['TXT', 'bare', '"bare"'],
    ['A', '192.0.2.01', undefined],
    ['NS', '.', undefined],
    ['NS', '*.example.test.', undefined],
    ['MX', '70000 a.test.', undefined],
    ['SRV', '1 2 a.test.', undefined],
    ['CAA', '0 other "x"', undefined],
  ] as const)('%s %s', (type, text, expected) => {
    expect(parseData(type, text)?.text).toBe(expected)
  })
})
