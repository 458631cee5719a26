import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverMissing, titled } from '../system/servers/available.ts'
import { runTool } from '../system/servers/run.ts'
import { startBusyService } from './busy-service.ts'
import { dockerFile, expressionsOfDashboard, readRules } from './expressions.ts'

const missing = serverMissing('promtool')

describe.skipIf(missing !== undefined)(titled('promtool', missing), () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'promtool-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const checkExpressions = async (expressions: readonly string[]): Promise<string> => {
    const file = join(folder, 'expressions.json')
    const rules = expressions.map((expr, n) => ({ record: `expression:${n}`, expr }))
    await writeFile(file, JSON.stringify({ groups: [{ name: 'expressions', rules }] }))
    return runTool('promtool', ['check', 'rules', file])
  }

  it('finds nothing wrong with what we tell', async () => {
    const { body } = await startBusyService().metrics.render()
    expect(await runTool('promtool', ['check', 'metrics'], body)).toBe('')
  })

  it('finds fault where there is one', async () => {
    await expect(runTool('promtool', ['check', 'metrics'], '# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n')).rejects.toThrow('non-counter metrics should not have "_total" suffix')
    await expect(checkExpressions(['sum(a'])).rejects.toThrow('could not parse expression')
  })

  it('takes the alert rules', async () => {
    expect(await runTool('promtool', ['check', 'rules', dockerFile('prometheus/rules.yaml')])).toContain('SUCCESS')
  })

  it('sees each alert fire when it should, and not before', async () => {
    expect(await runTool('promtool', ['test', 'rules', dockerFile('prometheus/rules-test.yaml')])).toContain('SUCCESS')
    const cases = await readFile(dockerFile('prometheus/rules-test.yaml'), 'utf8')
    const untested = (await readRules()).filter(({ alert }) => !cases.includes(`{alertname="${alert}",`))
    expect(untested.map(({ alert }) => alert)).toEqual([])
  })

  it('can read every query of the dashboard', async () => {
    expect(await checkExpressions(await expressionsOfDashboard())).toContain('SUCCESS')
  })
})
