import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { observe } from '../../src/core/health.ts'
import { isSameRest, type Known } from '../../src/core/rest.ts'
import { type SiteState, withResult } from '../../src/core/site-state.ts'
import { decideOn, healths, outline, resolved } from './known-sites.ts'
import { check, failed, keyA, ok, policy, region, rrset, site, upHealth, v4 } from './samples.ts'

const [msk, ams, foreign] = [v4(1), v4(2), v4(9)]
const watched = site({ regions: [region('msk'), region('ams', 'standby')] })
const state = resolved({ msk: [msk], ams: [ams] }, { health: healths([msk, ams]) })
const known = (over: Partial<SiteState> = {}): Known => ({ state: { ...state, ...over }, current: records })
const records = [rrset(keyA, [msk])]
const rest = known()
const withHealth = (over: Parameters<typeof upHealth>[0]): Known => known({ health: { ...state.health, [msk]: upHealth({ observedAt: 9_010, ...over }) } })
const word = { source: 'probe', monitor: 'a', opinion: 'down', detail: '', since: 0, heardAt: 0, expiresAt: 60_000, eventAt: 0 } as const

it('lasts while checks go on to pass', () => {
  const later = [20_000, 21_000, 22_000].reduce((now, at) => withResult(now, msk, ok(at), watched), state)
  expect(later).not.toBe(state)
  expect(isSameRest(rest, known(later))).toBe(true)
})

it.each<readonly [string, Known]>([
  ['a check fails', known(withResult(state, msk, failed(20_000), watched))],
  ['an address waits for re-admission', withHealth({ readmitAt: 90_000 })],
  ['an address fell and rose meanwhile', withHealth({ since: 5_000 })],
  ['a fall has yet to be seen', withHealth({ isFallUnseen: true })],
  ['nothing is known of an address', withHealth({ state: 'unknown' })],
  ['an address has yet to pass', withHealth({ passing: 0 })],
  ['another check is asked for', withHealth({ identity: 'check-2' })],
  ['a verdict was remembered', withHealth({ judged: 'down' })],
  ['an address comes', known({ health: healths([msk, ams, foreign]) })],
  ['an address goes', known({ health: healths([msk]) })],
  ['a region leads elsewhere', known({ regions: { ...state.regions } })],
  ['an address is retired', known({ retired: { [foreign]: 'msk' } })],
  ['a removal counts', known({ removals: [{ address: ams, at: 0, isUncertain: false }] })],
  ['a region is drained', known({ drains: { msk: { reason: 'reboot' } } })],
  ['a region is forced', known({ forces: { msk: { to: 'down', reason: 'reboot' } } })],
  ['a monitor has spoken', known({ words: { msk: [word] } })],
  ['a region is stale', known({ stale: { msk: { looks: 3, since: 0, detail: '', ahead: 'ams', writer: undefined, lagMs: 1 } } })],
  ['a region catches up', known({ catchingUp: { msk: '' } })],
  ['the records were read again', { ...rest, current: [rrset(keyA, [msk])] }],
])('ends when %s', (_, after) => {
  expect(isSameRest(rest, after)).toBe(false)
  expect(isSameRest(after, rest)).toBe(false)
})

it('is the same decision at any later time, whatever checks have seen meanwhile', () => {
  let rests = 0
  const seen = fc.array(fc.record({ address: fc.constantFrom(msk, ams), isOk: fc.boolean(), gapMs: fc.integer({ min: 100, max: 20_000 }) }), { maxLength: 12 })
  const first = fc.record({ before: seen, after: seen, laterMs: fc.integer({ min: 0, max: 100_000_000 }), foreign: fc.constantFrom<'keep' | 'remove'>('keep', 'remove') })
  fc.assert(
    fc.property(first, ({ before, after, laterMs, foreign: of }) => {
      const on = { ...watched, policy: { ...policy, foreign: of } }
      let now = 10_000
      const play = (from: SiteState, all: typeof before): SiteState =>
        all.reduce((now_, { address, isOk, gapMs }) => {
          now += gapMs
          return { ...now_, health: { ...now_.health, [address]: observe(now_.health[address] ?? upHealth(), isOk ? ok(now) : failed(now), check, on.policy.damping) } }
        }, from)
      const current = [rrset(keyA, [msk, foreign], [msk])]
      const one = play(state, before)
      const decided = outline(decideOn(on, one, current, now))
      const other = play(one, after)
      if (!isSameRest({ state: one, current }, { state: other, current })) return
      rests += 1
      expect(outline(decideOn(on, other, current, now + laterMs))).toEqual(decided)
    }),
    { numRuns: 2000 },
  )
  expect(rests).toBeGreaterThan(50)
})
