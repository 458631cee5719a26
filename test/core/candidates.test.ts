import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { type Candidate, isReady, isUp } from '../../src/core/candidate.ts'
import { createCandidates, type Observer, withFallsSeen } from '../../src/core/candidates.ts'
import { observe } from '../../src/core/health.ts'
import type { CurrentRRset } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import { knownAddresses, type SiteState } from '../../src/core/site-state.ts'
import { observer, reference, resolved } from './known-sites.ts'
import { at, candidate, check, downHealth, failed, keyA, keyAaaa, named, policy, region, rrset, type Seen, site, upHealth, v4, v6 } from './samples.ts'

const of = (state: SiteState, current: CurrentRRset, all = [current], one: Site = site(), who: Observer = observer): readonly Candidate[] =>
  createCandidates(all, new Set(knownAddresses(one, state, all)), one, state, who, 10_000)(current)
const opinions = (candidates: readonly Candidate[]) => candidates.map((each) => [each.address, each.verdict.ballots.map((ballot) => (ballot.opinion === 'abstain' ? ballot.why : ballot.opinion)).join()])

it('tells all it knows of an address', () => {
  const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: downHealth(), [v4(2)]: upHealth({ observedAt: 600 }) }, drains: { ams: { reason: 'reboot' } } })
  const one = site({ regions: [region('msk'), region('ams', 'standby')] })
  expect(of(state, rrset(keyA, [v4(1)]), undefined, one)).toEqual([
    {
      address: v4(1),
      standing: 'configured',
      region: 'msk',
      isOrphan: false,
      role: 'active',
      verdict: {
        opinion: 'down',
        ballots: [{ vantage: 'here', since: 0, opinion: 'down', cause: 'refused', detail: 'connection refused', failures: 3, witness: 'ams (192.0.2.2)' }],
      },
      drain: undefined,
      isPublishable: true,
      isPublished: true,
      isOwned: true,
    },
    {
      address: v4(2),
      standing: 'configured',
      region: 'ams',
      isOrphan: false,
      role: 'standby',
      verdict: { opinion: 'up', ballots: [{ vantage: 'here', since: 0, opinion: 'up', readmitAt: undefined }] },
      drain: { reason: 'reboot' },
      isPublishable: true,
      isPublished: false,
      isOwned: false,
    },
  ])
})

it('holds one family, from config, mark, memory and the set itself', () => {
  const state = resolved({ msk: [v4(1), v6(1)] }, { retired: { [v4(3)]: 'msk' }, drains: { msk: { reason: 'reboot' } } })
  const a = rrset(keyA, [v4(2), v4(3), v4(9)], [v4(2)])
  const standings = of(state, a, [a, rrset(keyAaaa, [v6(2)])]).map((each) => [each.address, each.standing, each.region, each.drain?.reason])
  expect(standings).toEqual([
    [v4(1), 'configured', 'msk', 'reboot'],
    [v4(2), 'retired', undefined, undefined],
    [v4(3), 'retired', 'msk', 'reboot'],
    [v4(9), 'foreign', undefined, undefined],
  ])
})

it('takes a region by whatever name, also one that every object has', () => {
  const odd = of(resolved({ constructor: [v4(1)] }), rrset(keyA, []), undefined, site({ regions: [region('constructor'), region('valueof')] }))
  expect(odd.map((each) => [each.region, each.drain])).toEqual([['constructor', undefined]])
})

it('does not bring the foreign values of one name into another', () => {
  const state = resolved({ msk: [v4(1)] })
  const www = rrset({ name: named('www.example.com'), type: 'A' }, [v4(9)], [])
  const a = rrset(keyA, [v4(1)])
  expect(of(state, a, [a, www]).map((each) => each.address)).toEqual([v4(1)])
})

it('knows what may be published', () => {
  const state = resolved({ msk: [at('10.0.0.1'), at('224.0.0.1')] })
  const lenient = site({ policy: { ...site().policy, allowPrivate: true } })
  expect(of(state, rrset(keyA, [])).map((each) => each.isPublishable)).toEqual([false, false])
  expect(of(state, rrset(keyA, []), undefined, lenient).map((each) => each.isPublishable)).toEqual([true, false])
})

