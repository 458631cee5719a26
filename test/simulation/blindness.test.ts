import { expect, test } from 'vitest'
import { wereBlind } from './blindness.ts'
import type { LineFault } from './schedule.ts'

const check = { fall: 3, confirmSpanMs: 0, everyMs: 5_000 }
const cut = (from: number, until: number): LineFault => ({ from, until, kind: 'silent', loss: 1 })

test('all but the last of as many failures as a verdict takes are seen', () => {
  expect(wereBlind([10_000, 15_000, 20_000], [cut(19_000, 90_000)], check)).toBe(false)
  expect(wereBlind([10_000, 15_000, 20_000], [cut(14_000, 90_000)], check)).toBe(true)
})

test('one failure in each of several short cuts is chance, if one is in none', () => {
  expect(wereBlind([10_000, 15_000, 20_000], [cut(9_000, 11_000), cut(19_000, 22_000)], check)).toBe(false)
  expect(wereBlind([10_000, 15_000, 20_000], [cut(9_000, 11_000), cut(14_000, 16_000), cut(19_000, 22_000)], check)).toBe(true)
})

test('two in one cut, or one in a cut that could have been seen, are not', () => {
  expect(wereBlind([10_000, 10_000, 20_000], [cut(9_000, 11_000)], check)).toBe(true)
  expect(wereBlind([10_000, 11_500, 20_000], [cut(9_000, 11_000), cut(11_000, 12_000)], check)).toBe(true)
  expect(wereBlind([10_000, 15_000, 20_000], [cut(9_000, 11_000), cut(19_000, 25_000)], check)).toBe(true)
})

test('what came before the failures that a verdict takes makes up for none of them', () => {
  expect(wereBlind([1_000, 10_000, 15_000, 20_000], [cut(9_000, 16_000)], check)).toBe(false)
  expect(wereBlind([9_500, 10_000, 15_000, 20_000], [cut(9_000, 16_000)], check)).toBe(true)
})
