import { jsonRoute } from '../json-route.ts'
import { json, problem, type Route } from '../route.ts'
import { alertTestRequest } from '../schemas/order-requests.ts'

export const alertRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: '/api/v1/alerts/test',
    need: 'operate',
    summary: 'Sends a test to one alert target, or to all',
    body: alertTestRequest,
    answers: { 200: 'AlertTest' },
    handle: async ({ parts, body }) => {
      const results = await parts.testAlert(body.name)
      return results.length === 0 && body.name !== undefined
        ? problem({ status: 404, code: 'unknown-alert', detail: 'there is no such alert target', advice: 'it must be a name under alerts in the config' })
        : json({ results })
    },
  }),
]
