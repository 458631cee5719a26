import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { printable } from '../../src/webhooks/printable.ts'

it.each([
  ['as it is', 10, 'as it is'],
  [' a\r\n\tb\u0000 ', 10, 'a b'],
  ['\u001B[31mred', 20, '[31mred'],
  ['abc\u202Edef\u2028g', 20, 'abc def g'],
  ['0123456789', 10, '0123456789'],
  ['0123456789a', 10, '012345678…'],
  ['01234567😀9', 10, '01234567…'],
  ['\uD800x', 10, 'x'],
  ['', 10, ''],
])('%j in %d: %j', (text, limit, expected) => {
  expect(printable(text, limit)).toBe(expected)
})

it('is one line that prints, never too long, and twice is once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 5, max: 50 }), (text, limit) => {
      const line = printable(text, limit)
      expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      expect(line.length).toBeLessThanOrEqual(limit)
      expect(printable(line, limit)).toBe(line)
    }),
  )
})
