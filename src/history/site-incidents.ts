import type { IncidentView } from '../engine/history-port.ts'
import { incidentKinds } from './incident-facts.ts'
import { createIncidentFold, type IncidentFold } from './incidents.ts'
import { eventIn } from './query-events.ts'
import { numberIn, type Sql, type SqlValue } from './sql.ts'
import { minuteMs } from './write-rows.ts'

/** Events that are folded at most: the newest. Half a second of work; a site has some dozens a day. */
export const mostFolded = 50_000

/** By the minute, or where minutes are gone by the hour. */
const lastWatched = (sql: Sql, site: string, region: string, address: string): number | undefined => {
  for (const table of ['watched_minutes', 'watched_hours']) {
    const [row] = sql.all(`SELECT max(at) AS at FROM ${table} WHERE site = ? AND region = ? AND address = ?`, [site, region, address])
    if (typeof row?.['at'] === 'number') return row['at']
  }
  return undefined
}

/** What lasts of an address that nobody checks any more, though its site is, lasted until it was: nothing else ends it. */
const asWatched = (sql: Sql, incident: IncidentView): IncidentView => {
  const { site, region, address, startedAt, endedAt } = incident
  if (endedAt !== null || region === null || address === null) return incident
  const own = lastWatched(sql, site, region, address)
  const sites = lastWatched(sql, site, '', '')
  if (own === undefined || sites === undefined || sites - own <= 2 * minuteMs) return incident
  const end = Math.max(own + minuteMs, Date.parse(startedAt))
  return { ...incident, endedAt: new Date(end).toISOString(), durationMs: end - Date.parse(startedAt) }
}

const kindsText = incidentKinds.filter((kind) => kind !== 'decided').map((kind) => `'${kind}'`).join(', ')
// Of decisions only the two that end an incident; there can be a great many.
const tells = `(kind IN (${kindsText}) OR kind = 'decided' AND (data LIKE '%"rule":"up"%' OR data LIKE '%"rule":"replaced"%'))`

const newest = (sql: Sql, wanted: string, values: readonly SqlValue[]): number =>
  numberIn(sql.all(`SELECT id FROM events WHERE ${wanted} ORDER BY id DESC LIMIT 1 OFFSET ${mostFolded}`, values)[0], 'id')

const told = (sql: Sql, fold: IncidentFold, sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[] =>
  fold
    .incidents(sinceMs, untilMs, nowMs)
    .map((each) => asWatched(sql, each))
    .filter(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs >= sinceMs)

/** One site's incidents that touch a period, by when they started, as far as was known at its end. */
export const siteIncidents = (sql: Sql, site: string, sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[] => {
  const wanted = `((site = ? AND ${tells}) OR (site IS NULL AND kind = 'service')) AND at < ?`
  const fold = createIncidentFold()
  sql.each(`SELECT * FROM events WHERE ${wanted} AND id > ? ORDER BY id`, [site, untilMs, newest(sql, wanted, [site, untilMs])], (row) => fold.add(eventIn(row)))
  return told(sql, fold, sinceMs, untilMs, nowMs)
}

/** Incidents of all sites out of one file: what was folded once is kept, and only what came since is read. */
export interface IncidentIndex {
  /** Those that touch a period, by when they started. `isCut`: it begins before the oldest event that was folded. */
  read(sql: Sql, sinceMs: number, untilMs: number, nowMs: number): { readonly incidents: readonly IncidentView[]; readonly isCut: boolean }
}

/** So many times as much is kept before it is begun anew. */
const mostKept = 4

export const createIncidentIndex = (): IncidentIndex => {
  let fold = createIncidentFold()
  let folded = 0
  let last: number | undefined
  let fromMs = Number.NEGATIVE_INFINITY
  return {
    read: (sql, sinceMs, untilMs, nowMs) => {
      if (last === undefined || folded > mostKept * mostFolded) {
        fold = createIncidentFold()
        folded = 0
        last = newest(sql, tells, [])
        fromMs = last === 0 ? Number.NEGATIVE_INFINITY : numberIn(sql.all('SELECT at FROM events WHERE id = ?', [last])[0], 'at')
      }
      sql.each(`SELECT * FROM events WHERE ${tells} AND id > ? ORDER BY id`, [last], (row) => {
        fold.add(eventIn(row))
        last = numberIn(row, 'id')
        folded += 1
      })
      return { incidents: told(sql, fold, sinceMs, untilMs, nowMs), isCut: sinceMs < fromMs }
    },
  }
}
