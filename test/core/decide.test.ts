import { describe, expect, it } from 'vitest'
import { settled, verdictOf } from '../../src/core/ballot.ts'
import type { Candidate } from '../../src/core/candidate.ts'
import { decide, type DecisionInput } from '../../src/core/decide.ts'
import { ballots, candidate as one, decisionInput, keyAaaa, policy, rrset, type Seen, summary, v4, v6 } from './samples.ts'

const drain = { reason: 'reboot' }
const ours = (seen: Seen, isPublished: boolean, number: number, over: Partial<Candidate> = {}) => one(number, seen, isPublished, over)
/** Configured and published, or withheld. */
const on = (number: number, seen: Seen, over: Partial<Candidate> = {}) => ours(seen, true, number, over)
const off = (number: number, seen: Seen, over: Partial<Candidate> = {}) => ours(seen, false, number, over)
const foreign = (number: number, seen: Seen = 'unknown') => on(number, seen, { standing: 'foreign', region: undefined, isOwned: false })
const retired = (number: number, seen: Seen, region: string | undefined, over: Partial<Candidate> = {}) =>
  on(number, seen, { standing: 'retired', region, ...over })

type Row = readonly [name: string, candidates: readonly Candidate[], expected: readonly string[], over?: Partial<DecisionInput>]
const holds = (rows: readonly Row[]): void => {
  for (const [name, candidates, expected, over] of rows) {
    it(name, () => {
      expect(summary(decide(decisionInput(candidates, over)))).toEqual(expected)
    })
  }
}
const withPolicy = (over: Partial<typeof policy>): Partial<DecisionInput> => ({ policy: { ...policy, ...over } })

describe('all that are up and undrained', () => {
  holds([
    ['nobody', [], ['normal']],
    ['both up', [on(1, 'up'), on(2, 'up')], ['normal', '=1 up', '=2 up']],
    ['one comes back', [on(1, 'up'), off(2, 'up')], ['normal', '=1 up', '+2 up']],
    ['one goes down', [on(1, 'up'), on(2, 'down')], ['normal', '=1 up', '-2 down']],
    ['one stays down', [on(1, 'up'), off(2, 'down')], ['normal', '=1 up', '.2 down']],
    ['one is drained', [on(1, 'up'), on(2, 'up', { drain })], ['normal', '=1 up', '-2 drained']],
    ['one is not to be published at all', [on(1, 'up'), off(2, 'up', { isPublishable: false })], ['normal', '=1 up', '.2 unpublishable']],
    ['one that is there and should not be', [on(1, 'up'), on(2, 'up', { isPublishable: false })], ['normal', '=1 up', '-2 unpublishable']],
  ])
})

