import { jsonRoute } from '../json-route.ts'
import { unknownAmong } from '../outcome-answer.ts'
import { periodOf } from '../period.ts'
import { json, problem, type Route } from '../route.ts'
import { daysQuery, incidentsQuery, seriesQuery } from '../schemas/history-requests.ts'

const dayMs = 86_400_000
/** As long as hours are kept, and no longer: a chart has no more to show. */
const longestMs = 401 * dayMs
const usualStepMs = 300_000

/** What has happened, for charts and stories. */
export const chartRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/series',
    need: 'read',
    summary: 'The checks of one address by steps: how many passed, how long they took; since is 24h and step 5m if left out',
    query: seriesQuery,
    answers: { 200: 'Series' },
    handle: async ({ parts, param, query }) => {
      const unknown = unknownAmong([param('site')], parts.operations.siteNames())
      if (unknown !== undefined) return unknown
      const period = periodOf(query, parts.wallNow(), dayMs, longestMs)
      if (!period.ok) return period.answer
      const { sinceMs, untilMs } = period
      return json(await parts.history.series({ site: param('site'), address: query.address, sinceMs, untilMs, stepMs: query.step ?? usualStepMs }))
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/days',
    need: 'read',
    summary: 'Availability of a site and its regions by UTC day; since is 90d if left out',
    query: daysQuery,
    answers: { 200: 'Days' },
    handle: async ({ parts, param, query }) => {
      const unknown = unknownAmong([param('site')], parts.operations.siteNames())
      if (unknown !== undefined) return unknown
      const period = periodOf(query, parts.wallNow(), 90 * dayMs, longestMs)
      return period.ok ? json(await parts.history.days({ site: param('site'), sinceMs: period.sinceMs, untilMs: period.untilMs })) : period.answer
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/incidents',
    need: 'read',
    summary: 'Incidents, newest first; since is 30d if left out',
    query: incidentsQuery,
    answers: { 200: 'Incidents' },
    handle: async ({ parts, query }) => {
      const sites = query.site ?? parts.operations.siteNames()
      const unknown = unknownAmong(sites, parts.operations.siteNames())
      if (unknown !== undefined) return unknown
      const period = periodOf(query, parts.wallNow(), 30 * dayMs, longestMs)
      if (!period.ok) return period.answer
      const { region, kind: kinds, limit } = query
      return json(await parts.history.incidents({ sites, region, kinds, sinceMs: period.sinceMs, untilMs: period.untilMs, limit }))
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/incidents/{id}',
    need: 'read',
    summary: 'All that is kept of one incident: what happened around it, and the checks of its address',
    answers: { 200: 'Story' },
    handle: async ({ parts, param }) => {
      const id = /^\d{1,15}$/.test(param('id')) ? Number(param('id')) : undefined
      const { story, trouble } = id === undefined ? { story: undefined, trouble: null } : await parts.history.story(id)
      if (story !== undefined) return json({ story, trouble })
      // Not to be read is not the same as not to be there.
      if (trouble !== null) return problem({ status: 503, code: 'history-trouble', detail: trouble, headers: { 'retry-after': '5' } })
      return problem({ status: 404, code: 'unknown-incident', detail: 'there is no such incident', advice: 'GET /api/v1/incidents lists them; what is older than history.events is gone' })
    },
  }),
]
