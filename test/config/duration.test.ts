import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, parseDuration } from '../../src/config/duration.ts'

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['5s', 5000],
    ['0.2s', 200],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['1m30s', 90_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0', 0],
    [0, 0],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms })
  })

  it.each([
    [5, '5 has no unit; did you mean 5s?'],
    ['5', '5 has no unit; did you mean 5s?'],
    ['1.5', '1.5 has no unit; did you mean 1.5s?'],
    ['5 s', '"5 s" is not a duration; did you mean 5s?'],
    ['5S', '"5S" is not a duration; did you mean 5s?'],
    ['5 minutes', '"5 minutes" is not a duration; did you mean 5m?'],
    ['', '"" is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s'],
    ['s', '"s" is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s'],
    ['-5s', '"-5s" is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s'],
    ['30s1m', '"30s1m" is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s'],
    ['1e3s', '"1e3s" is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s'],
  ])('%s is refused', (text, message) => {
    expect(parseDuration(text)).toEqual({ ok: false, message })
  })

  it('what is written is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (ms) => {
        expect(parseDuration(durationText(ms))).toEqual({ ok: true, value: ms })
      }),
    )
  })
})
