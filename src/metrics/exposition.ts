import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Registry } from 'prom-client'

/** Prometheus' text format, one metric a turn of the event loop: checks go on in between. */
export const exposition = async (registry: Registry): Promise<string> => {
  const texts: string[] = []
  for (const metric of registry.getMetricsAsArray()) {
    texts.push(await registry.getSingleMetricAsString(metric.name))
    await nextTurn()
  }
  return `${texts.join('\n\n')}\n`
}
