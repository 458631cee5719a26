import { parseAddress } from '../../core/address.ts'
import type { SiteView } from '../../engine/views.ts'
import { jsonRoute } from '../json-route.ts'
import { noView } from '../no-view.ts'
import { outcomeAnswer } from '../outcome-answer.ts'
import { json, problem, type Route } from '../route.ts'
import { explainQuery } from '../schemas/history-requests.ts'
import { reconcileRequest } from '../schemas/order-requests.ts'

/** Why each address of a site is, or is not, published. */
const explanationOf = ({ site, at, condition, text, regions, others }: SiteView) => ({
  site,
  at,
  condition,
  text,
  addresses: [
    ...regions.flatMap(({ region, addresses }) => addresses.map((address) => ({ region, ...address }))),
    ...others.map((address) => ({ region: null, ...address })),
  ],
})

export const siteRoutes: readonly Route[] = [
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites',
    need: 'read',
    summary: 'All sites and how they do',
    answers: { 200: 'Sites' },
    handle: async ({ parts }) => ({ kind: 'json-list', name: 'sites', items: await parts.operations.sites() }),
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}',
    need: 'read',
    summary: 'One site and how it does',
    answers: { 200: 'Site' },
    handle: ({ parts, param }) => {
      const view = parts.operations.site(param('site'))
      return view === undefined ? noView(parts.operations, param('site')) : json(view)
    },
  }),
  jsonRoute({
    method: 'GET',
    path: '/api/v1/sites/{site}/explain',
    need: 'read',
    summary: 'Why each address is, or is not, published',
    query: explainQuery,
    answers: { 200: 'Explanation' },
    handle: ({ parts, param, query }) => {
      const view = parts.operations.site(param('site'))
      if (view === undefined) return noView(parts.operations, param('site'))
      const explanation = explanationOf(view)
      if (query.address === undefined) return json(explanation)
      const wanted = parseAddress(query.address)
      const addresses = explanation.addresses.filter(({ address }) => address === wanted)
      if (addresses.length > 0) return json({ ...explanation, addresses })
      const known = explanation.addresses.map(({ address }) => address)
      return problem({
        status: 404,
        code: 'unknown-address',
        detail: `the site ${view.site} has no such address`,
        advice: known.length === 0 ? 'it has none yet' : `it has ${known.slice(0, 20).join(', ')}`,
      })
    },
  }),
  jsonRoute({
    method: 'POST',
    path: '/api/v1/sites/{site}/reconcile',
    need: 'operate',
    summary: 'Reads, checks and decides now; a dry run only plans on what is known',
    body: reconcileRequest,
    answers: { 200: 'Plan' },
    handle: async ({ parts, param, body, actor, signal }) =>
      outcomeAnswer(await parts.operations.reconcile(param('site'), { isDryRun: body.dryRun }, actor, signal)),
  }),
]
