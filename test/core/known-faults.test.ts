import { expect, it } from 'vitest'
import type { Candidate } from '../../src/core/candidate.ts'
import { decide } from '../../src/core/decide.ts'
import { observe } from '../../src/core/health.ts'
import { decideOn, healths, outline, resolved } from './known-sites.ts'
import { candidate, check, decisionInput, failed, keyA, ok, policy, published, rrset, type Seen, site, upHealth, v4 } from './samples.ts'

/*
 * What the core does and should not. Each case says what is wanted and fails today (`it.fails`); when the core is
 * mended the case fails to fail, and moves to the file of its concept.
 */

const on = (number: number, seen: Seen, over: Partial<Candidate> = {}) => candidate(number, seen, true, over)
const off = (number: number, seen: Seen, over: Partial<Candidate> = {}) => candidate(number, seen, false, over)

it.fails('rule 3: a span that is long against the interval does not make every failure unwitnessed', () => {
  // Checked every second, with 20 s to confirm: the remembered failures never span 20 s, so nobody ever bears witness.
  const slow = { ...check, everyMs: 1_000, confirmSpanMs: 20_000 }
  const msk = Array.from({ length: 60 }, (_, index) => failed(index * 1_000)).reduce((each, result) => observe(each, result, slow, policy.damping), upHealth())
  const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: msk, [v4(2)]: upHealth({ observedAt: 59_000 }) } })
  expect(outline(decideOn(site({ check: slow }), state, [rrset(keyA, [v4(1), v4(2)])], 60_000))).toEqual([['failover.example.com A normal', '-1 down', '=2 up']])
})

it.fails('failOpenBelow 2: a standby that is up comes before one that is down stays', () => {
  const decision = decide(decisionInput([on(1, 'up'), on(2, 'down'), off(3, 'up', { role: 'standby' })], { policy: { ...policy, failOpenBelow: 2 } }))
  expect(published(decision)).toEqual([v4(1), v4(3)])
})

it.fails('failOpenBelow 2: nothing fails open while enough are up, though one of them stands by', () => {
  const decision = decide(decisionInput([on(1, 'up'), off(2, 'up', { role: 'standby' })], { policy: { ...policy, failOpenBelow: 2 } }))
  expect(decision.mode).not.toBe('fail-open')
})

it.fails('rule 10: failures that turn out to be our own do not count as falls', () => {
  // Twice our own line fails for both regions at once; nothing is withdrawn. Then msk falls for the first time.
  const dark = (start: number) => [0, 500, 1_000].map((at) => failed(start + at))
  const back = (start: number) => [2_000, 2_500].map((at) => ok(start + at))
  const results = [0, 10_000, 20_000].flatMap((start) => [...dark(start), ...back(start)])
  const msk = results.reduce((each, result) => observe(each, result, check, policy.damping), upHealth())
  const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: msk, ...healths([v4(2)]) } })
  expect(outline(decideOn(site(), state, [rrset(keyA, [v4(2)])], 23_000))).toEqual([['failover.example.com A normal', '+1 up', '=2 up']])
})