describe('groups, only while fewer than minPublished are there', () => {
  const standby = { role: 'standby' } as const
  holds([
    ['waiting, not needed', [on(1, 'up'), off(2, 'waiting')], ['normal', '=1 up', '.2 waiting']],
    ['waiting is over', [on(1, 'up'), off(2, 'waiting')], ['normal', '=1 up', '+2 up'], { now: 90_000 }],
    ['published already, so nothing to wait for', [on(1, 'up'), on(2, 'waiting')], ['normal', '=1 up', '=2 up']],
    ['waiting, but needed', [on(1, 'down'), off(2, 'waiting')], ['normal', '-1 down', '+2 waiting-but-needed']],
    ['standby, not needed', [on(1, 'up'), off(2, 'up', standby)], ['normal', '=1 up', '.2 standby']],
    ['standby, no longer needed', [off(1, 'up'), on(2, 'up', standby)], ['normal', '+1 up', '-2 standby']],
    ['standby, needed', [on(1, 'down'), off(2, 'up', standby)], ['normal', '-1 down', '+2 standby-needed']],
    ['standby, not decided', [on(1, 'up'), off(2, 'unknown', standby)], ['normal', '=1 up', '.2 unknown']],
    ['drained, but it passes and nothing else does', [on(1, 'down'), on(2, 'up', { drain })], ['normal', '-1 down', '=2 drained-but-passing']],
    ['drained and down', [on(1, 'up'), off(2, 'down', { drain })], ['normal', '=1 up', '.2 drained']],
    ['all drained: one stays', [on(1, 'up', { drain }), on(2, 'up', { drain })], ['normal', '=1 drained-but-passing', '-2 drained']],
    ['a standby that serves goes on', [on(1, 'down'), off(2, 'up', standby), on(3, 'up', standby)], ['normal', '-1 down', '.2 standby', '=3 standby-needed']],
    ['a standby that flaps comes last', [on(1, 'down'), off(2, 'waiting', standby), off(3, 'up', standby)], ['normal', '-1 down', '.2 standby', '+3 standby-needed']],
    [
      'waiting before standby before drained',
      [on(1, 'down'), off(2, 'up', { drain }), off(3, 'up', standby), off(4, 'waiting')],
      ['normal', '-1 down', '.2 drained', '.3 standby', '+4 waiting-but-needed'],
    ],
    [
      'standby before drained',
      [on(1, 'down'), off(2, 'up', { drain }), off(3, 'up', standby)],
      ['normal', '-1 down', '.2 drained', '+3 standby-needed'],
    ],
    [
      'as many as are missing, of each group in turn',
      [on(1, 'up'), off(2, 'up', { drain }), off(3, 'up', standby), off(4, 'waiting')],
      ['normal', '=1 up', '.2 drained', '+3 standby-needed', '+4 waiting-but-needed'],
      withPolicy({ minPublished: 3 }),
    ],
    [
      'all groups',
      [on(1, 'up'), off(2, 'up', { drain }), off(3, 'up', standby), off(4, 'waiting')],
      ['normal', '=1 up', '+2 drained-but-passing', '+3 standby-needed', '+4 waiting-but-needed'],
      withPolicy({ minPublished: 9 }),
    ],
    [
      'one that is not decided counts as there',
      [on(1, 'up'), on(2, 'unknown'), off(3, 'up', standby)],
      ['normal', '=1 up', '=2 unknown', '.3 standby'],
      withPolicy({ minPublished: 2 }),
    ],
    [
      'one that fails and never passed does not count as there',
      [on(1, 'up'), on(2, 'never-passed'), off(3, 'up', standby)],
      ['normal', '=1 up', '=2 never-passed', '+3 standby-needed'],
      withPolicy({ minPublished: 2 }),
    ],
    [
      'one held back by the floor does not count as there',
      [on(1, 'never-passed'), off(2, 'up', { drain })],
      ['normal', '=1 never-passed', '+2 drained-but-passing'],
    ],
  ])
})

describe('rule 1, never empty', () => {
  holds([
    ['foreign values are not counted', [on(1, 'down', { drain }), foreign(9, 'up')], ['fail-open', '=1 floor', '=9 foreign']],
    ['all drained and down', [on(1, 'down', { drain }), on(2, 'down', { drain })], ['fail-open', '=1 floor', '=2 floor']],
    ['all unpublishable', [on(1, 'up', { isPublishable: false })], ['fail-open', '=1 floor']],
    ['AAAA too, without IPv4', [on(1, 'down')], ['fail-open', '=1 fail-open'], { key: keyAaaa }],
    ['AAAA may be emptied while IPv4 serves', [one(v6(1), 'down', true), one(v6(2), 'down', true)], ['family-down', '-1 down', '-2 down'], { key: keyAaaa, mayBeEmpty: true }],
    ['fail closed is a verdict of checks, not of drains', [on(1, 'unknown', { drain }), off(2, 'unknown', { drain })], ['fail-open', '=1 floor', '.2 drained'], withPolicy({ failOpen: 'none' })],
    ['nor of a config that forbids the address since', [on(1, 'unknown', { isPublishable: false })], ['fail-open', '=1 floor'], withPolicy({ failOpen: 'none' })],
    ['AAAA is not emptied unsighted', [one(v6(1), 'unknown', true, { drain })], ['fail-open', '=1 floor'], { key: keyAaaa, mayBeEmpty: true }],
    ['AAAA stays empty', [one(v6(1), 'down', false)], ['family-down', '.1 down'], { key: keyAaaa, mayBeEmpty: true }],
    ['AAAA with one up', [one(v6(1), 'down', true), one(v6(2), 'up', true)], ['normal', '-1 down', '=2 up'], { key: keyAaaa, mayBeEmpty: true }],
    [
      'AAAA with one up where two are wanted is failed open, not emptied',
      [one(v6(1), 'down', true), one(v6(2), 'up', true)],
      ['fail-open', '=1 fail-open', '=2 up'],
      { key: keyAaaa, mayBeEmpty: true, ...withPolicy({ failOpenBelow: 2 }) },
    ],
    ['AAAA of which one is not decided', [one(v6(1), 'down', true), one(v6(2), 'unknown', true)], ['undecided', '=1 undecided', '=2 unknown'], { key: keyAaaa, mayBeEmpty: true }],
  ])
})

