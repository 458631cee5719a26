import { describe, expect, it } from 'vitest'
import { abstentionOf, type Ballot, ballotOf, ballotsOfWords, isBlindVerdict, settled, verdictOf, withFreshness, withSight } from '../../src/core/ballot.ts'
import { unknownHealth } from '../../src/core/health.ts'
import { ballots, downHealth, type Seen, upHealth, v4 } from './samples.ts'

const witness = { name: 'ams (192.0.2.2)', address: v4(2), isLocal: false, isAnswering: true, answeredAt: 600, answeringSince: 0 }
const seen = { cause: 'refused', detail: 'connection refused' } as const

describe('ballotOf', () => {
  it.each([
    ['up', upHealth({ since: 7, readmitAt: 90 }), witness, { opinion: 'up', readmitAt: 90, since: 7 }],
    ['up, whatever anybody witnesses', upHealth(), undefined, { opinion: 'up', readmitAt: undefined, since: 0 }],
    ['unknown', unknownHealth('check-1', 3), witness, { opinion: 'abstain', why: 'unknown', since: 3 }],
    ['unknown while it fails', downHealth({ state: 'unknown' }), witness, { opinion: 'abstain', why: 'unknown', since: 0 }],
    ['down without a run', downHealth({ failing: undefined }), witness, { opinion: 'abstain', why: 'unknown', since: 0 }],
    ['down, witnessed', downHealth({ since: 9 }), witness, { opinion: 'down', ...seen, failures: 3, witness: 'ams (192.0.2.2)', since: 9 }],
    ['down, unwitnessed', downHealth(), undefined, { opinion: 'abstain', why: 'blind', ...seen, since: 0 }],
    ['never passed', downHealth({ hasPassed: false }), witness, { opinion: 'abstain', why: 'never-passed', ...seen, since: 0 }],
    ['never passed, unwitnessed', downHealth({ hasPassed: false }), undefined, { opinion: 'abstain', why: 'never-passed', ...seen, since: 0 }],
  ])('%s', (_, health, who, expected) => {
    expect(ballotOf('here', health, who)).toEqual({ vantage: 'here', ...expected })
  })
})

const told = (opinion: 'up' | 'down', vantage: string, isOverride = false): Ballot => ({ vantage, since: 0, opinion, told: { detail: '', expiresAt: 99, isOverride } })

describe('withFreshness', () => {
  const stale = { looks: 4, since: 50, detail: 'is 40 s behind ams', ahead: 'ams', writer: 'msk', lagMs: 40_000 }
  const up: Ballot = { vantage: 'here', since: 7, opinion: 'up', readmitAt: 90 }
  const down: Ballot = { vantage: 'here', since: 7, opinion: 'down', ...seen, failures: 3, witness: 'ams' }
  const unknown: Ballot = { vantage: 'here', since: 7, opinion: 'abstain', why: 'unknown' }
  const asDown = { vantage: 'here', since: 50, opinion: 'down', cause: 'stale', detail: 'is 40 s behind ams', failures: 4, witness: 'ams' }
  it.each<[string, Ballot, typeof stale | undefined, string | undefined, object]>([
    ['up and fresh', up, undefined, undefined, up],
    ['up and stale', up, stale, undefined, asDown],
    ['up, stale and back', up, stale, 'wait', asDown],
    ['up and back', up, undefined, 'wait', { ...up, readmitAt: Number.POSITIVE_INFINITY, reason: 'wait' }],
    ['down and stale', down, stale, 'wait', down],
    ['unknown and stale', unknown, stale, 'wait', unknown],
    ["somebody else's word", told('up', 'kuma'), stale, 'wait', told('up', 'kuma')],
  ])('%s', (_, ballot, is, catchingUp, expected) => expect(withFreshness(ballot, is, catchingUp)).toEqual(expected))
})

const cast = (...all: readonly Seen[]) => verdictOf(all.map((each) => ballots[each]))

