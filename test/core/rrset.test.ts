import { expect, it } from 'vitest'
import { content, familyOfType, keyText, sameContent, sameKey, typeOf } from '../../src/core/rrset.ts'
import { keyA, keyAaaa, named, v4 } from './samples.ts'

it('holds sorted values, each once, and of an empty set no TTL', () => {
  expect(content([v4(2), v4(1), v4(2)], 60, [v4(2), v4(2)])).toEqual({ values: [v4(1), v4(2)], ttl: 60, owned: [v4(2)] })
  expect(content([], 60, [v4(1)])).toEqual({ values: [], ttl: 0, owned: [v4(1)] })
})

it.each([
  ['nothing', content([v4(2), v4(1)], 60, [v4(1)]), true],
  ['a value', content([v4(1)], 60, [v4(1)]), false],
  ['the TTL', content([v4(1), v4(2)], 61, [v4(1)]), false],
  ['the mark', content([v4(1), v4(2)], 60, [v4(1), v4(2)]), false],
])('compares values, TTL and mark: %s differs', (_, other, expected) => {
  expect(sameContent(content([v4(1), v4(2)], 60, [v4(1)]), other)).toBe(expected)
})

it('compares keys by name and type', () => {
  expect(sameKey(keyA, { ...keyA })).toBe(true)
  expect(sameKey(keyA, keyAaaa)).toBe(false)
  expect(sameKey(keyA, { ...keyA, name: named('www.example.com') })).toBe(false)
  expect(keyText(keyAaaa)).toBe('failover.example.com AAAA')
})

it('maps types to families and back', () => {
  expect([typeOf('v4'), typeOf('v6'), familyOfType('A'), familyOfType('AAAA')]).toEqual(['A', 'AAAA', 'v4', 'v6'])
})
