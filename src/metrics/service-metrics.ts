import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { createBoundedLabel } from './bounded-label.ts'
import { answerBuckets } from './buckets.ts'

const providerOutcomes = ['ok', 'auth', 'rate-limited', 'unavailable', 'rejected', 'conflict'] as const

export interface ProviderCall {
  /** The config's name. */
  readonly provider: string
  readonly operation: 'read' | 'apply' | 'zone'
  readonly outcome: (typeof providerOutcomes)[number]
  readonly ms: number
}

export interface WebhookCall {
  /** The config's name of the source. */
  readonly source: string
  /** `accepted`, or the code by which it was refused. */
  readonly outcome: string
}

export interface ServedRequest {
  /** The route's pattern, such as `/api/v1/sites/{site}`, never the path itself. */
  readonly route: string
  readonly method: string
  readonly status: number
  readonly ms: number
}

const alertOutcomes = ['sent', 'failed', 'dropped'] as const

export interface SentAlert {
  /** The config's name of the target. */
  readonly target: string
  /** failed: given up. dropped: never tried, there was no room. */
  readonly outcome: (typeof alertOutcomes)[number]
}

export interface ServiceMetrics {
  providerCall(call: ProviderCall): void
  webhook(call: WebhookCall): void
  request(request: ServedRequest): void
  alert(alert: SentAlert): void
  requestsLeft(all: readonly { readonly provider: string; readonly left: number }[]): void
}

/** What is not of one site: providers, the API, the monitors that call in and the alerts that go out. */
export const createServiceMetrics = (registry: Registry): ServiceMetrics => {
  const registers = [registry]
  const calls = new Counter({ name: 'dns_failover_provider_calls_total', help: "Calls of a provider's API by what came of them", labelNames: ['provider', 'operation', 'outcome'], registers })
  const callSeconds = new Histogram({ name: 'dns_failover_provider_call_duration_seconds', help: "How long calls of a provider's API took", labelNames: ['provider', 'operation'], buckets: [...answerBuckets], registers })
  const left = new Gauge({ name: 'dns_failover_provider_requests_left', help: "Requests that are left in a provider's budget", labelNames: ['provider'], registers })
  const webhooks = new Counter({ name: 'dns_failover_webhooks_total', help: 'Health webhooks by what came of them: accepted, or the code by which they were refused', labelNames: ['source', 'outcome'], registers })
  const alerts = new Counter({ name: 'dns_failover_alerts_total', help: 'Alerts by target and by whether they were sent', labelNames: ['target', 'outcome'], registers })
  const requests = new Counter({ name: 'dns_failover_http_requests_total', help: 'Requests to the HTTP API by route and status', labelNames: ['route', 'method', 'status'], registers })
  const requestSeconds = new Histogram({ name: 'dns_failover_http_request_duration_seconds', help: 'How long the HTTP API took to answer', labelNames: ['route'], buckets: [...answerBuckets], registers })

  const bounded = {
    source: createBoundedLabel(100),
    outcome: createBoundedLabel(50),
    route: createBoundedLabel(100),
    method: createBoundedLabel(10),
  }
  // A series that begins at 1 has no increase that an alert could see, so each begins at 0.
  const begun = new Set<string>()
  const isFirst = (...labels: readonly string[]): boolean => {
    const key = labels.join('\0')
    return !begun.has(key) && begun.add(key) !== undefined
  }

  return {
    providerCall: ({ provider, operation, outcome, ms }) => {
      if (isFirst('provider', provider, operation)) for (const each of providerOutcomes) calls.inc({ provider, operation, outcome: each }, 0)
      calls.inc({ provider, operation, outcome })
      callSeconds.observe({ provider, operation }, ms / 1000)
    },
    webhook: ({ source, outcome }) => webhooks.inc({ source: bounded.source(source), outcome: bounded.outcome(outcome) }),
    request: ({ route, method, status, ms }) => {
      const known = bounded.route(route)
      requests.inc({ route: known, method: bounded.method(method), status: String(status) })
      requestSeconds.observe({ route: known }, ms / 1000)
    },
    alert: ({ target, outcome }) => {
      if (isFirst('alert', target)) for (const each of alertOutcomes) alerts.inc({ target, outcome: each }, 0)
      alerts.inc({ target, outcome })
    },
    requestsLeft: (all) => {
      left.reset()
      for (const each of all) left.set({ provider: each.provider }, each.left)
    },
  }
}