describe('rule 2, unknown is not down', () => {
  holds([
    ['a start', [on(1, 'unknown'), off(2, 'unknown')], ['undecided', '=1 unknown', '.2 unknown']],
    ['a check that has never passed', [on(1, 'up'), on(2, 'never-passed'), off(3, 'never-passed')], ['normal', '=1 up', '=2 never-passed', '.3 never-passed']],
    ['one is down while the other is not decided', [on(1, 'down'), on(2, 'unknown')], ['undecided', '=1 undecided', '=2 unknown']],
    ['one is down while one that is withheld is not decided', [on(1, 'down'), off(2, 'unknown')], ['undecided', '=1 undecided', '.2 unknown']],
    ['one is down and withheld', [off(1, 'down'), on(2, 'unknown')], ['undecided', '.1 undecided', '=2 unknown']],
    ['one is up, one down, one not decided', [on(1, 'up'), on(2, 'down'), on(3, 'unknown')], ['normal', '=1 up', '-2 down', '=3 unknown']],
    ['a tie of ballots', [on(1, 'up'), on(2, 'up', { verdict: { opinion: 'undecided', ballots: [ballots.up, ballots.down] } })], ['normal', '=1 up', '=2 unknown']],
    ['one that is drained and not decided does not hold the others', [on(1, 'down'), on(2, 'unknown', { drain })], ['fail-open', '=1 fail-open', '-2 drained']],
    ['nor one that can never be published', [on(1, 'down'), off(2, 'unknown', { isPublishable: false })], ['fail-open', '=1 fail-open', '.2 unpublishable']],
    ['nor one that is retired', [on(1, 'down'), retired(2, 'unknown', 'region-1')], ['fail-open', '=1 fail-open', '=2 retired']],
  ])
})

describe('rule 3, no withdrawal without sight', () => {
  holds([
    ['blind: nothing moves', [on(1, 'blind'), on(2, 'down'), off(3, 'up'), foreign(9)], ['blind', '=1 blind', '=2 blind', '.3 blind', '=9 foreign']],
    ['drains pass', [on(1, 'blind'), on(2, 'up', { drain })], ['blind', '=1 blind', '-2 drained']],
    ['but never the last', [on(1, 'blind', { drain })], ['blind', '=1 blind']],
    [
      'nor one that stands in for others',
      [on(1, 'blind'), on(2, 'blind', { drain }), off(3, 'up', { drain })],
      ['blind', '=1 blind', '=2 blind', '.3 blind'],
      withPolicy({ minPublished: 2 }),
    ],
    ['a drained one that is withheld', [on(1, 'blind'), off(2, 'up', { drain })], ['blind', '=1 blind', '.2 drained']],
    ['blindness outranks fail open', [on(1, 'blind'), on(2, 'blind')], ['blind', '=1 blind', '=2 blind'], withPolicy({ failOpen: 'none' })],
    ['a withheld one that fails unwitnessed does not blind the site', [on(1, 'up'), off(2, 'blind')], ['normal', '=1 up', '.2 blind']],
    ['nor does a foreign one', [on(1, 'up'), foreign(9, 'blind')], ['normal', '=1 up', '=9 foreign']],
    ['foreign values are not removed meanwhile', [on(1, 'blind'), foreign(9)], ['blind', '=1 blind', '=9 foreign'], withPolicy({ foreign: 'remove' })],
    ['AAAA is not emptied', [one(v6(1), 'blind', true)], ['blind', '=1 blind'], { key: keyAaaa, mayBeEmpty: true }],
  ])
})

