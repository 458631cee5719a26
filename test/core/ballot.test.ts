import { describe, expect, it } from 'vitest'
import { abstentionOf, ballotOf, verdictOf } from '../../src/core/ballot.ts'
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
  [['down', 'blind', 'unknown'], 'down'],
  [['up', 'never-passed', 'blind'], 'up'],
  [['up', 'down', 'unknown'], 'undecided'],
])('%j together are %s', (all, expected) => {
  expect(cast(...all)).toEqual({ opinion: expected, ballots: all.map((each) => ballots[each]) })
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
