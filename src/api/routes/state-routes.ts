import { json, type Route } from '../route.ts'
import { jsonRoute } from '../json-route.ts'

/** For supervisors, which have no token: how it does, and no names. */
export const stateRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/healthz',
    need: 'nothing',
    summary: 'Whether every loop goes round',
    answers: { 200: 'Health', 503: 'Health' },
    isUnlimited: true,
    handle: ({ parts }) => {
      const { ok, sites } = parts.operations.health()
      return json({ ok, sites: sites.length, failing: sites.filter((each) => !each.ok).length }, ok ? 200 : 503)
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/readyz',
    need: 'nothing',
    summary: 'Whether every site has been read and decided at least once since the start',
    answers: { 200: 'Readiness', 503: 'Readiness' },
    isUnlimited: true,
    handle: ({ parts }) => {
      const { ok, waiting } = parts.operations.readiness()
      return json({ ok, waiting: waiting.length }, ok ? 200 : 503)
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/metrics',
    need: 'read',
    summary: 'Metrics in the format of Prometheus',
    answers: {},
    otherContent: ['text/plain'],
    handle: async ({ parts }) => {
      const { contentType, body } = await parts.metrics()
      return { kind: 'text', contentType, text: body }
    },
  }),
]