describe('rule 4, only what is ours', () => {
  const remove = withPolicy({ foreign: 'remove' })
  holds([
    ['foreign is kept', [on(1, 'up'), foreign(9, 'down')], ['normal', '=1 up', '=9 foreign']],
    ['alone it is kept too', [foreign(9, 'down')], ['normal', '=9 foreign']],
    ['foreign is removed, as configured', [on(1, 'up'), foreign(9, 'up')], ['normal', '=1 up', '-9 foreign-removed'], remove],
    ['not while nothing of ours is up', [off(1, 'down'), off(2, 'down'), foreign(9)], ['fail-open', '+1 fail-open', '+2 fail-open', '=9 foreign-suspended'], remove],
    ['nor while all that is up is drained', [on(1, 'up', { drain }), foreign(9)], ['normal', '=1 drained-but-passing', '=9 foreign-suspended'], remove],
    ['nor while it waits for re-admission', [off(1, 'waiting'), foreign(9)], ['normal', '+1 waiting-but-needed', '=9 foreign-suspended'], remove],
    ['not while a region is unresolved', [on(1, 'up'), foreign(9)], ['normal', '=1 up', '=9 foreign-suspended'], { ...remove, isAnyUnresolved: true }],
    ['not while a region is not decided', [on(1, 'up'), off(2, 'unknown'), foreign(9)], ['normal', '=1 up', '.2 unknown', '=9 foreign-suspended'], remove],
    ['nor while one has never passed', [on(1, 'up'), off(2, 'never-passed'), foreign(9)], ['normal', '=1 up', '.2 never-passed', '=9 foreign-suspended'], remove],
  ])

  it.each<readonly [string, Candidate, boolean]>([
    ['marked', on(1, 'unknown'), true],
    ['about to come', off(1, 'up'), true],
    ['there before us, and up', on(1, 'up', { isOwned: false }), true],
    ['there before us, and not decided', on(1, 'unknown', { isOwned: false }), false],
    ['there before us, and down', on(1, 'down', { isOwned: false }), false],
    ['foreign', foreign(1, 'up'), false],
    ['retired', retired(1, 'unknown', 'msk'), true],
  ])('owned: %s', (_, candidate, expected) => {
    expect(decide(decisionInput([candidate])).entries.map((entry) => entry.isOwned)).toEqual([expected])
  })
})

