import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../src/core/candidate.ts'
import { decide } from '../../src/core/decide.ts'
import { parseEndpoint } from '../../src/core/endpoint.ts'
import { parseFqdn } from '../../src/core/fqdn.ts'
import { observe, unknownHealth } from '../../src/core/health.ts'
import { counted, emptyTally, isDecided } from '../../src/core/tally.ts'
import { decideOn, healths, observer, outline, resolved } from './known-sites.ts'
import {
  ballots,
  candidate,
  cannotTell,
  check,
  decisionInput,
  downHealth,
  failed,
  keyA,
  ok,
  policy,
  published,
  region,
  rrset,
  site,
  summary,
  upHealth,
  v4,
} from './samples.ts'

/*
 * What the core does and should not. Each case says what is wanted and fails today (`it.fails`); when the core is
 * mended the case fails to fail, and moves to the file of its concept.
 */

const drain = { reason: 'reboot' }
const on = (number: number, seen: keyof typeof ballots, over: Partial<Candidate> = {}) => candidate(number, seen, true, over)
const off = (number: number, seen: keyof typeof ballots, over: Partial<Candidate> = {}) => candidate(number, seen, false, over)
const foreign = on(9, 'up', { standing: 'foreign', region: undefined, isOwned: false })

describe('rule 1: a set is never emptied', () => {
  it.fails('not of its last foreign value either, while nothing of ours comes', () => {
    const remove = { ...policy, foreign: 'remove', failOpen: 'keep' } as const
    const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: healths([], [v4(1), v4(2)]) })
    const reference = { name: 'ns1.example.com', address: v4(53), isLocal: false, isAnswering: true, answeredAt: 9_000 }
    const decided = decideOn(site({ policy: remove }), state, [rrset(keyA, [v4(9)], [])], 10_000, { ...observer, references: [reference] })
    expect(decided.changes.filter((each) => each.verdict.kind === 'allowed' && each.change.after.values.length === 0)).toEqual([])
  })

  it.fails('nor is a foreign value that answers given up for ours that are all down', () => {
    const decision = decide(decisionInput([off(1, 'down'), off(2, 'down'), foreign], { policy: { ...policy, foreign: 'remove' } }))
    expect(published(decision)).toContain(v4(9))
  })

  it.fails('fail closed is a verdict of checks: drained regions that nobody has checked do not empty the set', () => {
    const none = { ...policy, failOpen: 'none' } as const
    const decision = decide(decisionInput([on(1, 'unknown', { drain }), off(2, 'unknown', { drain })], { policy: none }))
    expect(published(decision)).toEqual([v4(1)])
  })

  it.fails('nor do addresses that the config forbids since', () => {
    const none = { ...policy, failOpen: 'none' } as const
    expect(published(decide(decisionInput([on(1, 'up', { isPublishable: false })], { policy: none })))).toEqual([v4(1)])
  })
})

describe('rule 3: blindness changes nothing', () => {
  it.fails('not even for a drained address that stood in for others', () => {
    const input = decisionInput([on(1, 'up'), on(2, 'up', { drain })], { policy: { ...policy, minPublished: 2 } })
    expect(summary(decide(input))).toEqual(['normal', '=1 up', '=2 drained-but-passing'])
    const dark = { ...input, candidates: [on(1, 'blind'), on(2, 'blind', { drain })].map((each) => ({ ...each })) }
    expect(published(decide(dark))).toEqual([v4(1), v4(2)])
  })

  it.fails('a witness may be slower than the suspect is quick to fail', () => {
    // ams answers after 2 s, msk refuses at once every second: each answer of ams was asked for before the last but
    // one failure of msk, so msk stays published for ever although ams answers all the time.
    const mskFails = Array.from({ length: 12 }, (_, index) => failed(index * 1_000))
    const msk = mskFails.reduce((each, result) => observe(each, result, check, policy.damping), upHealth())
    const ams = upHealth({ passedAt: 9_000, observedAt: 11_000 })
    const decided = decideOn(site(), resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: msk, [v4(2)]: ams } }), [rrset(keyA, [v4(1), v4(2)])], 11_050)
    expect(outline(decided)).toEqual([['failover.example.com A normal', '-1 down', '=2 up']])
  })
})

