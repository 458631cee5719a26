import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { IncidentQuery, IncidentView, StoryView } from '../../src/engine/history-port.ts'
import { noChecks } from '../../src/history/check-sums.ts'
import type { EventRow } from '../../src/history/messages.ts'
import { openFile } from '../../src/history/open-file.ts'
import { queryIncidents } from '../../src/history/query-incidents.ts'
import { queryStory } from '../../src/history/query-story.ts'
import { createIncidentIndex, mostFolded } from '../../src/history/site-incidents.ts'
import type { Sql } from '../../src/history/sql.ts'
import { writeRows } from '../../src/history/write-rows.ts'
import { makeFolder } from '../store/folder.ts'
import { ams, down, msk, passed, up } from './samples.ts'
import { useHistories } from './running.ts'

const begin = Date.parse('2026-03-01T00:00:00Z')
const minute = 60_000
const hour = 60 * minute
const all = ['a.example', 'b.example', 'c.example']

let seq = 0
const opened = async (): Promise<Sql> => openFile(join(await makeFolder(), 'history.sqlite'))
const write = (sql: Sql, rows: readonly EventRow[]): void => writeRows(sql, 'run', ++seq, rows)

/** At a second after midnight, which makes its id as well. */
const event = (second: number, site: string, kind: string, data: unknown, more: Partial<EventRow> = {}): EventRow => ({
  kind: 'event', id: begin + second * 1000, at: begin + second * 1000, site, region: null, address: null, event: kind, level: 'info', text: `${kind} of ${site}`, data: JSON.stringify(data), ...more,
})
const fell = (second: number, site: string, region = 'msk', address: string = msk): EventRow => event(second, site, 'health', { from: 'up', to: 'down', cause: 'timeout', text: 'timeout' }, { region, address })
const rose = (second: number, site: string, region = 'msk', address: string = msk): EventRow => event(second, site, 'health', { from: 'down', to: 'up', text: 'passed' }, { region, address })
const failed = (second: number, site: string): EventRow => event(second, site, 'provider-failed', { text: 'answers 503' })

const incidents = (sql: Sql, query: Partial<IncidentQuery> = {}, nowMs = begin + 2 * hour, index = createIncidentIndex()) =>
  queryIncidents(sql, { sites: all, sinceMs: begin, untilMs: begin + 2 * hour, limit: 200, ...query }, nowMs, index)

const told = ({ id, site, region, kind, endedAt }: IncidentView): readonly unknown[] => [(id - begin) / 1000, site, region, kind, endedAt === null ? null : (Date.parse(endedAt) - begin) / 1000]

it('lists the incidents of all sites, or of some, newest first', async () => {
  const sql = await opened()
  write(sql, [fell(10, 'a.example'), fell(20, 'b.example', 'ams', ams), failed(25, 'a.example'), rose(30, 'a.example'), fell(40, 'd.example'), fell(50, 'c.example'), rose(60, 'b.example', 'ams', ams), fell(70, 'a.example')])
  const ids = (query: Partial<IncidentQuery>): readonly number[] => incidents(sql, query).incidents.map(({ id }) => (id - begin) / 1000)
  expect(incidents(sql).incidents.map(told)).toEqual([
    [70, 'a.example', 'msk', 'down', null],
    [50, 'c.example', 'msk', 'down', null],
    [25, 'a.example', null, 'provider-failed', null],
    [20, 'b.example', 'ams', 'down', 60],
    [10, 'a.example', 'msk', 'down', 30],
  ])
  expect(ids({ sites: ['a.example'] })).toEqual([70, 25, 10])
  expect(ids({ sites: ['a.example', 'b.example'], region: 'ams' })).toEqual([20])
  expect(ids({ kinds: ['provider-failed', 'blind'] })).toEqual([25])
  expect(ids({ limit: 2 })).toEqual([70, 50])
  expect(ids({ sites: [] })).toEqual([])
  // What has ended before is not of that time; what goes on is.
  expect(ids({ sinceMs: begin + 45_000 })).toEqual([70, 50, 25, 20])
  expect(ids({ untilMs: begin + 30_000 })).toEqual([25, 20, 10])
})

it('reads only what has come since, and tells the same as if it read all', async () => {
  const sql = await opened()
  const index = createIncidentIndex()
  write(sql, [fell(10, 'a.example')])
  expect(incidents(sql, {}, begin + 2 * hour, index).incidents.map(told)).toEqual([[10, 'a.example', 'msk', 'down', null]])
  // Gone from the file, but known.
  sql.run('DELETE FROM events')
  write(sql, [rose(20, 'a.example'), fell(30, 'b.example')])
  expect(incidents(sql, {}, begin + 2 * hour, index).incidents.map(told)).toEqual([[30, 'b.example', 'msk', 'down', null], [10, 'a.example', 'msk', 'down', 20]])
  expect(incidents(sql, {}, begin + 2 * hour).incidents.map(told)).toEqual([[30, 'b.example', 'msk', 'down', null]])
})

