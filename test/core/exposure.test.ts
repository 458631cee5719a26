import { expect, it } from 'vitest'
import { exposedUntil, withExposure, withoutOldExposures, withReplaced } from '../../src/core/exposure.ts'
import { type Change, content } from '../../src/core/rrset.ts'
import { keyA, keyAaaa, v4, v6 } from './samples.ts'

const both = { values: [v4(1), v4(2)], ttl: 300 }

it('counts, of every version that held an address, when it was last seen plus its TTL', () => {
  const old = withExposure({}, keyA, both, 10_000)
  const later = withExposure(old, keyA, { values: [v4(1)], ttl: 60 }, 100_000)
  expect([exposedUntil(later, [keyA], [v4(1)]), exposedUntil(later, [keyA], [v4(2)])]).toEqual([311_000, 311_000])
  const latest = withExposure(later, keyA, { values: [v4(1)], ttl: 60 }, 290_000)
  expect(exposedUntil(latest, [keyA], [v4(1)])).toBe(351_000)
})

it('takes the latest of all sets and addresses that are asked for, and knows nothing of others', () => {
  const all = withExposure(withExposure({}, keyA, both, 0), keyAaaa, { values: [v6(1)], ttl: 600 }, 0)
  expect([exposedUntil(all, [keyA, keyAaaa], [v4(1), v6(1)]), exposedUntil(all, [keyA], [v6(1)]), exposedUntil(all, [], [v4(1)]), exposedUntil(all, [keyA], [])]).toEqual([601_000, undefined, undefined, undefined])
})

it('is nothing for an empty set', () => expect(withExposure({}, keyA, { values: [], ttl: 0 }, 5)).toEqual({}))

it('is forgotten after a week', () => {
  const all = withExposure({}, keyA, both, 0)
  expect([withoutOldExposures(all, 301_000), withoutOldExposures(all, 301_000 + 7 * 86_400_000)]).toEqual([all, {}])
})

it('knows before a write what it replaces, for who comes after a crash: as if it were handed out until the write can land no more', () => {
  const change = (before: number, after: number): Change => ({ key: keyA, before: { key: keyA, ...content([v4(1), v4(2)], before, []) }, after: content([v4(2)], after, []), reasons: [] })
  expect(exposedUntil(withReplaced({}, [change(300, 60)], 5_000), [keyA], [v4(1)])).toBe(5_000 + 10_000 + 301_000)
  const same = { ...change(60, 60), after: content([v4(1), v4(2)], 60, []) }
  expect(withReplaced({}, [same], 5_000)).toEqual({})
})