it.each<readonly [readonly Seen[], 'up' | 'down' | 'undecided']>([
  [[], 'undecided'],
  [['up'], 'up'],
  [['down'], 'down'],
  [['unknown'], 'undecided'],
  [['blind'], 'undecided'],
  [['up', 'down'], 'undecided'],
  [['up', 'down', 'down'], 'down'],
  [['up', 'up', 'down'], 'up'],
  [['down', 'blind', 'unknown'], 'undecided'],
  [['down', 'down', 'unknown'], 'down'],
  [['up', 'never-passed', 'blind'], 'undecided'],
  [['up', 'up', 'blind'], 'up'],
  [['up', 'up', 'unknown'], 'undecided'],
  [['up', 'down', 'unknown'], 'undecided'],
])('%j together are %s', (all, expected) => {
  const isSplit = expected === 'undecided' && all.some((each) => each === 'up' || each === 'down')
  expect(cast(...all)).toEqual({ opinion: expected, ballots: all.map((each) => ballots[each]), ...(isSplit ? { isSplit: true } : {}) })
})

it.each<readonly [readonly Seen[], 'unknown' | 'blind' | 'never-passed']>([
  [[], 'unknown'],
  [['unknown'], 'unknown'],
  [['blind'], 'blind'],
  [['blind', 'blind'], 'blind'],
  [['never-passed'], 'never-passed'],
  [['blind', 'never-passed'], 'unknown'],
  [['up', 'down'], 'unknown'],
  [['blind', 'up'], 'unknown'],
])('%j abstain as %s', (all, expected) => {
  expect(abstentionOf(cast(...all))).toBe(expected)
})

