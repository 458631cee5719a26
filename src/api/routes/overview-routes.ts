import { jsonRoute } from '../json-route.ts'
import { noView } from '../no-view.ts'
import { outcomeAnswer } from '../outcome-answer.ts'
import { json, type Route } from '../route.ts'

/** What a dashboard shows besides the sites themselves. */
export const overviewRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/v1/overview',
    need: 'read',
    summary: 'All sites, each in a line',
    answers: { 200: 'Overview' },
    handle: async ({ parts }) => json(await parts.operations.overview()),
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/summary',
    need: 'read',
    summary: 'One site in a line',
    answers: { 200: 'SiteSummary' },
    handle: ({ parts, param }) => {
      const summary = parts.operations.summary(param('site'))
      return summary === undefined ? noView(parts.operations, param('site')) : json(summary)
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/results',
    need: 'read',
    summary: 'What the last 60 checks of each address saw, since the service started',
    answers: { 200: 'Results' },
    handle: ({ parts, param }) => {
      const results = parts.operations.results(param('site'))
      return results === undefined ? noView(parts.operations, param('site')) : json(results)
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/answers',
    need: 'read',
    summary: 'What each authoritative server answers, asked now and within two seconds',
    answers: { 200: 'Answers' },
    handle: async ({ parts, param }) => outcomeAnswer(await parts.operations.answers(param('site'))),
  }),
]
