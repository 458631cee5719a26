import { describe, expect, it } from 'vitest'
import type { FailingRun } from '../../src/core/health.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { counted, emptyTally, isDecided, isHopeless, nextInRunAt, type Tally } from '../../src/core/tally.ts'
import { cannotTell, check, downHealth, failed, health, ok, upHealth } from './samples.ts'

const tallyOf = (...results: readonly CheckResult[]): Tally => results.reduce(counted, emptyTally)
const failing = { firstAt: 0, previousAt: 0, lastAt: 0, starts: [0], count: 1, cause: 'refused', detail: 'connection refused' } as const satisfies FailingRun

it('counts successes in a row, and all failures', () => {
  expect(tallyOf(ok(0), failed(100), ok(200), cannotTell(300), ok(400))).toEqual({
    checks: 5,
    passed: 2,
    passedSince: 200,
    passedUntil: 400,
    failed: 1,
    failedSince: 100,
    failedUntil: 100,
    relapses: 0,
    firstStartedAt: 0,
    lastStartedAt: 400,
    last: ok(400),
  })
  expect(tallyOf(failed(0), ok(100), failed(200))).toEqual({
    checks: 3,
    passed: 0,
    passedSince: 100,
    passedUntil: 100,
    failed: 2,
    failedSince: 0,
    failedUntil: 200,
    relapses: 1,
    firstStartedAt: 0,
    lastStartedAt: 200,
    last: failed(200),
  })
})

describe('isDecided', () => {
  it.each([
    ['nothing seen of one that was up', emptyTally, upHealth(), false],
    ['nothing seen of one that was down', emptyTally, downHealth(), false],
    ['one success', tallyOf(ok(0)), upHealth(), false],
    ['two successes within the span', tallyOf(ok(0), ok(999)), upHealth(), false],
    ['two successes within the span, and one that cannot tell after it', tallyOf(ok(0), ok(999), cannotTell(3_000)), upHealth(), false],
    ['two successes over the span', tallyOf(ok(0), ok(1_000)), upHealth(), true],
    ['two successes, but a failure of this run is not forgiven', tallyOf(ok(0), ok(1_000)), upHealth({ failing }), false],
    ['two successes, but its health is down', tallyOf(ok(0), ok(1_000)), downHealth(), false],
    ['two successes, but its health is unknown', tallyOf(ok(0), ok(1_000)), health(), false],
    ['three failures over the span', tallyOf(failed(0), failed(500), failed(1_000)), downHealth(), true],
    ['three failures within the span', tallyOf(failed(0), failed(500), failed(999)), downHealth(), false],
    ['three failures within the span, and one that cannot tell after it', tallyOf(failed(0), failed(500), failed(999), cannotTell(3_000)), downHealth(), false],
    ['two failures over the span', tallyOf(failed(0), failed(1_000)), downHealth(), false],
    ['three failures, but its health is up', tallyOf(failed(0), failed(500), failed(1_000)), upHealth(), false],
    ['three failures, then a success', tallyOf(failed(0), failed(500), failed(1_000), ok(1_500)), downHealth(), false],
    ['a success, three failures, then a success', tallyOf(ok(0), failed(500), failed(1_000), failed(1_500), ok(2_000)), downHealth(), false],
    ['failing every other check, and now it did not', tallyOf(failed(0), ok(500), failed(1_000), ok(1_500), failed(2_000), ok(2_500)), downHealth(), true],
    ['failing every other check, until it has risen', tallyOf(failed(0), ok(500), failed(1_000), ok(1_500), failed(2_000), ok(2_500), ok(3_000)), upHealth(), false],
    ['failing every other check from a success on, and now it did not', tallyOf(ok(0), failed(500), ok(1_000), failed(1_500), ok(2_000), failed(2_500), ok(3_000)), downHealth(), true],
    ['failing every other check', tallyOf(failed(0), ok(500), failed(1_000), ok(1_500), failed(2_000)), downHealth(), true],
  ])('%s: %s', (_, tally, state, expected) => {
    expect(isDecided(tally, state, check)).toBe(expected)
  })
})

describe('nextInRunAt', () => {
  it.each([
    ['the first', emptyTally, 500],
    ['after one failure of three', tallyOf(failed(0)), 500],
    ['the last failure: when the span ends', tallyOf(failed(0), failed(500)), 1_000],
    ['the last failure, when the span has ended', tallyOf(failed(0), failed(3_000)), 3_050],
    ['the last success: when the span ends', tallyOf(ok(0)), 1_000],
    ['the last success, when the span nearly ended', tallyOf(ok(0), ok(990)), 1_040],
    ['after one that cannot tell', tallyOf(failed(0), failed(500), cannotTell(600)), 1_100],
  ])('%s', (_, tally, expected) => {
    expect(nextInRunAt(tally, check)).toBe(expected)
  })

  it('is never without a pause', () => {
    const quick = { fall: 3, rise: 2, confirmSpanMs: 0 }
    expect([nextInRunAt(tallyOf(failed(0)), quick), nextInRunAt(tallyOf(cannotTell(0)), quick)]).toEqual([50, 50])
  })
})

it('gives up an address of which this machine cannot tell anything, and no other', () => {
  const quick = { fall: 3, rise: 2, confirmSpanMs: 1_000 }
  const mute = Array.from({ length: 6 }, (_, at) => cannotTell(at * 500))
  expect(isHopeless(tallyOf(...mute), quick)).toBe(true)
  expect(isHopeless(tallyOf(...mute.slice(0, 5)), quick)).toBe(false)
  expect(isHopeless(tallyOf(...mute, failed(3_000)), quick)).toBe(false)
  expect(isHopeless(tallyOf(ok(0), ...mute), quick)).toBe(false)
  expect(isHopeless(tallyOf(...mute), { ...quick, confirmSpanMs: 2_000 })).toBe(false)
})
