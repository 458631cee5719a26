import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeName, encodeName } from '../../../src/providers/rfc2136/wire-name.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('encodeName', () => {
  it.each([
    ['', '00'],
    ['com', '03 636f6d 00'],
    ['k', '01 6b 00'],
    ['WWW.Example.com', '03 777777 07 6578616d706c65 03 636f6d 00'],
    ['*.example.com', '01 2a 07 6578616d706c65 03 636f6d 00'],
  ])('writes "%s"', (name, hex) => expect(encodeName(name)).toEqual(bytes(hex)))

  it.each(['a..b', '.a', 'a.', 'a'.repeat(64), Array(50).fill('abcde').join('.'), 'ü.example', 'a b'])('refuses "%s"', (name) =>
    expect(() => encodeName(name)).toThrow(RangeError))
})

describe('decodeName', () => {
  it.each([
    ['the root', '00', 0, '', 1],
    ['labels in lower case', '03 57 57 77 03 43 4f 4d 00', 0, 'www.com', 9],
    ['a pointer', '03 636f6d 00 03 777777 c000', 5, 'www.com', 11],
    ['a pointer to a pointer', '03 636f6d 00 01 61 c000 01 62 c005', 9, 'b.a.com', 13],
    ['odd bytes, escaped', '04 61 2e 5c 00 00', 0, String.raw`a\046\092\000`, 6],
  ] as const)('reads %s', (_, hex, offset, name, end) => expect(decodeName(bytes(hex), offset)).toEqual({ name, end }))

  it.each([
    ['a pointer to itself', 'c000', 0],
    ['a pointer ahead', 'c002 00', 0],
    ['two pointers to each other', 'c002 c000', 0],
    ['a loop through labels', '01 61 c000', 0],
    ['a label beyond the end', '05 61 62', 0],
    ['no end', '01 61', 0],
    ['half a pointer', '01 61 c0', 0],
    ['a reserved label type', '41 61 00', 0],
    ['an offset beyond the end', '00', 7],
    ['more than 255 bytes', `${'3f'.concat('61'.repeat(63)).repeat(4)}00`, 0],
  ] as const)('refuses %s', (_, hex, offset) => expect(() => decodeName(bytes(hex), offset)).toThrow(RangeError))

  it('ends on any bytes, with a name or a RangeError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(600), (raw, offset) => {
      try {
        const { end } = decodeName(Buffer.from(raw), offset)
        return end > offset && end <= raw.length
      } catch (error) {
        return error instanceof RangeError
      }
    }), { numRuns: 2000 })
  })
})
