import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ReportView } from '../../src/engine/history-port.ts'
import type { EventRow, HistoryRow } from '../../src/history/messages.ts'
import { noChecks } from '../../src/history/check-sums.ts'
import { openFile } from '../../src/history/open-file.ts'
import { queryDays } from '../../src/history/query-days.ts'
import { queryReport } from '../../src/history/query-report.ts'
import { querySeries } from '../../src/history/query-series.ts'
import { numberIn, type Sql } from '../../src/history/sql.ts'
import { tidy } from '../../src/history/tidy.ts'
import { noWatch, type WatchSums } from '../../src/history/watch-sums.ts'
import { writeRows } from '../../src/history/write-rows.ts'
import { makeFolder } from '../store/folder.ts'
import { ams, msk, site } from './samples.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const begin = Date.parse('2026-03-01T00:00:00Z')

const opened = async (): Promise<Sql> => openFile(join(await makeFolder(), 'history.sqlite'))
const count = (sql: Sql, table: string): number => numberIn(sql.all(`SELECT count(*) AS n FROM ${table}`)[0], 'n')

let seq = 0
const watch = (sql: Sql, at: number, sums: Partial<WatchSums>, region = ''): void =>
  writeRows(sql, 'run', ++seq, [{ kind: 'watched', site, region, address: '', at, sums: { ...noWatch, ...sums } }])

/** Up all the time but for the minutes that are named. */
const watchFor = (sql: Sql, minutes: number, down: readonly number[]): void => {
  sql.within(() => undefined)
  const rows = Array.from({ length: minutes }, (_, index) => ({
    kind: 'watched' as const,
    site,
    region: '',
    address: '',
    at: begin + index * minute,
    sums: { ...noWatch, ...(down.includes(index) ? { downMs: minute } : { upMs: minute }) },
  }))
  writeRows(sql, 'run', ++seq, rows)
}

const ownOf = (report: ReportView): unknown => [report.sites[0]?.availability, report.sites[0]?.coverage]

it('writes a batch once, however often it comes', async () => {
  const sql = await opened()
  const row = { kind: 'checks' as const, site, region: 'msk', address: msk, at: begin, sums: { ...noChecks, ok: 3 } }
  for (const each of [1, 1, 2, 1]) writeRows(sql, 'a', each, [row])
  writeRows(sql, 'b', 1, [row])
  const query = { site, address: msk, sinceMs: begin, untilMs: begin + hour, stepMs: minute }
  expect(querySeries(sql, query).map(({ ok }) => ok)).toEqual([9])
})

it('writes nothing of a batch of which a row cannot be written', async () => {
  const sql = await opened()
  const good = { kind: 'watched' as const, site, region: '', address: '', at: begin, sums: noWatch }
  expect(() => writeRows(sql, 'a', 1, [good, { ...good, sums: { ...noWatch, upMs: Number.NaN } }])).toThrow('NOT NULL')
  expect(count(sql, 'watched_minutes')).toBe(0)
  expect(count(sql, 'batch')).toBe(0)
})

it('tells availability to the minute, in whole hours and at both ends', async () => {
  const sql = await opened()
  watchFor(sql, 180, [10, 70, 71, 130])
  const report = (from: number, to: number, now = 180): unknown => ownOf(queryReport(sql, [site], begin + from * minute, begin + to * minute, begin + now * minute))
  expect(report(0, 180)).toEqual([176 / 180, 1])
  expect(report(11, 180)).toEqual([166 / 169, 1])
  expect(report(11, 130)).toEqual([117 / 119, 1])
  expect(report(65, 75)).toEqual([8 / 10, 1])
  expect(report(0, 360)).toEqual([176 / 180, 180 / 180])
  expect(report(0, 360, 360)).toEqual([176 / 180, 180 / 360])
  expect(report(200, 300, 360)).toEqual([null, 0])
  expect(report(-180, 180)).toEqual([176 / 180, 180 / 360])
})

it('goes by the hours where the minutes are gone', async () => {
  const sql = await opened()
  watchFor(sql, 180, [10, 70])
  sql.run('DELETE FROM watched_minutes WHERE at < ?', [begin + 2 * hour])
  const now = begin + 3 * hour
  expect(ownOf(queryReport(sql, [site], begin, now, now))).toEqual([178 / 180, 1])
  expect(ownOf(queryReport(sql, [site], begin + 30 * minute, now, now))).toEqual([119 / 120, 1])
})

it('counts time in which nobody could say as not watched', async () => {
  const sql = await opened()
  watch(sql, begin, { upMs: 15_000, unknownMs: 45_000 })
  watch(sql, begin, { downMs: 15_000, unknownMs: 45_000 }, 'msk')
  const [report] = queryReport(sql, [site, 'else.example'], begin, begin + minute, begin + day).sites
  expect(report).toMatchObject({ availability: 1, coverage: 0.25, regions: [{ region: 'msk', availability: 0, coverage: 0.25, downMs: 15_000 }] })
})

