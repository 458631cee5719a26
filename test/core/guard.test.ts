import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Decision, Entry, Mode } from '../../src/core/decision.ts'
import { guard, type GuardFacts } from '../../src/core/guard.ts'
import { type Change, content, type RRsetKey } from '../../src/core/rrset.ts'
import { at, entry, keyA, keyAaaa, rrset, v4, v6 } from './samples.ts'

const known = new Set([v4(1), v4(2), v4(3), v6(1), v6(2), at('127.0.0.1'), at('224.0.0.1')])
const decision = (mode: Mode = 'normal', entries: readonly Entry[] = [], key: RRsetKey = keyA): Decision => ({
  key,
  family: key.type === 'A' ? 'v4' : 'v6',
  mode,
  entries,
  isSettled: true,
})
const facts = (over: Partial<GuardFacts> = {}): GuardFacts => ({
  decision: decision(),
  known,
  allowPrivate: false,
  mayRemoveForeign: false,
  removed: new Set(),
  budgetLeft: 2,
  mayBeEmpty: false,
  ...over,
})
const change = (before: readonly Address[], after: readonly Address[], key = keyA, owned: readonly Address[] = []): Change => ({
  key,
  before: rrset(key, before, owned),
  after: content(after, 60, after),
  reasons: [],
})

const allowed = { kind: 'allowed' }
const refused = (code: string, text: string) => ({ kind: 'refused', code, text })
const emptied = 'failover.example.com A would be left with 0 of our 1 addresses; at least 1 must stay'
const drained = decision('normal', [entry(v4(1), 'withhold', 'drained', true)])

it.each<readonly [string, Change, GuardFacts, object]>([
  ['a first address', change([], [v4(1)]), facts(), allowed],
  ['one fewer', change([v4(1), v4(2)], [v4(1)]), facts(), allowed],
  ['one replaced', change([v4(1)], [v4(2)]), facts(), allowed],
  ['nothing but the mark', change([v4(1)], [v4(1)]), facts({ budgetLeft: 0 }), allowed],
  ['a multicast address', change([v4(1)], [v4(1), at('224.0.0.1')]), facts({ allowPrivate: true }), refused('unpublishable', '224.0.0.1 is not an address to publish in failover.example.com A')],
  ['a loopback address', change([v4(1)], [v4(1), at('127.0.0.1')]), facts(), refused('unpublishable', '127.0.0.1 is not an address to publish in failover.example.com A')],
  ['a loopback address with allowPrivate', change([v4(1)], [v4(1), at('127.0.0.1')]), facts({ allowPrivate: true }), allowed],
  ['a loopback address that is there already', change([at('127.0.0.1')], [at('127.0.0.1'), v4(1)]), facts(), allowed],
  ['an address of no region', change([v4(1)], [v4(1), v4(8)]), facts(), refused('unknown-value', '192.0.2.8 belongs to no region, so it is not added to failover.example.com A')],
  ['marked, but of no region now', change([v4(1)], [v4(1), v4(8)], keyA, [v4(8)]), facts(), refused('unknown-value', '192.0.2.8 belongs to no region, so it is not added to failover.example.com A')],
  ['a foreign value gone', change([v4(1), v4(9)], [v4(1)]), facts(), refused('foreign', '192.0.2.9 in failover.example.com A is not ours to remove')],
  ['a foreign value gone, as configured', change([v4(1), v4(9)], [v4(1)]), facts({ mayRemoveForeign: true }), allowed],
  ['a marked value gone', change([v4(1), v4(9)], [v4(1)], keyA, [v4(9)]), facts(), allowed],
  ['emptied', change([v4(1)], []), facts(), refused('floor', emptied)],
  ['only foreign values left', change([v4(1), v4(9)], [v4(9)]), facts(), refused('floor', emptied)],
  ['emptied by a drain', change([v4(1)], []), facts({ decision: drained }), refused('floor', emptied)],
  ['emptied by family-down, but A', change([v4(1)], []), facts({ decision: decision('family-down'), mayBeEmpty: true }), refused('floor', emptied)],
  ['emptied of foreign values', change([v4(8), v4(9)], []), facts({ mayRemoveForeign: true }), refused('floor', 'failover.example.com A would be left empty; at least 1 of its 2 addresses must stay')],
  ['emptied, fail closed', change([v4(1)], []), facts({ decision: decision('fail-closed') }), allowed],
  ['AAAA emptied while IPv4 serves', change([v6(1)], [], keyAaaa), facts({ decision: decision('family-down', [], keyAaaa), mayBeEmpty: true }), allowed],
  ['AAAA emptied, IPv4 does not serve', change([v6(1)], [], keyAaaa), facts({ decision: decision('family-down', [], keyAaaa) }), refused('floor', emptied.replace(' A ', ' AAAA '))],
  ['AAAA emptied in another mode', change([v6(1)], [], keyAaaa), facts({ decision: decision('normal', [], keyAaaa), mayBeEmpty: true }), refused('floor', emptied.replace(' A ', ' AAAA '))],
  ['over the budget', change([v4(1), v4(2), v4(3)], [v4(1)]), facts({ budgetLeft: 1 }), refused('budget', 'failover.example.com A: 2 addresses would go, 1 may at this time')],
  ['over the budget, but one is counted already', change([v4(1), v4(2), v4(3)], [v4(3)]), facts({ budgetLeft: 1, removed: new Set([v4(1)]) }), allowed],
  ['over the budget, but one is drained', change([v4(1), v4(2), v4(3)], [v4(3)]), facts({ budgetLeft: 1, decision: drained }), allowed],
  ['over the budget, but replaced', change([v4(1), v4(2)], [v4(2)]), facts({ budgetLeft: 0, decision: decision('normal', [entry(v4(1), 'withhold', 'replaced', true)]) }), allowed],
  ['over the budget, but foreign', change([v4(1), v4(8), v4(9)], [v4(1)]), facts({ budgetLeft: 0, mayRemoveForeign: true }), allowed],
])('%s', (_, one, given, expected) => {
  expect(guard(one, given)).toEqual(expected)
})

it('lets no change empty a set of ours, but for fail closed and IPv6 while IPv4 serves', () => {
  const numbers = fc.subarray([1, 2, 3, 8, 9])
  const modes = fc.constantFrom<Mode[]>('normal', 'blind', 'undecided', 'fail-open', 'fail-closed', 'family-down')
  fc.assert(
    fc.property(numbers, numbers, numbers, numbers, modes, fc.boolean(), fc.boolean(), (before, after, owned, removed, mode, isV6, mayBeEmpty) => {
      const address = isV6 ? v6 : v4
      const key = isV6 ? keyAaaa : keyA
      const one = change(before.map(address), after.map(address), key, owned.map(address))
      const given = facts({ decision: decision(mode, [], key), removed: new Set(removed.map(address)), mayBeEmpty, mayRemoveForeign: true, budgetLeft: 100 })
      const isOurs = (each: Address): boolean => one.before.owned.includes(each) || known.has(each)
      if (guard(one, given).kind === 'refused' || !one.before.values.some(isOurs) || one.after.values.some(isOurs)) return
      expect(mode === 'fail-closed' || (mode === 'family-down' && isV6 && mayBeEmpty)).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
