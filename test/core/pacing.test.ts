import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isConfirming, nextConfirmationAt } from '../../src/core/pacing.ts'
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
