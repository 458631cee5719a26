import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

export const dockerFile = (name: string): string => fileURLToPath(new URL(`../../docker/${name}`, import.meta.url))

const GridPos = z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) })
const Target = z.looseObject({ refId: z.string(), expr: z.string().min(1), datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.literal('${datasource}') }) })
const Panel = z.looseObject({ id: z.int(), type: z.string(), title: z.string().min(1), description: z.string().optional(), gridPos: GridPos, targets: z.array(Target).optional() })
export type Panel = z.infer<typeof Panel>

const Dashboard = z.looseObject({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int().min(38),
  templating: z.object({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
  panels: z.array(Panel),
})
export type Dashboard = z.infer<typeof Dashboard>

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
})

export const readDashboard = async (): Promise<Dashboard> => Dashboard.parse(JSON.parse(await readFile(dockerFile('grafana/dns-failover.json'), 'utf8')))
export const readRules = async (): Promise<readonly z.infer<typeof Rules>['groups'][number]['rules'][number][]> => Rules.parse(parse(await readFile(dockerFile('prometheus/rules.yaml'), 'utf8'))).groups.flatMap(({ rules }) => rules)

/** As Grafana sends them to Prometheus. */
export const expressionsOfDashboard = async (): Promise<readonly string[]> =>
  (await readDashboard()).panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$site', '.*').replaceAll('$__rate_interval', '1m').replaceAll('$__range', '6h')))

export const expressionsOfRules = async (): Promise<readonly string[]> => (await readRules()).map(({ expr }) => expr)

/** The metrics that expressions name; the parts of a histogram count as the histogram. */
export const metricsIn = (expressions: readonly string[]): readonly string[] => {
  const names = expressions.flatMap((each) => each.match(/\b(?:dns_failover|nodejs|process)_\w+/g) ?? [])
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')))]
}
