import { Registry } from 'prom-client'
import type { EngineEvent } from '../engine/events.ts'
import type { SiteView } from '../engine/views.ts'
import { createEventMetrics } from './event-metrics.ts'
import { exposition } from './exposition.ts'
import { createPauses } from './pauses.ts'
import { presenceIn } from './presence.ts'
import { collectProcessMetrics } from './process-metrics.ts'
import { createServiceMetrics, type ServiceMetrics } from './service-metrics.ts'
import { createSiteSeries } from './site-series.ts'
import { createViewMetrics, type LoopPulse } from './view-metrics.ts'

export interface MetricsOptions {
  readonly version: string
  views(): readonly SiteView[] | Promise<readonly SiteView[]>
  pulses(): readonly LoopPulse[]
  /** Of the providers that count. */
  requestsLeft?(): readonly { readonly provider: string; readonly left: number }[]
  /** Engine milliseconds. */
  now(): number
  /** Milliseconds since the epoch. */
  wallNow(): number
}

/** What this program tells Prometheus of itself. One a process, for it watches the process too. */
export interface Metrics extends Omit<ServiceMetrics, 'requestsLeft'> {
  event(event: EngineEvent): void
  /** What was counted of a site that is watched no more. */
  forget(site: string): void
  /** The text that Prometheus fetches. Made anew at most once a second, however many ask. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>
}

/** Milliseconds. */
const freshMs = 1000
/** With a thousand sites the largest metric has 60,000 lines; in so many parts none takes longer than checks can wait. */
const shards = 16

export const createMetrics = (options: MetricsOptions): Metrics => {
  const { now, wallNow } = options
  const registry = new Registry()
  collectProcessMetrics(registry, options.version)
  const setGauges = createViewMetrics(registry)
  const registries = [registry, ...Array.from({ length: shards - 1 }, () => new Registry())] as const
  const series = createSiteSeries(registries, now)
  const events = createEventMetrics(registry, series, now, wallNow)
  const { requestsLeft, ...service } = createServiceMetrics(registry)

  const renderNow = async (): Promise<string> => {
    const views = await options.views()
    const pause = createPauses(now)
    series.prune(presenceIn(views))
    requestsLeft(options.requestsLeft?.() ?? [])
    for (const set of setGauges(views, options.pulses())) {
      set()
      await pause()
    }
    return exposition(registries, pause)
  }

  let latest: { readonly body: Promise<string>; readonly isUsable: () => boolean } | undefined
  const body = (): Promise<string> => {
    if (latest?.isUsable() === true) return latest.body
    let doneAt: number | undefined
    const made = renderNow().finally(() => {
      doneAt = now()
    })
    latest = { body: made, isUsable: () => doneAt === undefined || now() - doneAt < freshMs }
    return made
  }

  return {
    ...service,
    event: events.event,
    forget: (site) => {
      events.forget(site)
      series.forget(site)
    },
    render: async () => ({ contentType: registry.contentType, body: await body() }),
  }
}
