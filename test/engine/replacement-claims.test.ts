import { expect, it } from 'vitest'
import { createReplacementClaims } from '../../src/engine/replacement-claims.ts'
import { v4, v6 } from '../core/samples.ts'

it('gives a server to one region, all of its addresses or none', () => {
  const claims = createReplacementClaims()
  const a = claims.join('a.example.com')
  const b = claims.join('b.example.com')
  expect(a.claim([v4(9), v6(9)], 'msk')).toBe(true)
  expect(b.claim([v4(8), v6(9)], 'ams')).toBe(false)
  expect(b.takenBy(v4(8), 'msk')).toBeUndefined()
  expect(b.takenBy(v6(9), 'ams')).toEqual({ site: 'a.example.com', region: 'msk' })
  expect(a.claim([v4(9)], 'ams')).toBe(false)
  a.release('msk')
  expect(b.claim([v4(8), v6(9)], 'ams')).toBe(true)
  expect(a.claim([v6(9)], 'msk')).toBe(false)
})

it('lets regions of one name share a server, for one host may serve many sites', () => {
  const claims = createReplacementClaims()
  const [a, b, c] = [claims.join('a.example.com'), claims.join('b.example.com'), claims.join('c.example.com')]
  expect([a.claim([v4(9)], 'msk'), b.claim([v4(9)], 'msk'), c.claim([v4(9)], 'ams')]).toEqual([true, true, false])
  a.release('msk')
  expect(c.claim([v4(9)], 'ams')).toBe(false)
  b.leave()
  expect(c.claim([v4(9)], 'ams')).toBe(true)
})

it('counts as taken what a region leads to, for as long as it does', () => {
  const claims = createReplacementClaims()
  const [a, b] = [claims.join('a.example.com'), claims.join('b.example.com')]
  a.lead(new Map([['msk', [v4(9)]]]))
  expect([b.claim([v4(9)], 'ams'), b.claim([v4(9)], 'msk')]).toEqual([false, true])
  b.release('msk')
  a.lead(new Map([['msk', [v4(1)]]]))
  expect(b.claim([v4(9)], 'ams')).toBe(true)
})

it('ends a claim once the region leads there', () => {
  const claims = createReplacementClaims()
  const [a, b] = [claims.join('a.example.com'), claims.join('b.example.com')]
  a.claim([v4(9), v6(9)], 'msk')
  a.lead(new Map([['msk', [v4(9)]]]))
  a.lead(new Map([['msk', [v4(1)]]]))
  expect(b.claim([v4(9)], 'ams')).toBe(false)
  a.lead(new Map([['msk', [v4(9), v6(9)]]]))
  a.lead(new Map([['msk', [v4(1)]]]))
  expect(b.claim([v4(9)], 'ams')).toBe(true)
})
