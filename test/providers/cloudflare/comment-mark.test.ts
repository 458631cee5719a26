import { expect, it } from 'vitest'
import { isMarkable, isMarked, withMark, withoutMark } from '../../../src/providers/cloudflare/comment-mark.ts'

const mark = '[dns-failover v=1]'

it.each([
  ['', mark],
  ['rack 7', `rack 7 ${mark}`],
  [`rack 7 ${mark}`, `rack 7 ${mark}`],
  [`${mark} rack 7 ${mark}`, `rack 7 ${mark}`],
  ['x'.repeat(81), `${'x'.repeat(81)} ${mark}`],
  ['x'.repeat(101), `${'x'.repeat(101)} ${mark}`],
])('marks %j', (comment, marked) => {
  expect(withMark(comment)).toEqual({ ok: true, comment: marked })
  expect(isMarked(marked)).toBe(true)
  expect([comment, marked].map(isMarkable)).toEqual([true, true])
  expect(withoutMark(marked)).toBe(withoutMark(comment))
  expect(isMarked(withoutMark(marked))).toBe(false)
})

it.each([
  [82, 81],
  [100, 81],
  [490, 481],
])('has no room beside %i characters', (length, roomFor) => {
  expect(withMark('x'.repeat(length))).toEqual({ ok: false, roomFor })
  expect(isMarkable('x'.repeat(length))).toBe(false)
})
