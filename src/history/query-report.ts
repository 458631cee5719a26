import type { ReportView, SiteReportView } from '../engine/history-port.ts'
import { periodOf, watchedIn } from './query-watched.ts'
import { siteIncidents } from './site-incidents.ts'
import type { Sql } from './sql.ts'
import { availabilityOf, coverageOf, noWatch } from './watch-sums.ts'

/** So many of a site's are told: the newest. */
const mostIncidents = 1_000
/** So long a report may take: its reader waits no longer, and nothing is written meanwhile. */
const mostMs = 3_000

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
    const incidents = isLate ? [] : siteIncidents(sql, site, sinceMs, untilMs, Math.min(untilMs, nowMs))
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
