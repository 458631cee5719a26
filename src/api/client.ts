import type { z } from 'zod'
import type { ReportView } from '../engine/history-port.ts'
import type { OrderView, PlanView, RepointView, SiteView } from '../engine/views.ts'
import { eventQueryText, type Followed, followEvents, type FollowQuery } from './client/follow-events.ts'
import { type ApiAnswer, type ApiTarget, ask, askFor, connectionTo } from './client/request-answer.ts'
import { alertTestSchema, explanationSchema, healthSchema, readinessSchema, sitesSchema } from './schemas/answer-schemas.ts'
import { eventPageSchema, reportSchema } from './schemas/history-schema.ts'
import { orderSchema, planSchema, repointSchema } from './schemas/plan-schema.ts'
import type { alertTestRequest, drainRequest, forceRequest, pauseRequest, reconcileRequest, repointRequest } from './schemas/order-requests.ts'
import { siteSchema } from './schemas/site-schema.ts'

export type { ApiAnswer, ApiTarget } from './client/request-answer.ts'
export type { Followed, FollowQuery } from './client/follow-events.ts'

type Explanation = z.infer<typeof explanationSchema>
type EventPage = z.infer<typeof eventPageSchema>

export interface EventPageQuery extends FollowQuery {
  /** ISO 8601, or how long ago: `24h`. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** The HTTP API, as a program has it. No method rejects but for the reason of its signal. */
export interface ApiClient {
  health(signal: AbortSignal): Promise<ApiAnswer<z.infer<typeof healthSchema>>>
  readiness(signal: AbortSignal): Promise<ApiAnswer<z.infer<typeof readinessSchema>>>
  metrics(signal: AbortSignal): Promise<ApiAnswer<string>>
  sites(signal: AbortSignal): Promise<ApiAnswer<readonly SiteView[]>>
  site(site: string, signal: AbortSignal): Promise<ApiAnswer<SiteView>>
  explain(site: string, address: string | undefined, signal: AbortSignal): Promise<ApiAnswer<Explanation>>
  reconcile(site: string, order: z.input<typeof reconcileRequest>, signal: AbortSignal): Promise<ApiAnswer<PlanView>>
  drain(site: string, region: string, order: z.input<typeof drainRequest>, signal: AbortSignal): Promise<ApiAnswer<OrderView>>
  undrain(site: string, region: string, order: { readonly dryRun?: boolean }, signal: AbortSignal): Promise<ApiAnswer<OrderView>>
  force(site: string, region: string, order: z.input<typeof forceRequest>, signal: AbortSignal): Promise<ApiAnswer<OrderView>>
  unforce(site: string, region: string, order: { readonly dryRun?: boolean }, signal: AbortSignal): Promise<ApiAnswer<OrderView>>
  repoint(site: string, region: string, order: z.input<typeof repointRequest>, signal: AbortSignal): Promise<ApiAnswer<RepointView>>
  pause(site: string, order: z.input<typeof pauseRequest>, signal: AbortSignal): Promise<ApiAnswer<SiteView>>
  resume(site: string, signal: AbortSignal): Promise<ApiAnswer<SiteView>>
  events(query: EventPageQuery, signal: AbortSignal): Promise<ApiAnswer<EventPage>>
  follow(query: FollowQuery, signal: AbortSignal): AsyncIterable<Followed>
  report(query: { readonly since?: string | undefined; readonly until?: string | undefined; readonly sites?: readonly string[] | undefined }, signal: AbortSignal): Promise<ApiAnswer<ReportView>>
  testAlert(order: z.input<typeof alertTestRequest>, signal: AbortSignal): Promise<ApiAnswer<z.infer<typeof alertTestSchema>['results']>>
  close(): Promise<void>
}

const siteAt = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`
const regionAt = (site: string, region: string): string => `${siteAt(site)}/regions/${encodeURIComponent(region)}`
const dryRunText = ({ dryRun }: { readonly dryRun?: boolean }): string => (dryRun === true ? '?dryRun=true' : '')

const numberText = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value))

const queryText = (all: Readonly<Record<string, string | undefined>>): string => eventQueryText({}, all)

const map = <T, U>(answer: ApiAnswer<T>, change: (value: T) => U): ApiAnswer<U> => (answer.kind === 'done' ? { kind: 'done', value: change(answer.value) } : answer)

export const createApiClient = (target: ApiTarget): ApiClient => {
  const connection = connectionTo(target)
  const get = <T>(schema: z.ZodType<T>, path: string, signal: AbortSignal, statuses: readonly number[] = []) => askFor(connection, schema, { method: 'GET', path, statuses }, signal)
  const post = <T>(schema: z.ZodType<T>, path: string, body: unknown, signal: AbortSignal) => askFor(connection, schema, { method: 'POST', path, body }, signal)
  const remove = <T>(schema: z.ZodType<T>, path: string, signal: AbortSignal) => askFor(connection, schema, { method: 'DELETE', path }, signal)
  return {
    health: (signal) => get(healthSchema, '/healthz', signal, [503]),
    readiness: (signal) => get(readinessSchema, '/readyz', signal, [503]),
    metrics: (signal) => ask(connection, { method: 'GET', path: '/metrics' }, signal),
    sites: async (signal) => map(await get(sitesSchema, '/api/v1/sites', signal), ({ sites }) => sites),
    site: (site, signal) => get(siteSchema, siteAt(site), signal),
    explain: (site, address, signal) => get(explanationSchema, `${siteAt(site)}/explain${queryText({ address })}`, signal),
    reconcile: (site, order, signal) => post(planSchema, `${siteAt(site)}/reconcile`, order, signal),
    drain: (site, region, order, signal) => post(orderSchema, `${regionAt(site, region)}/drain`, order, signal),
    undrain: (site, region, order, signal) => remove(orderSchema, `${regionAt(site, region)}/drain${dryRunText(order)}`, signal),
    force: (site, region, order, signal) => post(orderSchema, `${regionAt(site, region)}/force`, order, signal),
    unforce: (site, region, order, signal) => remove(orderSchema, `${regionAt(site, region)}/force${dryRunText(order)}`, signal),
    repoint: (site, region, order, signal) => post(repointSchema, `${regionAt(site, region)}/repoint`, order, signal),
    pause: (site, order, signal) => post(siteSchema, `${siteAt(site)}/pause`, order, signal),
    resume: (site, signal) => remove(siteSchema, `${siteAt(site)}/pause`, signal),
    events: ({ since, until, before, limit, ...query }, signal) =>
      get(eventPageSchema, `/api/v1/events${eventQueryText(query, { since, until, before: numberText(before), limit: numberText(limit) })}`, signal),
    follow: (query, signal) => followEvents(connection, query, signal),
    report: ({ since, until, sites }, signal) => get(reportSchema, `/api/v1/report${queryText({ since, until, site: sites?.join(',') })}`, signal),
    testAlert: async (order, signal) => map(await post(alertTestSchema, '/api/v1/alerts/test', order, signal), ({ results }) => results),
    close: () => connection.agent.destroy(),
  }
}