describe('with what others say', () => {
  const { up, down, unknown, blind, 'never-passed': neverPassed } = ballots
  it.each<readonly [string, readonly Ballot[], number | undefined, 'up' | 'down' | 'undecided']>([
    ['one against one is no majority', [up, told('down', 'kuma')], undefined, 'undecided'],
    ['nor the other way round', [down, told('up', 'kuma')], undefined, 'undecided'],
    ['two against one', [up, told('down', 'kuma'), told('down', 'gatus')], undefined, 'down'],
    ['we and another', [down, told('down', 'kuma')], undefined, 'down'],
    ['a monitor that is silent is not there', [down], undefined, 'down'],
    ['one that speaks alone is too few', [neverPassed, told('down', 'kuma')], undefined, 'undecided'],
    ['two of three are enough', [neverPassed, told('down', 'kuma'), told('down', 'gatus')], undefined, 'down'],
    ['unless more are asked for', [neverPassed, told('down', 'kuma'), told('down', 'gatus')], 3, 'undecided'],
    ['our own alone, where two are asked for', [down], 2, 'undecided'],
    ['which does not keep anybody from being up', [up], 2, 'up'],
    ['nothing is up on hearsay', [unknown, told('up', 'kuma'), told('up', 'gatus')], undefined, 'undecided'],
    ['nor has anything passed by it that never did', [neverPassed, told('up', 'kuma'), told('up', 'gatus')], undefined, 'undecided'],
    ['nor while we cannot see', [blind, told('up', 'kuma'), told('up', 'gatus')], undefined, 'undecided'],
    ['two against us are more', [down, told('up', 'kuma'), told('up', 'gatus')], undefined, 'up'],
    ['what overrides decides alone', [up, told('down', 'kuma', true)], undefined, 'down'],
    ['against all others', [down, told('down', 'gatus'), told('up', 'kuma', true)], 3, 'up'],
    ['two that override outweigh each other', [up, told('down', 'kuma', true), told('up', 'gatus', true)], undefined, 'undecided'],
    ['it may decide before we do', [unknown, told('up', 'kuma', true)], undefined, 'up'],
  ])('%s', (_, all, quorum, expected) => expect(verdictOf(all, quorum).opinion).toBe(expected))

  it('stays as it is while the vote is split', () => {
    const split = verdictOf([up, told('down', 'kuma')])
    expect([settled(split, true).opinion, settled(split, false).opinion, settled(verdictOf([down]), true).opinion]).toEqual(['up', 'down', 'down'])
  })

  it.each<readonly [string, readonly Ballot[], boolean, 'up' | 'down' | undefined, 'up' | 'down', boolean]>([
    ['up stood, and we see it up: it comes back', [up, told('down', 'kuma')], false, 'up', 'up', true],
    ['up stood, but we see it down: it stays out', [down, told('up', 'kuma')], false, 'up', 'down', false],
    ['up stood: it stays in', [down, told('up', 'kuma')], true, 'up', 'up', false],
    ['down stood, and we see it down: it goes', [down, told('up', 'kuma')], true, 'down', 'down', true],
    ['down stood, but we see it up: it stays in', [up, told('down', 'kuma')], true, 'down', 'up', false],
    ['down stood: it stays out', [up, told('down', 'kuma')], false, 'down', 'down', false],
    ['after a start we do not know yet: it stays out', [unknown, told('up', 'kuma')], false, 'up', 'down', false],
    ['and in', [unknown, told('down', 'kuma')], true, 'down', 'up', false],
    ['nothing has stood yet', [up, told('down', 'kuma')], false, undefined, 'down', false],
  ])('split, %s', (_, all, isPublished, last, opinion, isKept) => {
    expect(settled(verdictOf(all), isPublished, last)).toEqual({ opinion, ballots: all, isSplit: true, ...(isKept ? { isKept: true } : {}) })
  })

  it.each<readonly [string, readonly Ballot[], boolean, boolean]>([
    ['others decide before we do', [unknown, told('up', 'kuma', true)], true, true],
    ['but not while nothing answers us', [unknown, told('up', 'kuma', true)], false, false],
    ['nor of what never passed', [neverPassed, told('down', 'kuma', true)], false, false],
    ['nor do many', [neverPassed, told('down', 'kuma'), told('down', 'gatus')], false, false],
    ['what we see ourselves stands', [down], false, true],
    ['and decides with them', [up, told('down', 'kuma', true)], false, true],
  ])('%s', (_, all, isSeeing, counts) => {
    expect(withSight(verdictOf(all), isSeeing)).toEqual(counts ? verdictOf(all) : { opinion: 'undecided', ballots: all, isUnsighted: true })
  })

  it('does not make us see', () => expect([isBlindVerdict(verdictOf([blind, told('down', 'kuma'), told('down', 'gatus')])), isBlindVerdict(verdictOf([down]))]).toEqual([true, false]))

  const word = { source: 'kuma', monitor: 'a', opinion: 'up', detail: '200', since: 5, heardAt: 5, expiresAt: 50, eventAt: 1 } as const
  it.each<readonly [string, Parameters<typeof ballotsOfWords>[0], Parameters<typeof ballotsOfWords>[1], ReturnType<typeof ballotsOfWords>]>([
    ['a hint is no vote', [word], { kuma: 'hint' }, []],
    ['nor is the word of a source that the config names no more', [word], {}, []],
    ['even one called as every object has a property', [{ ...word, source: 'constructor' }], {}, []],
    ['a vote', [word], { kuma: 'vote' }, [{ vantage: 'kuma', since: 5, opinion: 'up', told: { detail: 'a: 200', expiresAt: 50, isOverride: false } }]],
    [
      'all monitors of a source have one, and it is down while one of them says so',
      [word, { ...word, monitor: 'b', opinion: 'down', detail: '', since: 7, expiresAt: 60 }],
      { kuma: 'override' },
      [{ vantage: 'kuma', since: 7, opinion: 'down', told: { detail: 'b', expiresAt: 60, isOverride: true } }],
    ],
    [
      'of many monitors a few are quoted',
      Array.from({ length: 400 }, (_, at) => ({ ...word, monitor: `m${at}`, detail: '', since: 500 - at })),
      { kuma: 'vote' },
      [{ vantage: 'kuma', since: 101, opinion: 'up', told: { detail: 'm0; m1; m2; m3; m4; and 395 more', expiresAt: 50, isOverride: false } }],
    ],
  ])('%s', (_, words, modes, expected) => expect(ballotsOfWords(words, modes)).toEqual(expected))
})
