import type { IncidentView } from '../engine/history-port.ts'
import { incidentKinds } from './incident-facts.ts'
import { createIncidentFold } from './incidents.ts'
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

export interface Folded {
  readonly incidents: readonly IncidentView[]
  /** Older events than were folded: what began before them is missing. */
  readonly isCut: boolean
}

const fold = (sql: Sql, wanted: string, values: readonly SqlValue[], sinceMs: number, untilMs: number, nowMs: number): Folded => {
  const [skipped] = sql.all(`SELECT id FROM events WHERE ${wanted} AND at < ? ORDER BY id DESC LIMIT 1 OFFSET ${mostFolded}`, [...values, untilMs])
  const folded = createIncidentFold()
  sql.each(`SELECT * FROM events WHERE ${wanted} AND at < ? AND id > ? ORDER BY id`, [...values, untilMs, numberIn(skipped, 'id')], (row) => folded.add(eventIn(row)))
  const all = folded.incidents(sinceMs, untilMs, nowMs).map((each) => asWatched(sql, each))
  return { incidents: all.filter(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs >= sinceMs), isCut: skipped !== undefined }
}

/** One site's incidents that touch a period, by when they started. */
export const siteIncidents = (sql: Sql, site: string, sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[] =>
  fold(sql, `((site = ? AND ${tells}) OR (site IS NULL AND kind = 'service'))`, [site], sinceMs, untilMs, nowMs).incidents

/** Those of all sites at once: as much work as for one. */
export const allIncidents = (sql: Sql, sinceMs: number, untilMs: number, nowMs: number): Folded => fold(sql, tells, [], sinceMs, untilMs, nowMs)