describe('opinions', () => {
  const two = { msk: [v4(1)], ams: [v4(2)] }
  const fails = { [v4(1)]: downHealth() }

  it.each<readonly [string, SiteState, Observer, readonly (readonly [Address, string])[]]>([
    ['nothing known', resolved(two), observer, [[v4(1), 'unknown'], [v4(2), 'unknown']]],
    ['a sibling answers', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 500 }) } }), observer, [[v4(1), 'down'], [v4(2), 'up']]],
    ['a sibling answered before', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 499 }) } }), observer, [[v4(1), 'blind'], [v4(2), 'up']]],
    ['a sibling answers again since', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 600, passingSince: 1 }) } }), observer, [[v4(1), 'blind'], [v4(2), 'up']]],
    ['a sibling fails since', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 600, passing: 0 }) } }), observer, [[v4(1), 'blind'], [v4(2), 'up']]],
    ['a sibling answers another check', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 600, identity: 'check-0' }) } }), observer, [[v4(1), 'blind'], [v4(2), 'unknown']]],
    ['a sibling on this machine answers', resolved(two, { health: { ...fails, [v4(2)]: upHealth({ observedAt: 600 }) } }), { ...observer, local: new Set([v4(2)]) }, [[v4(1), 'blind'], [v4(2), 'up']]],
    ['a reference answers', resolved(two, { health: fails }), { ...observer, references: [reference(v4(53))] }, [[v4(1), 'down'], [v4(2), 'unknown']]],
    ['it failed another check', resolved(two, { health: { [v4(1)]: downHealth({ identity: 'check-0' }) } }), { ...observer, references: [reference(v4(53))] }, [[v4(1), 'unknown'], [v4(2), 'unknown']]],
  ])('%s', (_, state, who, expected) => {
    expect(opinions(of(state, rrset(keyA, [v4(1), v4(2)]), undefined, undefined, who))).toEqual(expected)
  })

  it.each([
    ['a short span', 1_000],
    ['a span that is long against the interval', 20_000],
  ])('finds a witness after %s', (_, confirmSpanMs) => {
    const one = site({ check: { ...check, everyMs: 1_000, confirmSpanMs } })
    const health = Array.from({ length: 60 }, (__, index) => failed(index * 1_000)).reduce((each, result) => observe(each, result, one.check, policy.damping), upHealth())
    const state = resolved(two, { health: { [v4(1)]: health, [v4(2)]: upHealth({ observedAt: 58_500 }) } })
    expect(opinions(of(state, rrset(keyA, [v4(1), v4(2)]), undefined, one))).toEqual([[v4(1), 'down'], [v4(2), 'up']])
  })

  it('takes the slow for a witness against the quick', () => {
    // Asked at 9 s, answered at 11 s; meanwhile the suspect refused three times.
    const health = Array.from({ length: 12 }, (__, index) => failed(index * 1_000)).reduce((each, result) => observe(each, result, check, policy.damping), upHealth())
    const state = resolved(two, { health: { [v4(1)]: health, [v4(2)]: upHealth({ observedAt: 11_000 }) } })
    expect(opinions(of(state, rrset(keyA, [v4(1), v4(2)])))).toEqual([[v4(1), 'down'], [v4(2), 'up']])
  })

  it('names the witness', () => {
    const state = resolved({ msk: [v4(1)] }, { health: { ...fails, [v4(9)]: upHealth({ observedAt: 600 }) } })
    const witness = of(state, rrset(keyA, [v4(1), v4(9)], [v4(1)])).flatMap((each) => each.verdict.ballots.map((ballot) => ('witness' in ballot ? ballot.witness : '')))
    expect(witness).toEqual(['foreign (192.0.2.9)', ''])
  })
})

it.each<readonly [string, Seen, boolean, number, boolean, boolean]>([
  ['up', 'up', false, 0, true, true],
  ['waiting', 'waiting', false, 89_999, false, true],
  ['waiting is over', 'waiting', false, 90_000, true, true],
  ['waiting, but there already', 'waiting', true, 0, true, true],
  ['down', 'down', true, 0, false, false],
  ['unknown', 'unknown', true, 0, false, false],
])('%s', (_, seen, isPublished, now, ready, up) => {
  const one = candidate(1, seen, isPublished)
  expect([isReady(one, now), isUp(one)]).toEqual([ready, up])
})

