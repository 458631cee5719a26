import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressSet, compareAddresses, familyOf, isPublishable, parseAddress, sameAddresses, scopeOf } from '../../src/core/address.ts'
import { at, v4, v6 } from './samples.ts'

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => at(text))

describe('parseAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    // RFC 5952 section 4.2: the longest run of zeros, of equal ones the first, and never a single group.
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ])('spells %s as %s', (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical)
  })

  it.each(['', ' ', '192.0.2', '192.0.2.256', '192.0.2.01', '192.0.2.1 ', '192.0.2.1:80', '0x7f.1', '3232235777', '[::1]', '::1%eth0', 'fe80::1%1', '1::2::3', '12345::', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'example.com', ':'])(
    'refuses %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined()
    },
  )

  it('is idempotent, and knows the family', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (four, six) => {
        expect(parseAddress(four)).toBe(four)
        expect(familyOf(at(four))).toBe('v4')
        expect(parseAddress(at(six))).toBe(at(six))
        expect(familyOf(at(six))).toBe('v6')
      }),
    )
  })
})

describe('scopeOf', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.0.0.1', 'reserved'],
    ['10.0.0.1', 'private'],
    ['9.255.255.255', 'global'],
    ['100.63.255.255', 'global'],
    ['100.64.0.0', 'private'],
    ['100.127.255.255', 'private'],
    ['100.128.0.0', 'global'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['169.253.0.1', 'global'],
    ['172.15.255.255', 'global'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'global'],
    ['192.168.1.1', 'private'],
    ['192.169.1.1', 'global'],
    ['203.0.113.10', 'global'],
    ['223.255.255.255', 'global'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.0', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::2', 'reserved'],
    ['::192.0.2.1', 'reserved'],
    ['::ffff:192.0.2.1', 'reserved'],
    ['2001:db8::1', 'global'],
    ['fbff::1', 'global'],
    ['fc00::', 'private'],
    ['fdff:ffff::1', 'private'],
    ['fe00::1', 'global'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'reserved'],
    ['feff::1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
  ])('%s is %s', (text, scope) => {
    expect(scopeOf(at(text))).toBe(scope)
  })

  it.each([
    ['203.0.113.10', true, true],
    ['10.0.0.1', false, true],
    ['127.0.0.1', false, true],
    ['::1', false, true],
    ['fd00::1', false, true],
    ['0.0.0.0', false, false],
    ['169.254.1.1', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['fe80::1', false, false],
    ['ff02::1', false, false],
    ['::', false, false],
    ['::ffff:10.0.0.1', false, false],
  ])('%s may be published: %s; with allowPrivate: %s', (text, normally, allowed) => {
    expect([isPublishable(at(text), false), isPublishable(at(text), true)]).toEqual([normally, allowed])
  })
})

describe('sets', () => {
  it('sorts IPv4 before IPv6 and keeps each once', () => {
    expect(addressSet([v6(2), v4(2), v6(1), v4(1), v4(2)])).toEqual([v4(1), v4(2), v6(1), v6(2)])
  })

  it('compares as sets', () => {
    expect(sameAddresses([v4(1), v4(2)], [v4(2), v4(1), v4(2)])).toBe(true)
    expect(sameAddresses([v4(1)], [v4(1), v4(2)])).toBe(false)
    expect(sameAddresses([], [])).toBe(true)
  })

  it('orders totally', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyAddress, (a, b, c) => {
        expect(compareAddresses(a, b) + compareAddresses(b, a)).toBe(0)
        expect(compareAddresses(a, b) === 0).toBe(a === b)
        if (compareAddresses(a, b) <= 0 && compareAddresses(b, c) <= 0) expect(compareAddresses(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('does not care for order', () => {
    fc.assert(
      fc.property(fc.array(anyAddress), (addresses) => {
        expect(addressSet(addresses.toReversed())).toEqual(addressSet(addresses))
      }),
    )
  })
})
