import { expect, it } from 'vitest'
import type { Site } from '../../src/core/site.ts'
import { defaultChecksMs, neededMs, secondsText } from '../../src/cli/reconcile-time.ts'

const rules = (totalMs: number, fall: number, rise: number, confirmSpanMs: number): Site['check'] => ({ bounds: { totalMs }, fall, rise, confirmSpanMs }) as Site['check']

it.each([
  ['25s', rules(25_000, 3, 2, 2000), '75 s', 134_000],
  ['a long confirmation', rules(2000, 3, 2, 120_000), '122 s', 255_000],
  ['the defaults', rules(2000, 3, 2, 2000), '6 s', 60_000],
] as const)('gives the checks what the slowest site needs: %s', (_, check, needed, enough) => {
  expect(secondsText(neededMs(check))).toBe(needed)
  expect(defaultChecksMs([{ check: rules(100, 1, 1, 0) }, { check }])).toBe(enough)
})
