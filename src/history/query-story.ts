import type { IncidentView, StoredEvent, StoryView } from '../engine/history-port.ts'
import { eventIn } from './query-events.ts'
import { querySeries } from './query-series.ts'
import { siteIncidents } from './site-incidents.ts'
import { numberIn, type Sql } from './sql.ts'
import { minuteMs } from './write-rows.ts'

/** What led to it, and what came of it: a verification, or the first checks that passed. Milliseconds. */
const beforeMs = 2 * minuteMs
const afterMs = 5 * minuteMs
/** Of a long one its beginning and its end. */
const mostFirst = 400
const mostLast = 100
const mostPoints = 500

/** Which incident an event began, or was told of again: a fold that began later may have taken it for the first. */
const incidentOf = (sql: Sql, event: StoredEvent, nowMs: number): IncidentView | undefined => {
  if (event.site === null) return undefined
  const at = Date.parse(event.at)
  const all = siteIncidents(sql, event.site, at - 1, nowMs + 1, nowMs)
  const isOfIt = ({ kind, address, startedAt, endedAt }: IncidentView): boolean => {
    const isItsKind = kind === 'down' ? event.kind === 'health' && address === event.address : kind === 'provider-failed' ? event.kind === 'provider-failed' : kind === 'disagreed' ? event.kind === 'verified' : event.kind === 'mode'
    return isItsKind && Date.parse(startedAt) <= at && (endedAt === null || at < Date.parse(endedAt))
  }
  return all.find(({ id }) => id === event.id) ?? all.find(isOfIt)
}

const eventsBetween = (sql: Sql, site: string, fromMs: number, toMs: number): Pick<StoryView, 'events' | 'isCut'> => {
  const where = 'site = ? AND at >= ? AND at < ?'
  const values = [site, fromMs, toMs]
  const first = sql.all(`SELECT * FROM events WHERE ${where} ORDER BY id LIMIT ${mostFirst}`, values).map(eventIn)
  const last = first.at(-1)
  if (last === undefined || first.length < mostFirst) return { events: first, isCut: false }
  const rest = sql.all(`SELECT * FROM events WHERE ${where} AND id > ? ORDER BY id DESC LIMIT ${mostLast + 1}`, [...values, last.id]).map(eventIn)
  return { events: [...first, ...rest.slice(0, mostLast).toReversed()], isCut: rest.length > mostLast }
}

/** All that is kept of the incident that an event began; undefined: it began none. */
export const queryStory = (sql: Sql, id: number, nowMs: number): StoryView | undefined => {
  const [row] = sql.all('SELECT * FROM events WHERE id = ?', [id])
  const incident = row === undefined || numberIn(row, 'id') !== id ? undefined : incidentOf(sql, eventIn(row), nowMs)
  if (incident === undefined) return undefined
  const { site, address, startedAt, endedAt } = incident
  const fromMs = Date.parse(startedAt) - beforeMs
  const toMs = Math.min(nowMs + 1, endedAt === null ? nowMs + 1 : Date.parse(endedAt) + afterMs)
  const stepMs = Math.max(minuteMs, (toMs - fromMs) / mostPoints)
  return { incident, ...eventsBetween(sql, site, fromMs, toMs), points: address === null ? [] : querySeries(sql, { site, address, sinceMs: fromMs, untilMs: toMs, stepMs }) }
}
