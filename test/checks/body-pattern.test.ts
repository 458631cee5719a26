import { expect, it } from 'vitest'
import { compilePattern } from '../../src/checks/body-pattern.ts'

it.each([
  ['(', 'error parsing regexp: missing closing ): `(`'],
  ['a(?=b)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
  ['(a)\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
])('refuses %s', (text, error) => {
  expect(compilePattern(text)).toEqual({ kind: 'error', error })
})

it.each([
  ['hello', 'say hello', true],
  ['^hello', 'say hello', false],
  ['(?i)HELLO', 'say hello', true],
  ['Grüß+', 'Grüßß', true],
])('finds %s in %s: %s', (text, body, expected) => {
  const pattern = compilePattern(text)
  expect(pattern.kind === 'pattern' && pattern.test(body)).toBe(expected)
})
