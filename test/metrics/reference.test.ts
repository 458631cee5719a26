import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { startBusyService } from './busy-service.ts'
import { expressionsOfDashboard, expressionsOfRules, metricsIn } from './expressions.ts'
import { describedIn, metricsReference } from './metrics-reference.ts'

const { body } = await startBusyService().metrics.render()
const described = describedIn(body)
const own = described.map(({ name }) => name).filter((name) => name.startsWith('dns_failover_'))
const used = metricsIn([...(await expressionsOfDashboard()), ...(await expressionsOfRules())])

it('has a series of every metric of ours in the render that the others go by', () => {
  const empty = own.filter((name) => !new RegExp(`^${name}(?:_count)?(?:\\{| )`, 'm').test(body))
  expect(empty).toEqual([])
})

it('tells every metric that the dashboard and the alerts look at', () => {
  expect(used.filter((name) => !described.some((each) => each.name === name))).toEqual([])
})

it('has every metric of ours on the dashboard or in an alert', () => {
  expect(own.filter((name) => !used.includes(name))).toEqual([])
})

it('names metrics by unit and kind', () => {
  const wrong = described.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter') || /_(?:ms|millis|minutes|days|kb)\b/.test(name))
  expect(wrong).toEqual([])
})

it('makes the table of the README (to a file: WRITE_METRICS_REFERENCE=FILE npx vitest run test/metrics/reference.test.ts)', async () => {
  const reference = metricsReference(body)
  const file = process.env['WRITE_METRICS_REFERENCE']
  if (file !== undefined) {
    await writeFile(file, reference)
    expect(await readFile(file, 'utf8')).toBe(reference)
  }
  expect(reference).toContain('| `dns_failover_checks_total` | counter | site, region, address, result, cause | Health checks by what they saw; ')
  expect(reference.split('\n')).toHaveLength(own.length + 3)
})
