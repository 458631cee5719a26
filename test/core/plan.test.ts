import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide } from '../../src/core/decide.ts'
import type { Decision, Entry } from '../../src/core/decision.ts'
import { desiredContent, plan } from '../../src/core/plan.ts'
import { type CurrentRRset, familyOfType, type Reason } from '../../src/core/rrset.ts'
import { anyDecisionInput } from './arbitrary.ts'
import { entry, keyA, rrset, v4 } from './samples.ts'

const decision = (entries: readonly Entry[], isSettled = true): Decision => ({ key: keyA, family: 'v4', mode: 'normal', entries, isSettled })
const kept = entry(v4(1), 'publish', 'up', true)
const ttlReason = (text: string): Reason => ({ address: undefined, action: 'ttl', rule: 'ttl', text })
const markReason: Reason = { address: undefined, action: 'mark', rule: 'mark', text: 'the ownership mark names the values that are ours' }

it('replaces the whole set, with a reason for each value', () => {
  const current: CurrentRRset = { ...rrset(keyA, [v4(1), v4(2)], [v4(2)], 300), version: 'as read' }
  const entries = [
    kept,
    entry(v4(2), 'withhold', 'down', true),
    entry(v4(3), 'publish', 'up', false),
    entry(v4(4), 'withhold', 'down', false),
    entry(v4(9), 'publish', 'foreign', true, false),
  ]
  expect(plan(current, decision(entries), 60)).toEqual({
    key: keyA,
    before: current,
    after: { values: [v4(1), v4(3), v4(9)], ttl: 60, owned: [v4(1), v4(3)] },
    reasons: [
      { address: v4(1), action: 'keep', rule: 'up', text: 'because up' },
      { address: v4(2), action: 'remove', rule: 'down', text: 'because down' },
      { address: v4(3), action: 'add', rule: 'up', text: 'because up' },
      { address: v4(9), action: 'keep', rule: 'foreign', text: 'because foreign' },
      ttlReason('TTL 300 becomes 60, as configured'),
      markReason,
    ],
  })
})

it('has no TTL to speak of where a set begins or ends', () => {
  expect(plan(rrset(keyA, []), decision([entry(v4(1), 'publish', 'up', false)]), 60)).toEqual({
    key: keyA,
    before: rrset(keyA, []),
    after: { values: [v4(1)], ttl: 60, owned: [v4(1)] },
    reasons: [{ address: v4(1), action: 'add', rule: 'up', text: 'because up' }, markReason],
  })
  expect(plan(rrset(keyA, [v4(1)], [], 300), decision([entry(v4(1), 'withhold', 'down', true)]), 60)).toEqual({
    key: keyA,
    before: rrset(keyA, [v4(1)], [], 300),
    after: { values: [], ttl: 0, owned: [] },
    reasons: [{ address: v4(1), action: 'remove', rule: 'down', text: 'because down' }],
  })
})

it.each([
  ['nothing differs', rrset(keyA, [v4(1)]), true, false],
  ['the values differ', rrset(keyA, [v4(2)]), true, true],
  ['the values differ, not settled', rrset(keyA, [v4(2)]), false, true],
  ['the TTL differs', rrset(keyA, [v4(1)], [v4(1)], 300), true, true],
  ['the TTL differs, not settled', rrset(keyA, [v4(1)], [v4(1)], 300), false, false],
  ['the mark is missing', rrset(keyA, [v4(1)], []), true, true],
  ['the mark is missing, not settled', rrset(keyA, [v4(1)], []), false, false],
  ['the mark names what is not there', rrset(keyA, [v4(1)], [v4(1), v4(2)]), true, true],
  ['the mark names what is not there, not settled', rrset(keyA, [v4(1)], [v4(1), v4(2)]), false, false],
])('%s: settled %s, so a change: %s', (_, current, isSettled, expected) => {
  expect(plan(current, decision([kept], isSettled), 60) !== undefined).toBe(expected)
})

it('says the same of TTL and mark alone as with other changes', () => {
  expect(plan(rrset(keyA, [v4(1)], [], 300), decision([kept]), 60)?.reasons).toEqual([
    { address: v4(1), action: 'keep', rule: 'up', text: 'because up' },
    ttlReason('TTL 300 becomes 60, as configured'),
    markReason,
  ])
})

it('does not try to mark what cannot be marked, and marks the rest', () => {
  const current: CurrentRRset = { ...rrset(keyA, [v4(1), v4(2)], [v4(2)]), unmarkable: [v4(1)] }
  const entries = [kept, entry(v4(2), 'publish', 'up', true)]
  expect(plan(current, decision(entries), 60)).toBeUndefined()
  expect(plan({ ...current, owned: [] }, decision(entries), 60)?.after).toEqual({ values: [v4(1), v4(2)], ttl: 60, owned: [v4(2)] })
  expect(plan(current, decision([kept, entry(v4(2), 'withhold', 'down', true)]), 60)?.after).toEqual({ values: [v4(1)], ttl: 60, owned: [] })
})

it('leaves nothing to do once its change is made', () => {
  fc.assert(
    fc.property(anyDecisionInput, fc.constantFrom(30, 60), (input, ttl) => {
      const published = input.candidates.filter((each) => each.isPublished).map((each) => each.address)
      const owned = input.candidates.filter((each) => each.isOwned).map((each) => each.address)
      const decided = decide(input)
      expect(decided.family).toBe(familyOfType(input.key.type))
      const change = plan(rrset(input.key, published, owned, 60), decided, ttl)
      if (change === undefined) return
      expect(change.after).toEqual(desiredContent(decided, ttl))
      expect(plan({ key: input.key, ...change.after }, decided, ttl)).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})
