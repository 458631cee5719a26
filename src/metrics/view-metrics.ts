import { Gauge, type Registry } from 'prom-client'
import type { SiteView } from '../engine/views.ts'
import { siteGauges } from './site-gauges.ts'

/** How a site's loop stands: milliseconds since it last went round; undefined while it waits to begin anew after a fault. */
export interface LoopPulse {
  readonly site: string
  readonly sinceMs: number | undefined
}

/** Sets every gauge to what is now. Each is a step of its own: with many sites they take long enough to be spread. */
export const createViewMetrics = (registry: Registry): ((views: readonly SiteView[], pulses: readonly LoopPulse[]) => readonly (() => void)[]) => {
  const registers = [registry]
  const sites = new Gauge({ name: 'dns_failover_sites', help: 'Sites that are watched', registers })
  const loopAge = new Gauge({ name: 'dns_failover_loop_age_seconds', help: 'How long ago the loop of a site last went round, every second if all is well; no series while it waits to begin anew after a fault', labelNames: ['site'], registers })
  const gauges = siteGauges.map((definition) => ({ definition, gauge: new Gauge({ name: definition.name, help: definition.help, labelNames: [...definition.labels], registers }) }))

  return (views, pulses) => [
    () => {
      sites.set(views.length)
      loopAge.reset()
      for (const { site, sinceMs } of pulses) if (sinceMs !== undefined) loopAge.set({ site }, sinceMs / 1000)
    },
    ...gauges.map(({ definition, gauge }) => () => {
      gauge.reset()
      for (const view of views) for (const { labels, value } of definition.samples(view)) gauge.set(labels, value)
    }),
  ]
}
