import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../../src/core/address.ts'
import { decodeAddress, decodeText, encodeAddress, encodeText } from '../../../src/providers/rfc2136/record-data.ts'

describe('addresses', () => {
  it.each([
    ['192.0.2.1', 'c0000201'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::', '20010db8000000000000000000000000'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ])('writes %s', (text, hex) => expect(encodeAddress(parseAddress(text) as Address).toString('hex')).toBe(hex))

  it('reads back what it wrote', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text)
      return address === undefined || decodeAddress(encodeAddress(address)) === address
    }))
  })

  it.each([0, 3, 5, 15, 17])('takes no data of %d bytes', (length) => expect(decodeAddress(Buffer.alloc(length))).toBe(undefined))
})

describe('text', () => {
  it('reads back what it wrote', () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes).toString('latin1')), { maxLength: 5 })
    fc.assert(fc.property(strings, (written) => {
      expect(decodeText(encodeText(written))).toEqual(written)
    }))
  })

  it('ends where damaged data ends', () => expect(decodeText(Buffer.from('0161056263', 'hex'))).toEqual(['a', 'bc']))
})
