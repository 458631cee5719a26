import { expect, test } from 'vitest'
import { cloudflareTable, type ScaleReport, scaleTable } from './scale-table.ts'

const report: ScaleReport = {
  sites: 101,
  failing: 50,
  answersMs: 600,
  publishedMs: 6200,
  startWorkedMs: 2000,
  steadyCpu: 0.123,
  callsPerHour: 60,
  rssMiB: 200,
  fewSites: 1,
  withFewMiB: 100,
  endMiB: 210,
  withdrawn: { medianMs: 3000, worstMs: Number.POSITIVE_INFINITY },
  restored: { medianMs: 4000, worstMs: 5000 },
  failover: { read: 75, apply: 50, other: 0 },
}

test('says what a site costs and what a failure of many does', () => {
  const rows = new Map(scaleTable([], report, [{ sites: 1000, ms: 8.4 }]).rows.map(([what = '', measured = '']) => [what, measured]))
  expect(rows.get('memory a site, above 1')).toBe('1024 KiB')
  expect(rows.get('CPU when nothing happens')).toBe('12 % of a core')
  expect(rows.get('50 addresses refuse at once: withdrawn, median')).toBe('3.00 s')
  expect(rows.get('writes and readings a withdrawn address')).toBe('1.00 and 1.50')
  expect(rows.get('to decide and plan 1000 sites, each with a change')).toBe('8 ms')
})

test('an address that was never withdrawn is never, not the longest wait', () => {
  expect(scaleTable([], report, []).rows.filter(([what]) => what === 'the last of them')).toEqual([['the last of them', 'never'], ['the last of them', '5.00 s']])
})

test('says what a failure of many costs where requests are counted', () => {
  const table = cloudflareTable([], { sites: 500, startRequests: 12, reads: 80, writes: 500, refused: 0, withdrawn: { medianMs: 4000, worstMs: Number.POSITIVE_INFINITY } })
  expect(table.rows).toEqual([
    ['requests at the start', '12'],
    ['500 addresses refuse at once: withdrawn, median', '4.00 s'],
    ['the last of them', 'never'],
    ['writes and readings until then', '500 and 80'],
    ['requests refused as too many', '0'],
  ])
})