describe('a region that leads elsewhere now', () => {
  const msk = { region: 'msk' }
  holds([
    ['its new address is up', [off(1, 'up', msk), retired(2, 'up', 'msk')], ['normal', '+1 up', '-2 replaced']],
    ['its new address is not decided', [off(1, 'unknown', msk), retired(2, 'up', 'msk')], ['normal', '.1 unknown', '=2 retired']],
    ['its new address waits for re-admission', [off(1, 'waiting', msk), retired(2, 'up', 'msk')], ['normal', '.1 waiting', '=2 retired']],
    ['its new address is drained', [off(1, 'up', { ...msk, drain }), retired(2, 'up', 'msk')], ['normal', '.1 drained', '=2 retired']],
    ['one of its new addresses is down', [off(1, 'up', msk), retired(2, 'up', 'msk'), off(3, 'down', msk)], ['normal', '+1 up', '=2 retired', '.3 down']],
    ['the old one is down', [on(1, 'up', { region: 'ams' }), off(3, 'unknown', msk), retired(2, 'down', 'msk')], ['normal', '=1 up', '.3 unknown', '-2 down']],
    ['the old one has never passed', [on(1, 'up', { region: 'ams' }), off(3, 'unknown', msk), retired(2, 'never-passed', 'msk')], ['normal', '=1 up', '.3 unknown', '=2 retired']],
    ['another region does not replace it', [on(1, 'up', { region: 'ams' }), off(3, 'unknown', msk), retired(2, 'up', 'msk')], ['normal', '=1 up', '.3 unknown', '=2 retired']],
    ['its region is in the config, and leads to nothing of its own', [on(1, 'up'), retired(2, 'up', 'ams')], ['normal', '=1 up', '=2 retired']],
    ['its region is unknown (lost state), all regions are up', [on(1, 'up'), on(3, 'up'), retired(2, 'up', undefined)], ['normal', '=1 up', '=3 up', '-2 replaced']],
    ['its region is unknown, one region is not', [on(1, 'up'), on(3, 'unknown'), retired(2, 'up', undefined)], ['normal', '=1 up', '=3 unknown', '=2 retired']],
    ['its region is unknown, a standby need not be up', [on(1, 'up'), off(3, 'down', { role: 'standby' }), retired(2, 'up', undefined)], ['normal', '=1 up', '.3 down', '-2 replaced']],
    ['its region is unknown, and some subdomain is unresolved', [on(1, 'up'), retired(2, 'up', undefined)], ['normal', '=1 up', '=2 retired'], { isAnyUnresolved: true }],
    ['its region is known, and some other subdomain is unresolved', [on(1, 'up', msk), retired(2, 'up', 'msk')], ['normal', '=1 up', '-2 replaced'], { isAnyUnresolved: true }],
    ['no region leads anywhere', [retired(2, 'up', undefined)], ['normal', '=2 retired']],
    ['it was the only one: it fails open', [off(1, 'down', msk), retired(2, 'down', 'msk')], ['fail-open', '+1 fail-open', '=2 fail-open']],
    ['it is drained with its region', [on(1, 'up'), retired(2, 'up', 'msk', { drain })], ['normal', '=1 up', '-2 drained']],
  ])
})