describe('withFallsSeen', () => {
  const fell = downHealth({ isFallUnseen: true })
  const down = resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [v4(1)]: fell, [v4(2)]: fell } })

  it('counts no fall while nobody bears witness: our own line does not damp anybody', () => {
    expect(withFallsSeen(down, site(), observer, 2_000)).toEqual(down)
  })

  it('counts those that somebody bears witness to, once', () => {
    const one = { ...down, health: { [v4(1)]: fell, [v4(2)]: upHealth({ observedAt: 600 }) } }
    const counted = { ...one, health: { ...one.health, [v4(1)]: downHealth({ isFallUnseen: false, falls: { weight: 1, at: 2_000 } }) } }
    expect(withFallsSeen(one, site(), observer, 2_000)).toEqual(counted)
    expect(withFallsSeen(counted, site(), observer, 3_000)).toBe(counted)
  })

  it('asks in each family by itself', () => {
    const mixed = resolved({ msk: [v4(1), v6(1)] }, { health: { [v4(1)]: fell, [v6(1)]: fell } })
    const after = withFallsSeen(mixed, site(), { ...observer, references: [reference(v6(9))] }, 2_000)
    expect([after.health[v4(1)]?.falls.weight, after.health[v6(1)]?.falls.weight]).toEqual([0, 1])
  })
})

it('takes a region that serves old content for down, and one that came back for waiting', () => {
  const health = { [v4(1)]: upHealth(), [v4(2)]: upHealth(), [v4(3)]: upHealth() }
  const stale = { ams: { looks: 3, since: 5, detail: 'is 40 s behind msk', ahead: 'msk', writer: 'msk', lagMs: 40_000 } }
  const state = { ...resolved({ msk: [v4(1)], ams: [v4(2)], fra: [v4(3)] }, { health }), stale, catchingUp: { fra: 'up, but it has yet to catch up with msk' } }
  const all = of(state, rrset(keyA, [v4(1), v4(2)]), undefined, site({ regions: [region('msk'), region('ams'), region('fra')] }))
  expect(opinions(all)).toEqual([[v4(1), 'up'], [v4(2), 'down'], [v4(3), 'up']])
  expect(all.map((each) => isReady(each, Number.MAX_SAFE_INTEGER))).toEqual([true, false, false])
})

it('heeds others before we know anything only once something of the family answers us', () => {
  const word = { source: 'kuma', monitor: 'a', opinion: 'up', detail: '', since: 0, heardAt: 0, expiresAt: 99_000, eventAt: 0 } as const
  const one = site({ sources: { kuma: 'override' } })
  const opinionOf = (over: Partial<SiteState>, who: Observer = observer) => of({ ...resolved({ msk: [v4(1)], ams: [v4(2)] }, over), words: { msk: [word] } }, rrset(keyA, [v4(2)]), undefined, one, who)[0]?.verdict.opinion
  const failing = downHealth({ hasPassed: false })
  expect([
    opinionOf({}),
    opinionOf({ health: { [v4(1)]: failing, [v4(2)]: failing } }),
    opinionOf({}, { ...observer, references: [reference(v6(53))] }),
    opinionOf({ health: { [v4(2)]: upHealth({ passing: 0 }) } }),
    opinionOf({ health: { [v4(2)]: upHealth({ state: 'unknown', passing: 1 }) } }),
    opinionOf({ health: { [v4(1)]: failing } }, { ...observer, references: [reference(v4(53))] }),
  ]).toEqual(['undecided', 'undecided', 'undecided', 'undecided', 'up', 'up'])
})

it('settles a split vote by the verdict that stood under the same check', () => {
  const word = { source: 'kuma', monitor: 'a', opinion: 'down', detail: '', since: 0, heardAt: 0, expiresAt: 99_000, eventAt: 0 } as const
  const one = site({ sources: { kuma: 'vote' } })
  const opinionOf = (identity: string) => of({ ...resolved({ msk: [v4(1)] }, { health: { [v4(1)]: upHealth({ judged: 'up', identity }) } }), words: { msk: [word] } }, rrset(keyA, [v4(2)]), undefined, one)[0]?.verdict
  expect([opinionOf('check-1')?.isKept, opinionOf('check-0')?.isKept]).toEqual([true, undefined])
})
