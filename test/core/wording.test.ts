import { expect, it } from 'vitest'
import { type Verdict, verdictOf } from '../../src/core/ballot.ts'
import type { Rule } from '../../src/core/decision.ts'
import { ruleText, verdictText } from '../../src/core/wording.ts'
import { ballots, candidate, type Seen } from './samples.ts'

const down = 'refused (connection refused), 3 failed checks while ams answered'

it.each<readonly [string, Verdict, string]>([
  ['nobody', verdictOf([]), 'nobody has checked it'],
  ['up', verdictOf([ballots.up]), 'up'],
  ['down', verdictOf([ballots.down]), down],
  ['unknown', verdictOf([ballots.unknown]), 'not decided yet'],
  ['never passed', verdictOf([ballots['never-passed']]), 'has never passed this check: status (404)'],
  ['blind', verdictOf([ballots.blind]), 'fails while nothing else answers: connect-timeout (2000 ms)'],
  ['outvoted', verdictOf([ballots.up, ballots.down, ballots.down]), down],
])('%s', (_, verdict, expected) => {
  expect(verdictText(verdict)).toBe(expected)
})

it.each<readonly [Rule, Seen, string]>([
  ['up', 'up', 'up'],
  ['down', 'down', down],
  ['unknown', 'unknown', 'not decided yet: stays as it is'],
  ['never-passed', 'never-passed', 'has never passed this check: status (404): stays as it is, for it may be the check that is wrong'],
  ['blind', 'blind', 'checks of this family fail, and nothing shows that the fault is not ours: all stays as it is'],
  ['drained', 'up', 'drained: reboot'],
  ['drained-but-passing', 'up', 'drained, but it passes and too few others do (reboot)'],
  ['waiting', 'waiting', 'up, but it has fallen repeatedly: re-admitted in 80 s'],
  ['waiting-but-needed', 'waiting', 'up, but it has fallen repeatedly: re-admitted in 80 s, but too few others are up'],
  ['standby', 'up', 'standby: not needed'],
  ['standby-needed', 'up', 'standby: too few active regions are up'],
  ['fail-open', 'down', `fail open: too few are up; ${down}`],
  ['fail-closed', 'down', `fail closed: ${down}`],
  ['no-record-yet', 'down', `${down}; a name without records gets addresses only as they prove up`],
  ['undecided', 'down', `${down}; not removed while too few are up and others are not decided`],
  ['budget', 'down', `${down}; not removed, for half of the site's addresses were removed just now`],
  ['floor', 'down', `${down}; not removed, for it would leave the set empty`],
  ['foreign', 'up', 'foreign: nobody configured it and we never wrote it'],
  ['foreign-removed', 'up', 'foreign: removed, as configured'],
  ['foreign-suspended', 'up', 'foreign: not removed while a region is unresolved or not decided'],
  ['replaced', 'up', 'no region leads here any more, and its replacement is up'],
  ['retired', 'up', 'no region leads here any more; it stays until its replacement is up (up)'],
  ['unpublishable', 'up', 'this kind of address is never published'],
])('%s', (rule, seen, expected) => {
  expect(ruleText(rule, candidate(1, seen, true, { drain: { reason: 'reboot' } }), 10_000)).toBe(expected)
})