describe('fewer than failOpenBelow are up', () => {
  const all = withPolicy({ failOpen: 'all' })
  const keep = withPolicy({ failOpen: 'keep' })
  const none = withPolicy({ failOpen: 'none' })
  const below2 = withPolicy({ failOpenBelow: 2 })
  holds([
    ['all: every configured address', [on(1, 'down'), off(2, 'down')], ['fail-open', '=1 fail-open', '+2 fail-open'], all],
    ['all: standby too', [on(1, 'down'), off(2, 'down', { role: 'standby' })], ['fail-open', '=1 fail-open', '+2 fail-open'], all],
    ['all: not the drained', [on(1, 'down'), off(2, 'down', { drain })], ['fail-open', '=1 fail-open', '.2 drained'], all],
    ['all: not one that has never passed', [on(1, 'down'), off(2, 'never-passed')], ['fail-open', '=1 fail-open', '.2 never-passed'], all],
    ['all: what has never passed and is there stays', [on(1, 'never-passed'), on(2, 'down')], ['fail-open', '=1 fail-open', '=2 fail-open'], all],
    ['all: a retired one stays, but does not come', [off(1, 'down', { region: 'msk' }), retired(2, 'down', 'msk')], ['fail-open', '+1 fail-open', '=2 fail-open'], all],
    ['keep: what is published now', [on(1, 'down'), off(2, 'down')], ['fail-open', '=1 fail-open', '.2 down'], keep],
    ['none: fail closed', [on(1, 'down'), off(2, 'down')], ['fail-closed', '-1 fail-closed', '.2 fail-closed'], none],
    ['none: what has never passed stays', [on(1, 'down'), on(2, 'never-passed')], ['fail-closed', '-1 fail-closed', '=2 never-passed'], none],
    ['none: one that is up is enough', [on(1, 'down'), on(2, 'up')], ['normal', '-1 down', '=2 up'], none],
    ['none: not while one is undecided', [on(1, 'down'), on(2, 'unknown')], ['undecided', '=1 undecided', '=2 unknown'], none],
    ['a name without records is never failed open into existence', [off(1, 'down'), off(2, 'down')], ['fail-open', '.1 no-record-yet', '.2 no-record-yet'], all],
    ['nor by a check that never passed', [off(1, 'never-passed'), off(2, 'never-passed')], ['fail-open', '.1 no-record-yet', '.2 no-record-yet'], all],
    ['it gets addresses as they prove up', [off(1, 'up'), off(2, 'unknown')], ['normal', '+1 up', '.2 unknown'], all],
    ['below 2, one of two up', [on(1, 'up'), on(2, 'down')], ['fail-open', '=1 up', '=2 fail-open'], below2],
    ['below 2, two of three up', [on(1, 'up'), on(2, 'up'), on(3, 'down')], ['normal', '=1 up', '=2 up', '-3 down'], below2],
    ['below 2: waiting ones come before failing open', [on(1, 'up'), on(2, 'down'), off(3, 'waiting')], ['normal', '=1 up', '-2 down', '+3 waiting-but-needed'], below2],
    ['below 2: standbys too', [on(1, 'up'), on(2, 'down'), off(3, 'up', { role: 'standby' })], ['normal', '=1 up', '-2 down', '+3 standby-needed'], below2],
    ['below 2: not the drained', [on(1, 'up'), on(2, 'down'), off(3, 'up', { drain })], ['fail-open', '=1 up', '=2 fail-open', '.3 drained'], below2],
    ['below 2: fail closed removes what is down', [on(1, 'up'), on(2, 'down')], ['fail-closed', '=1 up', '-2 fail-closed'], withPolicy({ failOpenBelow: 2, failOpen: 'none' })],
    ['below 0 the floor holds', [on(1, 'down'), on(2, 'down')], ['normal', '=1 floor', '=2 floor'], withPolicy({ failOpenBelow: 0 })],
  ])
})

