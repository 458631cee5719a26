import { jsonRoute } from '../json-route.ts'
import { json, problem, type Route } from '../route.ts'

/** What visitors may see. A site without a status page is like one that is not there. */
export const statusRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/v1/status/{site}',
    need: 'nothing',
    summary: "A site's public status, where its status page is on",
    answers: { 200: 'PublicStatus' },
    handle: async ({ statuses, param }) => {
      const status = await statuses.of(param('site'))
      return status === undefined ? problem({ status: 404, code: 'no-status-page', detail: 'there is no status page of this name' }) : json(status)
    },
  }),
]
