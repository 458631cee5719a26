import type { IncidentView, ReportView, SiteReportView } from '../engine/history-port.ts'
import { incidentKinds } from './incident-facts.ts'
import { createIncidentFold } from './incidents.ts'
import { eventIn } from './query-events.ts'
import { periodOf, watchedIn } from './query-watched.ts'
import { numberIn, type Sql } from './sql.ts'
import { availabilityOf, coverageOf, noWatch } from './watch-sums.ts'

/** Events that are folded for one site at most: the newest. Some seconds of work; a site has some dozens a day. */
const mostFolded = 100_000

const incidentsOf = (sql: Sql, site: string, sinceMs: number, untilMs: number, nowMs: number): readonly IncidentView[] => {
  const kinds = incidentKinds.filter((kind) => kind !== 'decided').map((kind) => `'${kind}'`).join(', ')
  // Of decisions only the two that end an incident; there can be a great many.
  const wanted = `((site = ? AND (kind IN (${kinds}) OR kind = 'decided' AND (data LIKE '%"rule":"up"%' OR data LIKE '%"rule":"replaced"%'))) OR (site IS NULL AND kind = 'service'))`
  const [skipped] = sql.all(`SELECT id FROM events WHERE ${wanted} AND at < ? ORDER BY id DESC LIMIT 1 OFFSET ${mostFolded}`, [site, untilMs])
  const fold = createIncidentFold()
  sql.each(`SELECT * FROM events WHERE ${wanted} AND at < ? AND id > ? ORDER BY id`, [site, untilMs, numberIn(skipped, 'id')], (row) => fold.add(eventIn(row)))
  return fold.incidents(sinceMs, untilMs, nowMs)
}

/** How sites did in a period: availability by what was watched, incidents by what was said. */
export const queryReport = (sql: Sql, sites: readonly string[], sinceMs: number, untilMs: number, nowMs: number): ReportView => {
  const period = periodOf(sql, sinceMs, untilMs, nowMs)
  const lengthMs = period.toMs - period.fromMs
  const siteReport = (site: string): SiteReportView => {
    const watched = watchedIn(sql, site, period)
    const incidents = incidentsOf(sql, site, sinceMs, untilMs, Math.min(untilMs, nowMs))
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
      incidents,
    }
  }
  return { since: new Date(sinceMs).toISOString(), until: new Date(untilMs).toISOString(), sites: sites.map(siteReport), trouble: null }
}