describe('rule 10: neither jumpy nor slow', () => {
  it.fails('a repoint does not use up the budget: what came in its place stands', () => {
    const state = resolved(
      { msk: [v4(3)], ams: [v4(2)] },
      { health: healths([v4(3)], [v4(2)]), removals: [{ address: v4(1), at: 9_000, isUncertain: false }] },
    )
    expect(outline(decideOn(site(), state, [rrset(keyA, [v4(2), v4(3)])]))).toEqual([['failover.example.com A normal', '-2 down', '=3 up']])
  })

  it.fails('what is down goes before what is merely not needed', () => {
    const late = { opinion: 'down', ballots: [{ ...ballots.down, since: 9_000 }] } as const
    const decision = decide(decisionInput([on(1, 'up'), on(2, 'up', { role: 'standby' }), on(3, 'down', { verdict: late })], { budgetLeft: 1 }))
    expect(published(decision)).toEqual([v4(1), v4(2)])
  })

  it.fails('a standby that serves is not swapped for one that comes back', () => {
    const standby = { role: 'standby' } as const
    expect(published(decide(decisionInput([on(1, 'down'), off(2, 'up', standby), on(3, 'up', standby)])))).toEqual([v4(3)])
  })

  it.fails('least of all for one that flaps', () => {
    const standby = { role: 'standby' } as const
    expect(published(decide(decisionInput([on(1, 'down'), off(2, 'waiting', standby), on(3, 'up', standby)])))).toEqual([v4(3)])
  })

  it.fails('failures that turn out to be our own do not count as falls', () => {
    // Twice our own line fails for both regions at once; nothing is withdrawn. Then msk falls for the first time.
    const dark = (start: number) => [0, 500, 1_000].map((at) => failed(start + at))
    const back = (start: number) => [2_000, 2_500].map((at) => ok(start + at))
    const results = [0, 10_000, 20_000].flatMap((start) => [...dark(start), ...back(start)])
    const msk = results.reduce((each, result) => observe(each, result, check, policy.damping), upHealth())
    const decided = decideOn(site(), resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: msk, ...healths([v4(2)]) } }), [rrset(keyA, [v4(2)])], 23_000)
    expect(outline(decided)).toEqual([['failover.example.com A normal', '+1 up', '=2 up']])
  })

  it.fails('two successes with hours between them are not in a row', () => {
    const day = 86_400_000
    const slept = [ok(2_000), ok(day)].reduce((each, result) => observe(each, result, check, policy.damping), downHealth())
    expect(slept.state).toBe('down')
  })
})

describe('fewer than failOpenBelow are up', () => {
  it.fails('a standby that is up comes before one that is down stays', () => {
    const decision = decide(decisionInput([on(1, 'up'), on(2, 'down'), off(3, 'up', { role: 'standby' })], { policy: { ...policy, failOpenBelow: 2 } }))
    expect(published(decision)).toEqual([v4(1), v4(3)])
  })

  it.fails('nothing fails open while enough are up, though one of them stands by', () => {
    const decision = decide(decisionInput([on(1, 'up'), off(2, 'up', { role: 'standby' })], { policy: { ...policy, failOpenBelow: 2 } }))
    expect(decision.mode).not.toBe('fail-open')
  })
})

describe('names and numbers', () => {
  it.fails('a region may be called as every object has a property', () => {
    const state = resolved({ constructor: [v4(1)], ams: [v4(2)] }, { health: healths([v4(1), v4(2)]) })
    const decided = decideOn(site({ regions: [region('constructor'), region('ams')] }), state, [rrset(keyA, [v4(1), v4(2)])])
    expect(outline(decided)).toEqual([['failover.example.com A normal', '=1 up', '=2 up']])
  })

  it.fails('brackets are for IPv6', () => {
    expect(parseEndpoint('[192.0.2.1]:53', 53)).toBeUndefined()
  })

  it.fails('only ASCII is lowered to ASCII (the Kelvin sign)', () => {
    expect(parseFqdn('\u212Aey.example.com')).toBeUndefined()
  })

  it.fails('an IPv4 address is not a name', () => {
    expect(parseFqdn('192.0.2.1')).toBeUndefined()
  })

  it.fails('the span of a run ends with its last success, not with a check that cannot tell', () => {
    const results = [ok(0), ok(50), cannotTell(3_000)]
    const health = results.reduce((each, result) => observe(each, result, check, policy.damping), unknownHealth('check-1', 0))
    expect(isDecided(results.reduce(counted, emptyTally), health, check)).toBe(false)
  })
})
