import type { Registry } from 'prom-client'

const head = /^# HELP .*\n# TYPE .*\n?/

/**
 * Prometheus' text format. Of several registries the first has every metric; what others have of the same name follows
 * under its heading. With many sites this is much work, so it pauses after each metric of each registry.
 */
export const exposition = async (registries: readonly Registry[], pause: () => Promise<void>): Promise<string> => {
  const texts: string[] = []
  for (const { name } of registries[0]?.getMetricsAsArray() ?? []) {
    for (const [at, registry] of registries.entries()) {
      if (registry.getSingleMetric(name) === undefined) continue
      const text = await registry.getSingleMetricAsString(name)
      const part = at === 0 ? text : text.replace(head, '')
      if (part !== '') texts.push(part)
      await pause()
    }
  }
  return `${texts.join('\n')}\n`
}
