import type { IncidentQuery, IncidentView } from '../engine/history-port.ts'
import { limitOf } from './query-limit.ts'
import { type IncidentIndex, mostFolded, siteIncidents } from './site-incidents.ts'
import type { Sql } from './sql.ts'

export interface FoundIncidents {
  /** Newest first. */
  readonly incidents: readonly IncidentView[]
  readonly trouble: string | null
}

/** Incidents of one site, read anew as far back as there are any, or of many by what the index has of all. */
export const queryIncidents = (sql: Sql, query: IncidentQuery, nowMs: number, index: IncidentIndex): FoundIncidents => {
  const { sites, region, kinds, sinceMs, untilMs } = query
  const toMs = Math.min(untilMs, nowMs)
  const [only, ...others] = sites
  if (only === undefined) return { incidents: [], trouble: null }
  const found = others.length === 0 ? { incidents: siteIncidents(sql, only, sinceMs, untilMs, toMs), isCut: false } : index.read(sql, sinceMs, untilMs, nowMs)
  const known = new Set(sites)
  const wanted = found.incidents.filter((each) => known.has(each.site) && (region === undefined || each.region === region) && (kinds === undefined || kinds.includes(each.kind)))
  return {
    incidents: wanted.toReversed().slice(0, limitOf(query)),
    trouble: found.isCut ? `of more than ${mostFolded} events the newest are told; ask for one site, or a later time, to see what began before them` : null,
  }
}
