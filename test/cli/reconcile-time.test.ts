import { expect, it } from 'vitest'
import type { Site } from '../../src/core/site.ts'
import { defaultChecksMs, neededMs, secondsText } from '../../src/cli/reconcile-time.ts'

const rules = (totalMs: number, fall: number, rise: number, confirmSpanMs: number): Site['check'] => ({ bounds: { totalMs }, fall, rise, confirmSpanMs }) as Site['check']

it.each([
  ['25s, for silence costs one timeout', rules(25_000, 3, 2, 2000), '27 s', 134_000],
  ['no confirmation to speak of', rules(25_000, 3, 2, 0), '25.3 s', 130_000],
  ['checks that end sooner than others begin', rules(200, 10, 2, 100), '2 s', 60_000],
  ['more than may be under way at once', rules(5_000, 20, 2, 100), '100 s', 115_200],
  ['a long confirmation', rules(2000, 3, 2, 120_000), '122 s', 255_000],
  ['the defaults', rules(2000, 3, 2, 2000), '4 s', 60_000],
] as const)('gives the checks what the slowest site needs: %s', (_, check, needed, enough) => {
  expect(secondsText(neededMs(check))).toBe(needed)
  expect(defaultChecksMs([{ check: rules(100, 1, 1, 0) }, { check }])).toBe(enough)
})
