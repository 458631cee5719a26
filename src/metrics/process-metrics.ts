import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'

/** Gauges whose names end as only a counter's may. */
const misnamed = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total']

/** How the process does, with the lag of its event loop; the library's own, watched for as long as the process lives. */
export const collectProcessMetrics = (registry: Registry, version: string): void => {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const info = new Gauge({ name: 'dns_failover_build_info', help: 'The version that runs; the value is always 1', labelNames: ['version', 'node'], registers: [registry] })
  info.set({ version, node: process.version }, 1)
}
