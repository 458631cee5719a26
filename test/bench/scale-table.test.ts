import { expect, test } from 'vitest'
import { type ScaleReport, scaleTable } from './scale-table.ts'

const report: ScaleReport = {
  sites: 101,
  failing: 50,
  answersMs: 600,
  publishedMs: 6200,
  startWorkedMs: 2000,
  steadyCpu: 0.123,
  callsPerHour: 60,
  rssMiB: 200,
  oneSiteMiB: 100,
  endMiB: 210,
  withdrawn: { medianMs: 3000, worstMs: Number.POSITIVE_INFINITY },
  restored: { medianMs: 4000, worstMs: 5000 },
  failover: { read: 75, apply: 50, other: 0 },
}

test('says what a site costs and what a failure of many does', () => {
  const rows = new Map(scaleTable([], report, [{ sites: 1000, ms: 8.4 }]).rows.map(([what = '', measured = '']) => [what, measured]))
  expect(rows.get('memory a site')).toBe('1024 KiB')
  expect(rows.get('CPU when nothing happens')).toBe('12 % of a core')
  expect(rows.get('50 addresses refuse at once: withdrawn, median')).toBe('3.00 s')
  expect(rows.get('writes and readings a withdrawn address')).toBe('1.00 and 1.50')
  expect(rows.get('to decide and plan 1000 sites, each with a change')).toBe('8 ms')
})

test('an address that was never withdrawn is never, not the longest wait', () => {
  expect(scaleTable([], report, []).rows.filter(([what]) => what === 'the last of them')).toEqual([['the last of them', 'never'], ['the last of them', '5.00 s']])
})
