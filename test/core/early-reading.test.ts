import { describe, expect, it } from 'vitest'
import { isFitToPlanOn, isReadingDue, isVerdictNear, longestEarlyMs, turnsBegun } from '../../src/core/early-reading.ts'
import { type Health, unknownHealth } from '../../src/core/health.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'
import { keyA, rrset, site, v4 } from './samples.ts'

const [msk, ams] = [v4(1), v4(2)]
const run = (firstAt: number): NonNullable<Health['failing']> => ({ firstAt, previousAt: firstAt, lastAt: firstAt, starts: [firstAt], count: 1, cause: 'refused', detail: '' })
const health = (over: Partial<Health>): Health => ({ ...unknownHealth('check-1', 0), state: 'up', hasPassed: true, passing: 9, ...over })
const stateOf = (of: Readonly<Record<string, Partial<Health>>>): SiteState => ({ ...emptyState, health: Object.fromEntries(Object.entries(of).map(([address, over]) => [address, health(over)])) })

it.each<[string, Partial<Health>, boolean]>([
  ['up', {}, false],
  ['up, with a first failure', { failing: run(5) }, true],
  ['down, and fails on', { state: 'down', failing: run(5), passing: 0 }, false],
  ['down, with a first success', { state: 'down', failing: run(5), passing: 1 }, true],
  ['up, with a first failure under another check', { failing: run(5), identity: 'before' }, false],
])('a verdict on what is %s: %j is near: %j', (_, over, isNear) => {
  expect(isVerdictNear(site(), stateOf({ [msk]: over, [ams]: {} }))).toBe(isNear)
})

it.each<[string, Partial<Health>, readonly number[]]>([
  ['what is published passes', { passingSince: 3 }, []],
  ['what is published fails', { failing: run(5) }, [5]],
  ['it is told by another check', { failing: run(5), identity: 'before' }, []],
])('begins no turn but those that may change the records: %s', (_, over, begun) => {
  expect(turnsBegun(site(), stateOf({ [msk]: over }), [rrset(keyA, [msk])])).toEqual(begun)
})

it('begins a turn of what is not published when it passes', () => {
  expect(turnsBegun(site(), stateOf({ [msk]: { state: 'down', failing: run(2), passing: 1, passingSince: 8 }, [ams]: { state: 'down', failing: run(4), passing: 0 } }), [rrset(keyA, [])])).toEqual([8])
})

describe('a reading ahead of a verdict', () => {
  it.each<[string, readonly number[], number | undefined, number, boolean]>([
    ['nothing turns', [], undefined, 50_000, false],
    ['something turns for the first time', [40_000], undefined, 40_010, true],
    ['it was read for this turn already', [40_000], 40_010, 90_000, false],
    ['another turn follows right after', [42_000], 40_010, 43_009, false],
    ['another turn follows late enough', [42_000], 40_010, 43_010, true],
    ['the latest of several is new', [1_000, 60_000], 40_010, 60_010, true],
  ])('is due as it should where %s', (_, begun, lastStartedAt, now, isDue) => {
    expect(isReadingDue(begun, lastStartedAt, now)).toBe(isDue)
  })

  it.each<[string, Partial<{ startedAt: number; begun: readonly number[]; since: number; now: number }>, boolean]>([
    ['it began after the turn, and nothing has been written since', {}, true],
    ['it is as old as it may be', { now: 40_010 + longestEarlyMs }, true],
    ['it is older', { now: 40_011 + longestEarlyMs }, false],
    ['it began before anything failed', { begun: [40_011] }, false],
    ['one of two failed before it', { begun: [40_000, 40_500] }, true],
    ['nothing fails any more', { begun: [] }, false],
    ['something was written, or read, since it began', { since: 40_011 }, false],
  ])('is planned on as it should where %s', (_, over, isFit) => {
    const { startedAt, begun, since, now } = { startedAt: 40_010, begun: [40_000], since: 10_000, now: 41_000, ...over }
    expect(isFitToPlanOn(startedAt, begun, since, now)).toBe(isFit)
  })
})