it('tells the newest of too much that happened, and says so to whoever asks for more', async () => {
  const sql = await opened()
  const flapping = Array.from({ length: mostFolded + 1_000 }, (_, index) => (index % 2 === 0 ? fell : rose)(index / 10, 'a.example'))
  write(sql, flapping)
  const { incidents: found, trouble } = incidents(sql, { limit: 3 })
  expect(found.map(({ id }) => (id - begin) / 100)).toEqual([50_998, 50_996, 50_994])
  expect(trouble).toBe('of more than 50000 events the newest are told; ask for one site, or a later time, to see what began before them')
  expect(incidents(sql, { sinceMs: begin + 200_000 }).trouble).toBeNull()
})

const story = (sql: Sql, second: number, nowMs = begin + 2 * hour): StoryView => {
  const found = queryStory(sql, begin + second * 1000, nowMs)
  if (found === undefined) throw new Error('there is no story')
  return found
}

const secondsOf = ({ events }: StoryView): readonly number[] => events.map(({ at }) => (Date.parse(at) - begin) / 1000)

it('tells an incident with all that happened around it, to its site alone, and the checks of its address', async () => {
  const sql = await opened()
  const minutesOf = (address: string) => Array.from({ length: 60 }, (_, index) => ({ kind: 'checks' as const, site: 'a.example', region: 'msk', address, at: begin + index * minute, sums: { ...noChecks, ok: 12 } }))
  writeRows(sql, 'run', ++seq, [...minutesOf(msk), ...minutesOf(ams)])
  const word = event(590, 'a.example', 'webhook', { source: 'kuma' })
  const order = event(800, 'a.example', 'operator', { action: 'drain' })
  write(sql, [event(400, 'a.example', 'decided', {}), event(481, 'a.example', 'mode', {}), word, fell(600, 'a.example'), event(601, 'b.example', 'decided', {}), event(602, 'a.example', 'written', { changes: [] }), order, rose(900, 'a.example'), event(1199, 'a.example', 'decided', {}), event(1201, 'a.example', 'decided', {})])
  const { incident, isCut, points, ...rest } = story(sql, 600)
  expect(told(incident)).toEqual([600, 'a.example', 'msk', 'down', 900])
  expect([secondsOf({ incident, isCut, points, ...rest }), isCut]).toEqual([[481, 590, 600, 602, 800, 900, 1199], false])
  expect(points.map(({ at, ok }) => [(Date.parse(at) - begin) / minute, ok])).toEqual(Array.from({ length: 12 }, (_, index) => [8 + index, 12]))
})

it('tells one that lasts until now, and one of no address without checks', async () => {
  const sql = await opened()
  write(sql, [failed(600, 'a.example'), event(5_000, 'a.example', 'decided', {}), event(7_150, 'a.example', 'decided', {})])
  const found = story(sql, 600, begin + 7_100_000)
  expect([told(found.incident), secondsOf(found), found.points]).toEqual([[600, 'a.example', null, 'provider-failed', null], [600, 5_000], []])
})

it('of a long one tells the beginning and the end', async () => {
  const sql = await opened()
  write(sql, [fell(600, 'a.example'), ...Array.from({ length: 700 }, (_, index) => event(601 + index, 'a.example', 'decided', {})), rose(1_400, 'a.example')])
  const found = story(sql, 600)
  expect([found.isCut, secondsOf(found).slice(0, 2), secondsOf(found).slice(399, 401), secondsOf(found).at(-1), found.events.length]).toEqual([true, [600, 601], [999, 1_202], 1_400, 500])
})

it('finds the incident that a later word of the same trouble belongs to, and none where there is none', async () => {
  const sql = await opened()
  write(sql, [fell(600, 'a.example'), event(650, 'a.example', 'decided', {}), fell(700, 'a.example'), rose(900, 'a.example'), event(950, 'a.example', 'service', null, { site: null })])
  expect(told(story(sql, 700).incident)).toEqual([600, 'a.example', 'msk', 'down', 900])
  expect([650, 900, 950, 1_000].map((second) => queryStory(sql, begin + second * 1000, begin + hour))).toEqual([undefined, undefined, undefined, undefined])
})

const start = useHistories()

it('tells both while the service runs, with what was not written a moment ago', async () => {
  const { history } = start(join(await makeFolder(), 'history.sqlite'))
  history.engine({ site: 'failover.example.com', kind: 'checked', address: msk, region: 'msk', result: passed(20) })
  history.engine(down())
  const now = Date.now()
  const query = { sites: ['failover.example.com'], sinceMs: now - hour, untilMs: now + hour, limit: 10 }
  const first = await history.incidents(query)
  expect([first.trouble, first.incidents.map(({ kind, endedAt }) => [kind, endedAt])]).toEqual([null, [['down', null]]])
  history.engine(up())
  const { incidents: [incident] } = await history.incidents({ ...query, sites: [...query.sites, 'b.example'] })
  expect(incident?.endedAt).not.toBeNull()
  const { story: found, trouble } = await history.story(incident?.id ?? 0)
  expect([trouble, found?.events.map(({ kind }) => kind), found?.points.map(({ ok }) => ok)]).toEqual([null, ['health', 'health'], [1]])
  expect(await history.story(1)).toEqual({ story: undefined, trouble: null })
})