describe('operators', () => {
  const forced = { drain: { reason: 'reboot', isForced: true } }
  const up = { force: { to: 'up', reason: 'I know' } } as const
  const down = { force: { to: 'down', reason: 'I know' } } as const
  const downSaid = ['a', 'b'].map((vantage) => ({ vantage, since: 0, opinion: 'down', told: { detail: '', expiresAt: 99_000, isOverride: false } }) as const)
  const split = (isPublished: boolean): Partial<Candidate> => ({ verdict: settled(verdictOf([ballots.up, { vantage: 'kuma', since: 0, opinion: 'down', told: { detail: '', expiresAt: 99_000, isOverride: false } }]), isPublished) })
  const kept = (seen: 'up' | 'down'): Partial<Candidate> => ({ verdict: { ...verdictOf([ballots[seen], { vantage: 'kuma', since: 0, opinion: seen === 'up' ? 'down' : 'up', told: { detail: '', expiresAt: 99_000, isOverride: false } }]), opinion: seen, isKept: true } })
  const overIpv6 = { key: keyAaaa, mayBeEmpty: true }
  holds([
    ['what is drained by force is no last resort', [on(1, 'down'), on(2, 'up', forced)], ['fail-open', '=1 fail-open', '-2 drained']],
    ['but the set is not emptied', [on(2, 'up', forced)], ['fail-open', '=2 floor']],
    ['nor for want of anything that ever passed', [off(1, 'never-passed'), on(2, 'up', forced)], ['fail-open', '.1 never-passed', '=2 floor']],
    ['forced up whatever the checks say', [on(1, 'up'), off(2, 'down', up)], ['normal', '=1 up', '+2 forced-up']],
    ['forced up is not what serves', [off(1, 'waiting'), on(2, 'down', up)], ['normal', '+1 waiting-but-needed', '=2 forced-up']],
    ['forced up outranks a drain', [on(1, 'up'), off(2, 'up', { ...forced, ...up })], ['normal', '=1 up', '+2 forced-up']],
    ['nobody forces up what must not be published', [on(1, 'up'), off(2, 'up', { ...up, isPublishable: false })], ['normal', '=1 up', '.2 unpublishable']],
    ['forced down', [on(1, 'up'), on(2, 'up', down)], ['normal', '=1 up', '-2 forced-down']],
    ['at no cost', [on(1, 'up'), on(2, 'up', down)], ['normal', '=1 up', '-2 forced-down'], { budgetLeft: 0 }],
    ['the last one stays', [on(1, 'up', down)], ['fail-open', '=1 floor']],
    ['what is forced down does not replace', [on(1, 'up', { ...down, region: 'msk' }), retired(2, 'up', 'msk'), on(3, 'up')], ['normal', '-1 forced-down', '=2 retired', '=3 up']],
    ['blind: orders pass', [on(1, 'blind'), on(2, 'up', down), off(3, 'down', up)], ['blind', '=1 blind', '-2 forced-down', '+3 forced-up']],
    ['blind: the last one stays', [on(1, 'blind', forced)], ['blind', '=1 blind']],
    ['failing open adds nothing that has never passed, though others find it down, too', [on(1, 'down'), off(2, 'never-passed', { verdict: verdictOf([ballots['never-passed'], ...downSaid]) })], ['fail-open', '=1 fail-open', '.2 down']],
    ['nor after a start what has yet to pass again', [on(1, 'down'), off(2, 'unknown', { verdict: verdictOf([ballots.unknown, ...downSaid]) })], ['fail-open', '=1 fail-open', '.2 down']],
    ['blind outranks every vote', [on(1, 'blind', { verdict: verdictOf([ballots.blind, ...['a', 'b', 'c'].map((vantage) => ({ vantage, since: 0, opinion: 'down', told: { detail: '', expiresAt: 99_000, isOverride: true } }) as const)]) }), on(2, 'up')], ['blind', '=1 blind', '=2 blind']],
    ['a split vote leaves it in', [on(1, 'up'), on(2, 'up', split(true))], ['normal', '=1 up', '=2 split']],
    ['and out', [on(1, 'up'), off(2, 'up', split(false))], ['normal', '=1 up', '.2 split']],
    ['but for what stood before and we see as well: up', [on(1, 'up'), off(2, 'up', kept('up'))], ['normal', '=1 up', '+2 up']],
    ['and down', [on(1, 'up'), on(2, 'down', kept('down'))], ['normal', '=1 up', '-2 down']],
    ['which is no order: a standby waits all the same', [on(1, 'up'), off(2, 'up', { ...kept('up'), role: 'standby' })], ['normal', '=1 up', '.2 standby']],
    ['it does not keep another from being withdrawn', [on(1, 'down'), on(2, 'up', split(true))], ['normal', '-1 down', '=2 split']],
    ['it is opened when nothing else is up', [on(1, 'down'), off(2, 'up', split(false))], ['fail-open', '=1 fail-open', '+2 fail-open']],
    ['AAAA is drained while A serves', [one(v6(1), 'up', true, { drain })], ['family-drained', '-1 drained'], overIpv6],
    ['not while it does not', [one(v6(1), 'up', true, { drain })], ['normal', '=1 drained-but-passing'], { key: keyAaaa }],
    ['not if another has it', [one(v6(1), 'up', true, { drain }), one(v6(2), 'down', true)], ['normal', '=1 drained-but-passing', '-2 down'], overIpv6],
  ])
})

