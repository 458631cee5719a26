import type { IncidentView, ReportView, SiteReportView } from '../engine/history-port.ts'
import { incidentKinds } from './incident-facts.ts'
import { createIncidentFold } from './incidents.ts'
import { eventIn } from './query-events.ts'
import { periodOf, watchedIn } from './query-watched.ts'
import { numberIn, type Sql } from './sql.ts'
import { availabilityOf, coverageOf, noWatch } from './watch-sums.ts'
import { minuteMs } from './write-rows.ts'

/** Events that are folded for one site at most: the newest. Half a second of work; a site has some dozens a day. */
const mostFolded = 50_000
/** So many of a site's are told: the newest. */
const mostIncidents = 1_000
/** So long a report may take: its reader waits no longer, and nothing is written meanwhile. */
const mostMs = 3_000

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

const incidentsOf = (sql: Sql, site: string, sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[] => {
  const kinds = incidentKinds.filter((kind) => kind !== 'decided').map((kind) => `'${kind}'`).join(', ')
  // Of decisions only the two that end an incident; there can be a great many.
  const wanted = `((site = ? AND (kind IN (${kinds}) OR kind = 'decided' AND (data LIKE '%"rule":"up"%' OR data LIKE '%"rule":"replaced"%'))) OR (site IS NULL AND kind = 'service'))`
  const [skipped] = sql.all(`SELECT id FROM events WHERE ${wanted} AND at < ? ORDER BY id DESC LIMIT 1 OFFSET ${mostFolded}`, [site, untilMs])
  const fold = createIncidentFold()
  sql.each(`SELECT * FROM events WHERE ${wanted} AND at < ? AND id > ? ORDER BY id`, [site, untilMs, numberIn(skipped, 'id')], (row) => fold.add(eventIn(row)))
  const all = fold.incidents(sinceMs, untilMs, nowMs).map((each) => asWatched(sql, each))
  return all.filter(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs >= sinceMs)
}

const troubleWith = (late: readonly string[], cut: readonly string[]): string | null => {
  const troubles = [
    ...(late.length === 0 ? [] : [`too much has happened to tell the incidents of all in one report; ask for fewer sites at once. Without them: ${late.join(', ')}`]),
    ...(cut.length === 0 ? [] : [`of more than ${mostIncidents} incidents the newest ${mostIncidents} are told: ${cut.join(', ')}`]),
  ]
  return troubles.length === 0 ? null : troubles.join('. ')
}

/** How sites did in a period: availability by what was watched, incidents by what was said. */
export const queryReport = (sql: Sql, sites: readonly string[], sinceMs: number, untilMs: number, nowMs: number): ReportView => {
  const period = periodOf(sql, sinceMs, untilMs, nowMs)
  const lengthMs = period.toMs - period.fromMs
  const began = performance.now()
  const late: string[] = []
  const cut: string[] = []
  const siteReport = (site: string): SiteReportView => {
    const watched = watchedIn(sql, site, period)
    const isLate = performance.now() - began > mostMs
    if (isLate) late.push(site)
    const incidents = isLate ? [] : incidentsOf(sql, site, sinceMs, untilMs, Math.min(untilMs, nowMs))
    if (incidents.length > mostIncidents) cut.push(site)
    const downs = incidents.filter(({ kind }) => kind === 'down')
    const own = watched.find(({ region }) => region === '')?.sums ?? noWatch
    const names = [...new Set([...watched.map(({ region }) => region), ...downs.flatMap(({ region }) => (region === null ? [] : [region]))])].filter((name) => name !== '')
    return {
      site,
      availability: availabilityOf(own),
      coverage: coverageOf(own, lengthMs),
      regions: names.toSorted().map((region) => {
        const sums = watched.find((each) => each.region === region)?.sums ?? noWatch
        return { region, availability: availabilityOf(sums), coverage: coverageOf(sums, lengthMs), incidents: downs.filter((each) => each.region === region).length, downMs: sums.downMs }
      }),
      incidents: incidents.slice(-mostIncidents),
    }
  }
  return { since: new Date(sinceMs).toISOString(), until: new Date(untilMs).toISOString(), sites: sites.map(siteReport), trouble: troubleWith(late, cut) }
}
