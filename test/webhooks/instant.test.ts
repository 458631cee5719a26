import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { instant } from '../../src/webhooks/instant.ts'

const noon = Date.UTC(2026, 10, 22, 12)

it.each([
  ['2026-11-22T12:00:00Z', noon],
  ['2026-11-22t12:00:00z', noon],
  ['2026-11-22T12:00:00.5Z', noon + 500],
  ['2026-11-22T12:00:00.123456789Z', noon + 123],
  ['2026-11-22T15:00:00+03:00', noon],
  ['2026-11-22T15:00:00+0300', noon],
  ['2026-11-22T06:30:00.999999-05:30', noon + 999],
  ['2026-11-23T02:00:00+14:00', noon],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-04-31T00:00:00Z', undefined],
  ['2026-11-22T24:00:00Z', undefined],
  ['2026-11-22T12:00:60Z', undefined],
  ['2026-13-22T12:00:00Z', undefined],
  ['2026-11-22T12:00:00+24:00', undefined],
  ['2026-11-22T12:00:00+03:60', undefined],
  ['2026-11-22T12:00:00', undefined],
  ['2026-11-22 12:00:00', undefined],
  ['2026-11-22', undefined],
  ['1795348800', undefined],
  [' 2026-11-22T12:00:00Z', undefined],
  ['2026-11-22T12:00:00Z\n', undefined],
  ['2026-11-22T12:00:00.Z', undefined],
  ['٢٠٢٦-11-22T12:00:00Z', undefined],
  ['', undefined],
])('%j is %j', (text, expected) => {
  expect(instant(text, false)).toBe(expected)
})

it('takes a time without a zone for UTC only where it is told to, and a zone always for what it says', () => {
  expect(instant('2026-11-22 12:00:00.250', true)).toBe(noon + 250)
  expect(instant('2026-11-22 15:00:00+03:00', true)).toBe(noon)
})

it("gives Go's zero time, the year 1", () => {
  expect(instant('0001-01-01T00:00:00Z', false)).toBe(-62_135_596_800_000)
})

it('reads what toISOString writes', () => {
  const dates = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  fc.assert(fc.property(dates, (date) => void expect(instant(date.toISOString(), false)).toBe(date.getTime())))
})