it('tells days, the one of now as far as it has come', async () => {
  const sql = await opened()
  watchFor(sql, 36 * 60, [0, 1])
  expect(queryDays(sql, { site, sinceMs: begin + hour, untilMs: begin + 2 * day }, begin + 36 * hour)).toEqual([
    { day: '2026-03-01', region: null, availability: 1438 / 1440, coverage: 1, downMs: 2 * minute, degradedMs: 0 },
    { day: '2026-03-02', region: null, availability: 1, coverage: 1, downMs: 0, degradedMs: 0 },
  ])
})

it('gives series in steps, by hours where minutes are gone, and never more than fit a screen', async () => {
  const sql = await opened()
  const rows = Array.from({ length: 300 }, (_, index) => ({ kind: 'checks' as const, site, region: 'msk', address: msk, at: begin + index * minute, sums: { ...noChecks, ok: 12 } }))
  writeRows(sql, 'run', ++seq, rows)
  const series = (stepMs: number, untilMs = begin + 5 * hour): readonly number[] => querySeries(sql, { site, address: msk, sinceMs: begin, untilMs, stepMs }).map(({ ok }) => ok)
  expect(series(minute)).toEqual(rows.map(() => 12))
  expect(series(1)).toHaveLength(300)
  expect(series(10 * minute)).toEqual(Array.from({ length: 30 }, () => 120))
  expect(series(hour)).toEqual([720, 720, 720, 720, 720])
  expect(series(2 * hour)).toEqual([1440, 1440, 720])
  expect(series(minute, begin + 30 * day).length).toBeLessThanOrEqual(2_000)
  sql.run('DELETE FROM checks_minutes WHERE at < ?', [begin + 3 * hour])
  expect(series(minute)).toEqual([720, 720, 720, 720, 720])
})

it('deletes what is older than it is kept, a bounded part at a time, and gives the room back', async () => {
  const sql = await opened()
  const events = Array.from({ length: 5_000 }, (_, index) => ({
    kind: 'event' as const, id: index + 1, at: begin + index, site, region: null, address: null, event: 'health', level: 'info', text: 'x'.repeat(300), data: 'null',
  }))
  writeRows(sql, 'run', ++seq, events)
  watchFor(sql, 120, [])
  const retention = { eventsMs: hour, minutesMs: hour, hoursMs: day }
  const now = begin + 2 * hour
  const pages = (): number => numberIn(sql.all('PRAGMA page_count')[0], 'page_count')
  const before = pages()
  expect([tidy(sql, retention, now), tidy(sql, retention, now), tidy(sql, retention, now)]).toEqual([true, true, false])
  expect([count(sql, 'events'), count(sql, 'watched_minutes'), count(sql, 'watched_hours')]).toEqual([0, 60, 2])
  for (let round = 0; round < 3; round++) tidy(sql, retention, now)
  expect(pages()).toBeLessThan(before / 2)
})

it('tells the newest of too many incidents, and says so', async () => {
  const sql = await opened()
  const flapping = Array.from({ length: 2_400 }, (_, index): EventRow => ({ ...fell(index + 1, begin + index * 1_000, msk), data: JSON.stringify({ to: index % 2 === 0 ? 'down' : 'up' }) }))
  writeRows(sql, 'run', ++seq, flapping)
  const { sites, trouble } = queryReport(sql, [site], begin, begin + hour, begin + hour)
  expect([sites[0]?.incidents.length, sites[0]?.incidents.at(-1)?.id, sites[0]?.regions[0]?.incidents]).toEqual([1_000, 2_399, 1_200])
  expect(trouble).toBe(`of more than 1000 incidents the newest 1000 are told: ${site}`)
})

const fell = (id: number, at: number, address: string): EventRow => ({ kind: 'event', id, at, site, region: 'msk', address, event: 'health', level: 'warn', text: '', data: '{"to":"down"}' })

it('ends an incident when its address was last checked, if the site goes on without it', async () => {
  const sql = await opened()
  writeRows(sql, 'run', ++seq, [fell(1, begin + minute, msk), fell(2, begin + 2 * minute, ams)])
  const watched = (region: string, address: string, at: number): HistoryRow => ({ kind: 'watched', site, region, address, at, sums: { ...noWatch, downMs: minute } })
  for (let index = 0; index < 30; index++) {
    const at = begin + index * minute
    writeRows(sql, 'run', ++seq, [watched('', '', at), watched('msk', ams, at), ...(index < 10 ? [watched('msk', msk, at)] : [])])
  }
  const told = (sinceMs: number): unknown => queryReport(sql, [site], sinceMs, begin + hour, begin + 30 * minute).sites[0]?.incidents.map(({ id, endedAt, durationMs }) => [id, endedAt, durationMs])
  expect(told(begin)).toEqual([[1, '2026-03-01T00:10:00.000Z', 9 * minute], [2, null, 28 * minute]])
  expect(told(begin + 20 * minute)).toEqual([[2, null, 28 * minute]])
})
