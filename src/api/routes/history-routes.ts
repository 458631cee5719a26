import type { z } from 'zod'
import type { EventQuery, StoredEvent } from '../../engine/history-port.ts'
import { type Call, jsonRoute } from '../json-route.ts'
import { unknownAmong } from '../outcome-answer.ts'
import { periodOf } from '../period.ts'
import { type Answer, json, problem, type Route } from '../route.ts'
import { eventsQuery, reportQuery } from '../schemas/history-requests.ts'

type EventsCall = Call<z.infer<typeof eventsQuery>, undefined>

const dayMs = 86_400_000

const wantsStream = ({ headers, isHead }: EventsCall): boolean => !isHead && /\btext\/event-stream\b/i.test(headers['accept'] ?? '')

/**
 * Where it goes on: the same question, from the last event on. A page that is not full is the last there is for now. Relative to
 * what was asked: a proxy may have taken a prefix off the path.
 */
const nextPage = (asked: z.infer<typeof eventsQuery>, events: readonly StoredEvent[]): string | null => {
  const last = events.at(-1)
  if (last === undefined || events.length < asked.limit) return null
  const query = new URLSearchParams()
  const add = (name: string, value: string | undefined): void => void (value === undefined || query.set(name, value))
  add('site', asked.site)
  add('region', asked.region)
  add('kind', asked.kind?.join(','))
  add('limit', String(asked.limit))
  add(asked.after === undefined ? 'before' : 'after', String(last.id))
  return `?${query.toString()}`
}

/** A `since` or `until` said by how long ago must not move from page to page: the next link carries the time it meant. */
const withTimes = (next: string | null, since: string | undefined, until: string | undefined): string | null => {
  if (next === null) return null
  const times = new URLSearchParams({ ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }).toString()
  return times === '' ? next : `${next}&${times}`
}

const page = async ({ parts, query }: EventsCall): Promise<Answer> => {
  const now = parts.wallNow()
  const since = query.since === undefined ? undefined : new Date(query.since(now)).toISOString()
  const until = query.until === undefined ? undefined : new Date(query.until(now)).toISOString()
  const { site, region, kind: kinds, after, before, limit } = query
  const { events, trouble } = await parts.history.events({ site, region, kinds, since, until, after, before, limit } satisfies EventQuery)
  return json({ events, next: withTimes(nextPage(query, events), since, until), trouble })
}

const stream = (call: EventsCall): Answer => {
  const { headers, query, client, streams, mayStillRead, identity, parts } = call
  if (query.since !== undefined || query.until !== undefined || query.before !== undefined) {
    return problem({ status: 422, code: 'invalid-request', detail: 'a stream of events begins after one, by `after` or Last-Event-ID, and has no end', advice: 'leave out since, until and before' })
  }
  const last = headers['last-event-id']
  const resumed = last !== undefined && /^\d{1,15}$/.test(last) ? Number(last) : query.after
  if (!streams.hasRoomFor(client)) {
    return problem({ status: 503, code: 'too-many-readers', detail: 'too many read the events already', advice: 'end others, or ask for pages', headers: { 'retry-after': '30' } })
  }
  const filter = { site: query.site, region: query.region, kinds: query.kind }
  const until = identity.kind === 'token' ? identity.sessionUntil : undefined
  const endsInMs = until === undefined ? undefined : until - parts.wallNow()
  return { kind: 'stream', open: (outgoing, always) => streams.open({ outgoing, client, filter, after: resumed, mayStay: mayStillRead, endsInMs }, always) }
}

export const historyRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/v1/events',
    need: 'read',
    summary: 'What has happened: pages, or with Accept: text/event-stream as it happens, resumed by Last-Event-ID',
    query: eventsQuery,
    answers: { 200: 'EventPage' },
    otherContent: ['text/event-stream'],
    handle: (call) => (wantsStream(call) ? stream(call) : page(call)),
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/report',
    need: 'read',
    summary: 'Availability and incidents; since is 30d if it is left out',
    query: reportQuery,
    answers: { 200: 'Report' },
    handle: async ({ parts, query }) => {
      const period = periodOf(query, parts.wallNow(), 30 * dayMs)
      if (!period.ok) return period.answer
      const known = parts.operations.siteNames()
      const sites = query.site ?? known
      return unknownAmong(sites, known) ?? json(await parts.history.report({ sites, sinceMs: period.sinceMs, untilMs: period.untilMs }))
    },
  }),
]
