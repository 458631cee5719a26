import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isConfirming, nextBesideAt, nextConfirmationAt } from '../../src/core/pacing.ts'
import { downHealth, health, upHealth } from './samples.ts'

const run = (firstAt: number, lastAt: number, count: number) =>
  ({ firstAt, previousAt: firstAt, lastAt, starts: [firstAt, lastAt], count, cause: 'refused', detail: 'connection refused' }) as const

it.each([
  ['unknown, nothing seen', health(), false],
  ['unknown, passing', health({ passing: 1 }), true],
  ['unknown, failing', health({ failing: run(0, 0, 1) }), true],
  ['up', upHealth(), false],
  ['up, just restarted', upHealth({ passing: 0 }), false],
  ['up, failing', upHealth({ failing: run(0, 0, 1) }), true],
  ['up, failing and passing', upHealth({ failing: run(0, 0, 1), passing: 1 }), true],
  ['down', downHealth(), false],
  ['down, passing', downHealth({ passing: 1 }), true],
])('%s: confirming %s', (_, state, expected) => {
  expect(isConfirming(state, 2)).toBe(expected)
})

const check = { fall: 3, confirmSpanMs: 1_000 }

it.each([
  ['the second of three, half a span later', upHealth({ failing: run(0, 0, 1) }), 0, 500],
  ['the third', upHealth({ failing: run(0, 500, 2) }), 500, 1_000],
  ['towards up as towards down', health({ passing: 1 }), 200, 700],
  ['enough failures, too fast: the end of the span', upHealth({ failing: run(0, 20, 3) }), 20, 1_000],
  ['enough failures, the span nearly over: not at once', upHealth({ failing: run(0, 990, 3) }), 990, 1_090],
])('%s', (_, state, lastStartedAt, expected) => {
  expect(nextConfirmationAt(state, lastStartedAt, check)).toBe(expected)
})

it('takes a fall of 1 and a span of 0', () => {
  const failing = upHealth({ failing: run(0, 0, 1) })
  expect(nextConfirmationAt(failing, 0, { fall: 1, confirmSpanMs: 1_000 })).toBe(1_000)
  expect(nextConfirmationAt(failing, 0, { fall: 3, confirmSpanMs: 0 })).toBe(0)
})

it('brings `fall` failures over the span with no more than one check too many', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 10_000 }), (fall, confirmSpanMs) => {
      let lastAt = 0
      let count = 1
      while (count < fall || lastAt < confirmSpanMs) {
        const next = nextConfirmationAt(upHealth({ failing: run(0, lastAt, count) }), lastAt, { fall, confirmSpanMs })
        expect(next).toBeGreaterThanOrEqual(lastAt)
        lastAt = next
        count += 1
        expect(count).toBeLessThanOrEqual(Math.max(fall, 2) + 1)
      }
      expect(lastAt).toBeLessThanOrEqual(confirmSpanMs + 100)
    }),
  )
})

const never = Number.POSITIVE_INFINITY
const underway = (count: number, started: number, lastAt: number) => ({ count, started, firstAt: 100, lastAt })

it.each([
  ['the second when patience is over, if that is later than its share', upHealth(), underway(1, 1, 100), 700, 1_000, 800],
  ['the second at its share, if patience is over sooner', upHealth(), underway(1, 1, 100), 40, 1_000, 600],
  ['the third a share later', upHealth(), underway(2, 2, 600), 40, 1_000, 1_100],
  ['the third at the end of the span, if it is not over by then', upHealth(), underway(2, 2, 590), 40, 1_000, 1_100],
  ['no fourth', upHealth(), underway(3, 3, 1_100), 40, 1_000, never],
  ['all at once where they need not span a time', upHealth(), underway(2, 2, 140), 40, 0, 140],
  ['only what is missing after failures: one of three', upHealth({ failing: run(0, 0, 1) }), underway(1, 1, 100), 40, 0, 140],
  ['the last of them at the end of a span that began with an earlier failure', upHealth({ failing: run(0, 0, 1) }), underway(1, 1, 100), 40, 1_000, 1_000],
  ['one joined as a failure, another still runs', upHealth({ failing: run(100, 100, 1) }), underway(1, 2, 600), 40, 1_000, 1_100],
  ['none after as many failures', upHealth({ failing: run(0, 50, 3) }), underway(1, 1, 100), 40, 1_000, never],
  ['none for an address that is down', downHealth(), underway(1, 1, 100), 40, 0, never],
  ['none while nothing is known of it', upHealth(), underway(1, 1, 100), never, 0, never],
])('beside a check that runs: %s', (_, state, running, patienceMs, confirmSpanMs, expected) => {
  expect(nextBesideAt(state, running, patienceMs, { fall: 3, confirmSpanMs })).toBe(expected)
})

it('starts none beside the only check that a verdict takes', () => {
  expect(nextBesideAt(upHealth(), underway(1, 1, 100), 40, { fall: 1, confirmSpanMs: 0 })).toBe(never)
})

it('has ten under way at most, however many a verdict takes', () => {
  const many = { fall: 100, confirmSpanMs: 0 }
  expect(nextBesideAt(upHealth(), underway(9, 9, 100), 40, many)).toBe(100)
  expect(nextBesideAt(upHealth(), underway(10, 10, 100), 40, many)).toBe(never)
})
