import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressSet } from '../../src/core/address.ts'
import { decodeMark, encodeMark, markName } from '../../src/core/mark.ts'
import { at, keyA, keyAaaa, named, v4, v6 } from './samples.ts'

it('names the TXT beside the name, one per type', () => {
  expect([markName(keyA), markName(keyAaaa)]).toEqual(['_dns-failover-a.failover.example.com', '_dns-failover-aaaa.failover.example.com'])
})

it('has no name where it would be too long', () => {
  const label = 'a'.repeat(63)
  const longest = named([label, label, label, 'a'.repeat(61)].join('.'))
  expect(markName({ name: longest, type: 'A' })).toBeUndefined()
})

it('spells the values, sorted', () => {
  expect(encodeMark([v4(2), v4(1)])).toEqual(['dns-failover v=1 ours=192.0.2.1,192.0.2.2'])
  expect(encodeMark([])).toEqual(['dns-failover v=1 ours='])
})

it('round trips sixty long IPv6 addresses in strings of at most 255 bytes', () => {
  const owned = Array.from({ length: 60 }, (_, index) => at(`2001:db8:1111:2222:3333:4444:5555:${(0x1000 + index).toString(16)}`))
  const strings = encodeMark(owned)
  expect(strings.map((each) => each.length)).toEqual([255, 255, 255, 255, 255, 255, 255, 255, 255, 66])
  expect(decodeMark(strings)).toEqual(owned)
})

it('round trips any set', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6()).map(at), { maxLength: 60 }), (owned) => {
      const strings = encodeMark(owned)
      expect(decodeMark(strings)).toEqual(addressSet(owned))
      expect(Math.max(...strings.map((each) => each.length))).toBeLessThanOrEqual(255)
    }),
  )
})

it.each([
  ['nothing', []],
  ['an SPF record', ['v=spf1 -all']],
  ['a later version', ['dns-failover v=2 ours=192.0.2.1']],
  ['a longer version number', ['dns-failover v=10 ours=192.0.2.1']],
  ['text before it', [' dns-failover v=1 ours=192.0.2.1']],
])('does not take %s for a mark', (_, strings) => {
  expect(decodeMark(strings)).toBeUndefined()
})

it.each([
  ['an empty mark', ['dns-failover v=1 ours='], []],
  ['a split inside an address', ['dns-failover v=1 ours=192.0.2.1,192.', '0.2.2'], [v4(1), v4(2)]],
  ['a damaged entry', ['dns-failover v=1 ours=192.0.2.1,x,192.0.2.999,2001:db8::1'], [v4(1), v6(1)]],
  ['an end cut off', ['dns-failover v=1 ours=192.0.2.1,192.0'], [v4(1)]],
  ['another spelling', ['dns-failover v=1 ours=2001:DB8:0::1'], [v6(1)]],
  ['an entry twice', ['dns-failover v=1 ours=192.0.2.1,192.0.2.1'], [v4(1)]],
])('reads %s', (_, strings, expected) => {
  expect(decodeMark(strings)).toEqual(expected)
})
