import { expect, it } from 'vitest'
import { ancestors, isWithin, parseFqdn } from '../../src/core/fqdn.ts'
import { named } from './samples.ts'

const label63 = 'a'.repeat(63)
const name253 = [label63, label63, label63, 'a'.repeat(61)].join('.')

it.each([
  ['Failover.EXAMPLE.com', 'failover.example.com'],
  ['failover.example.com.', 'failover.example.com'],
  ['_dns-failover-a.example.com', '_dns-failover-a.example.com'],
  ['a.b', 'a.b'],
  ['1.2.example.com', '1.2.example.com'],
  ['example.xn--p1ai', 'example.xn--p1ai'],
  [`${label63}.com`, `${label63}.com`],
  [name253, name253],
])('reads %s as %s', (text, name) => {
  expect(parseFqdn(text)).toBe(name)
})

it.each(['', '.', 'com', 'com.', 'a..b', '.a.b', 'a.b..', '-a.b', 'a-.b', 'a b.c', 'пример.рф', '*.example.com', '\u212Aey.example.com', '192.0.2.1', 'example.1', `${label63}a.com`, `${name253}a`, 'a.b/c', 'a.b\n'])(
  'refuses %j',
  (text) => {
    expect(parseFqdn(text)).toBeUndefined()
  },
)

it.each([
  ['example.com', 'example.com', true],
  ['a.example.com', 'example.com', true],
  ['a.b.example.com', 'example.com', true],
  ['badexample.com', 'example.com', false],
  ['example.com', 'a.example.com', false],
])('%s within %s: %s', (name, zone, expected) => {
  expect(isWithin(named(name), named(zone))).toBe(expected)
})

it.each([
  ['example.com', ['example.com']],
  ['a.b.example.com', ['a.b.example.com', 'b.example.com', 'example.com']],
])('climbs from %s', (name, expected) => {
  expect(ancestors(named(name))).toEqual(expected)
})
