import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedLog } from '../../src/api/bounded-log.ts'
import { bearerOf, knownTokens, matchToken } from '../../src/api/bearer.ts'
import { isJsonType, readJson } from '../../src/api/read-json.ts'
import { parseSpan, spanPattern } from '../../src/api/span.ts'

describe('a span of time', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => expect(parseSpan(text)).toBe(ms))

  it.each(['', '1', 'h', '1 h', ' 1h', '1h ', '1H', '-1h', '1.5h', '30m1h', '1h1h', '1w', '1e3s', '9'.repeat(41), '99999999s', '1h\n'])('%j is none', (text) => {
    expect(parseSpan(text)).toBeUndefined()
  })

  it('is what its pattern says', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^(\d{1,8}[dhms]){0,4}$/))
    fc.assert(fc.property(texts, (text) => (parseSpan(text) !== undefined) === (text.length <= 40 && new RegExp(spanPattern).test(text))))
  })
})

describe('a bearer token', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Basic YTpi', undefined],
    ['Bearer a b', undefined],
    ['Bearer abc', 'abc'],
    ['bearer   abc ', 'abc'],
  ])('of %j is %j', (header, token) => expect(bearerOf(header)).toBe(token))

  it('is known by its digest alone, whole', () => {
    const tokens = knownTokens([
      { name: 'one', token: 'first-token-of-all', scopes: ['read'] },
      { name: 'two', token: 'second-token-of-all', scopes: ['operate'] },
    ])
    expect(JSON.stringify(tokens)).not.toContain('token-of-all')
    expect(matchToken(tokens, 'first-token-of-all')?.name).toBe('one')
    expect(matchToken(tokens, 'second-token-of-all')?.name).toBe('two')
    fc.assert(fc.property(fc.string(), (text) => matchToken(tokens, text) === undefined), { numRuns: 2_000 })
    for (const wrong of ['', 'first-token-of-al', 'first-token-of-all ', 'First-token-of-all']) expect(matchToken(tokens, wrong)).toBeUndefined()
  })
})

describe('JSON', () => {
  it.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['null', null],
  ])('%j is read', (text, value) => expect(readJson(Buffer.from(text))).toEqual({ ok: true, value }))

  it('that is none is said to be none', () => {
    expect(readJson(Buffer.from('{'))).toEqual({ ok: false, detail: 'the body is no JSON' })
    expect(readJson(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ ok: false, detail: 'the body is not UTF-8' })
  })

  it.each([
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['application/problem+json', true],
    [undefined, false],
    ['text/plain', false],
    ['application/x-www-form-urlencoded', false],
    ['text/plain; application/json', false],
    ['application/jsonp', false],
  ])('%j: %j', (type, is) => expect(isJsonType(type)).toBe(is))
})

it('keeps strangers from filling the log', () => {
  let now = 0
  const lines: string[] = []
  const log = boundedLog({ log: (_level, message) => void lines.push(message), now: () => now })
  for (let at = 0; at < 100; at += 1) log('warn', 'wrong token')
  log('error', 'a fault')
  expect(lines.length).toBe(21)
  now = 10_000
  log('warn', 'again')
  expect(lines.slice(20)).toEqual(['a fault', '80 more warnings about requests came in the 10 s after the last one that was logged', 'again'])
})