describe('rule 10, the budget', () => {
  const since = (at: number): Partial<Candidate> => ({ verdict: { opinion: 'down', ballots: [{ ...ballots.down, since: at }] } })
  holds([
    ['what has failed longest goes first', [on(1, 'up'), on(2, 'down', since(9)), on(3, 'down', since(5))], ['normal', '=1 up', '=2 budget', '-3 down'], { budgetLeft: 1 }],
    ['nothing is left', [on(1, 'up'), on(2, 'down')], ['normal', '=1 up', '=2 budget'], { budgetLeft: 0 }],
    ['overdrawn', [on(1, 'up'), on(2, 'down')], ['normal', '=1 up', '=2 budget'], { budgetLeft: -1 }],
    ['what is counted already goes at no further cost', [on(1, 'up'), on(2, 'down')], ['normal', '=1 up', '-2 down'], { budgetLeft: 0, removed: new Set([v4(2)]) }],
    ['drains cost nothing', [on(1, 'up'), on(2, 'up', { drain })], ['normal', '=1 up', '-2 drained'], { budgetLeft: 0 }],
    ['nor does what is foreign', [on(1, 'up'), foreign(9)], ['normal', '=1 up', '-9 foreign-removed'], { budgetLeft: 0, ...withPolicy({ foreign: 'remove' }) }],
    ['fail closed keeps to it', [on(1, 'down', since(5)), on(2, 'down', since(9))], ['fail-closed', '-1 fail-closed', '=2 budget'], { budgetLeft: 1, ...withPolicy({ failOpen: 'none' }) }],
    ['so does AAAA', [one(v6(1), 'down', true)], ['family-down', '=1 budget'], { budgetLeft: 0, key: keyAaaa, mayBeEmpty: true }],
    ['a replacement costs nothing', [on(1, 'up', { region: 'msk' }), retired(2, 'up', 'msk')], ['normal', '=1 up', '-2 replaced'], { budgetLeft: 0 }],
    [
      'what is down goes before what is merely not needed',
      [on(1, 'up'), on(2, 'up', { role: 'standby' }), on(3, 'down', since(9_000))],
      ['normal', '=1 up', '=2 budget', '-3 down'],
      { budgetLeft: 1 },
    ],
  ])
})

describe('isSettled', () => {
  it.each<readonly [string, readonly Candidate[], boolean, boolean]>([
    ['all up', [on(1, 'up'), on(2, 'up')], false, true],
    ['down and never passed', [on(1, 'down'), on(2, 'never-passed')], false, true],
    ['one unknown', [on(1, 'up'), on(2, 'unknown')], false, false],
    ['one blind', [on(1, 'up'), off(2, 'blind')], false, false],
    ['only a retired one unknown', [on(1, 'up'), retired(2, 'unknown', 'msk')], false, true],
    ['a region unresolved', [on(1, 'up')], true, false],
    ['no region leads here', [retired(1, 'up', 'msk')], false, false],
    ['nothing', [], false, false],
  ])('%s', (_, candidates, isAnyUnresolved, expected) => {
    expect(decide(decisionInput(candidates, { isAnyUnresolved })).isSettled).toBe(expected)
  })
})

it('tells all it decided', () => {
  const candidates = [on(1, 'up', { region: 'msk', isOwned: false }), off(2, 'down', { region: 'ams' })]
  expect(decide(decisionInput(candidates))).toEqual({
    key: rrset(decisionInput([]).key, []).key,
    family: 'v4',
    mode: 'normal',
    isSettled: true,
    entries: [
      { address: v4(1), region: 'msk', action: 'publish', rule: 'up', text: 'up', wasPublished: true, isOwned: true },
      {
        address: v4(2),
        region: 'ams',
        action: 'withhold',
        rule: 'down',
        text: 'refused (connection refused), 3 failed checks while ams answered',
        wasPublished: false,
        isOwned: true,
      },
    ],
  })
})
