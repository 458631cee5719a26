import { jsonRoute } from '../json-route.ts'
import { outcomeAnswer } from '../outcome-answer.ts'
import type { Route } from '../route.ts'
import { drainRequest, dryRunQuery, forceRequest, pauseRequest, repointRequest } from '../schemas/order-requests.ts'

const region = '/api/v1/sites/{site}/regions/{region}'
const site = '/api/v1/sites/{site}'

/** POST gives an order, DELETE takes it back. */
export const orderRoutes: readonly Route[] = [
  jsonRoute({
    method: 'POST',
    path: `${region}/drain`,
    need: 'operate',
    summary: 'Takes a region out for a while',
    body: drainRequest,
    answers: { 200: 'Order' },
    handle: async ({ parts, param, body, actor, signal }) => {
      const order = { region: param('region'), forMs: body.for, reason: body.reason, isForced: body.force, isDryRun: body.dryRun }
      return outcomeAnswer(await parts.operations.drain(param('site'), order, actor, signal))
    },
  }),
  jsonRoute({
    method: 'DELETE',
    path: `${region}/drain`,
    need: 'operate',
    summary: 'Ends a drain, or the planned window that lasts now',
    query: dryRunQuery,
    answers: { 200: 'Order' },
    handle: async ({ parts, param, query, actor, signal }) =>
      outcomeAnswer(await parts.operations.undrain(param('site'), { region: param('region'), isDryRun: query.dryRun }, actor, signal)),
  }),
  jsonRoute({
    method: 'POST',
    path: `${region}/force`,
    need: 'operate',
    summary: 'Publishes or withholds a region whatever the checks say',
    body: forceRequest,
    answers: { 200: 'Order' },
    handle: async ({ parts, param, body, actor, signal }) => {
      const order = { region: param('region'), to: body.to, forMs: body.for, reason: body.reason, isDryRun: body.dryRun }
      return outcomeAnswer(await parts.operations.force(param('site'), order, actor, signal))
    },
  }),
  jsonRoute({
    method: 'DELETE',
    path: `${region}/force`,
    need: 'operate',
    summary: 'Lets the checks decide again',
    query: dryRunQuery,
    answers: { 200: 'Order' },
    handle: async ({ parts, param, query, actor, signal }) =>
      outcomeAnswer(await parts.operations.unforce(param('site'), { region: param('region'), isDryRun: query.dryRun }, actor, signal)),
  }),
  jsonRoute({
    method: 'POST',
    path: `${region}/repoint`,
    need: 'operate',
    summary: "Points a region's service subdomain at a replacement",
    body: repointRequest,
    answers: { 200: 'Repoint' },
    handle: async ({ parts, param, body, actor, signal }) => {
      const order = {
        region: param('region'),
        addresses: body.addresses,
        keepsOtherFamily: body.keepOtherFamily,
        isUnchecked: body.unchecked,
        reason: body.reason,
        isDryRun: body.dryRun,
      }
      return outcomeAnswer(await parts.operations.repoint(param('site'), order, actor, signal))
    },
  }),
  jsonRoute({
    method: 'POST',
    path: `${site}/pause`,
    need: 'operate',
    summary: 'Everything goes on, but nothing is written',
    body: pauseRequest,
    answers: { 200: 'Site' },
    handle: async ({ parts, param, body, actor, signal }) =>
      outcomeAnswer(await parts.operations.pause(param('site'), { forMs: body.for, reason: body.reason }, actor, signal)),
  }),
  jsonRoute({
    method: 'DELETE',
    path: `${site}/pause`,
    need: 'operate',
    summary: 'Ends a pause',
    answers: { 200: 'Site' },
    handle: async ({ parts, param, actor, signal }) => outcomeAnswer(await parts.operations.resume(param('site'), actor, signal)),
  }),
]
