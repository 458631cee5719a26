import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LogLevel } from '../../src/compose/log.ts'
import { reconcile } from '../../src/cli/reconcile.ts'
import { ReconcileReport } from '../../src/cli/render/json.ts'
import { makeFolder } from '../store/folder.ts'
import { type Regions, startRegions } from './regions.ts'

interface Bench {
  readonly dir: string
  readonly regions: Regions
  run(options?: { isDryRun?: boolean; site?: string; isColored?: boolean; isJson?: boolean; signal?: AbortSignal }): Promise<{ code: number; stdout: string; stderr: string }>
  report(options?: { isDryRun?: boolean }): Promise<ReconcileReport>
}

const [msk, ams] = ['127.0.0.5', '127.0.0.6']

/** The verb in this process, with an embedded zone whose file is all that lasts from run to run. */
const makeBench = async (): Promise<Bench> => {
  const dir = await makeFolder()
  const regions = await startRegions([msk, ams])
  onTestFinished(() => regions.close())
  // The regions' port is theirs alone on their addresses, so it is most likely free on this one.
  const listen = `127.0.0.4:${regions.port}`
  const config = join(dir, 'dns-failover.yaml')
  const site = (name: string): string => `
  ${name}:
    allowPrivate: true
    regions:
      msk: { service: msk.example.test }
      ams: { addresses: [${ams}] }
    check: { url: "http://{site}:${regions.port}/", fall: 2, rise: 2, confirmSpan: 100ms, timeout: 500ms }`
  await writeFile(
    config,
    `version: 1
providers:
  local: { type: embedded, listen: "${listen}", zone: example.test, records: { msk.example.test: { A: ${msk} } } }
sites:${site('one.example.test')}${site('two.example.test')}
`,
  )
  const run: Bench['run'] = async ({ isDryRun = false, site: only, isColored = false, isJson = false, signal = new AbortController().signal } = {}) => {
    let [stdout, stderr] = ['', '']
    const io = { stdout: (text: string) => void (stdout += text), stderr: (text: string) => void (stderr += text), color: isColored, isWatched: isColored }
    const options = { config, sites: only === undefined ? [] : [only], isDryRun, isJson, checksMs: 10_000, verifyMs: 2000, logLevel: 'warn' satisfies LogLevel as LogLevel }
    const code = await reconcile(options, io, {}, signal)
    return { code, stdout, stderr }
  }
  return {
    dir,
    regions,
    run,
    report: async (options = {}) => ReconcileReport.parse(JSON.parse((await run({ ...options, isJson: true })).stdout)),
  }
}

describe('reconcile with an embedded zone', () => {
  it('brings two sites in line at once, keeps the zone, and plans nothing the second time', async () => {
    const bench = await makeBench()
    const first = await bench.report()
    expect(first.sites.map(({ site, outcome }) => ({ site, outcome }))).toEqual([
      { site: 'one.example.test', outcome: 'applied' },
      { site: 'two.example.test', outcome: 'applied' },
    ])
    expect(first.sites.flatMap(({ verifications }) => verifications.map(({ outcome }) => outcome))).toEqual(['agreed', 'agreed'])
    const second = await bench.report()
    expect(second).toMatchObject({ exitCode: 0, sites: [{ outcome: 'unchanged', changes: [] }, { outcome: 'unchanged', changes: [] }] })
    expect((await readdir(join(bench.dir, 'state', 'lock'))).length).toBe(0)
  })

  it('sees the saved zone in a dry run, and leaves every file as it was', async () => {
    const bench = await makeBench()
    const fresh = await bench.report({ isDryRun: true })
    expect({ exitCode: fresh.exitCode, files: await readdir(bench.dir) }).toEqual({ exitCode: 2, files: ['dns-failover.yaml'] })
    await bench.run()
    const zone = join(bench.dir, 'state', 'zones', 'example.test.json')
    const before = await readFile(zone, 'utf8')
    expect((await bench.report({ isDryRun: true })).exitCode).toBe(0)
    bench.regions.set(ams, 'fail')
    expect((await bench.report({ isDryRun: true })).exitCode).toBe(2)
    expect(await readFile(zone, 'utf8')).toBe(before)
  })

  it('looks only at the sites that it is asked for', async () => {
    const bench = await makeBench()
    const { code, stdout } = await bench.run({ site: 'two.example.test' })
    expect({ code, one: stdout.includes('one.example.test'), two: stdout.includes('two.example.test') }).toEqual({ code: 0, one: false, two: true })
  })

  it('shows colours and progress to people, and takes the progress away again', async () => {
    const bench = await makeBench()
    const { stdout, stderr } = await bench.run({ isColored: true })
    expect(stdout).toContain('\u001B[32mup since ')
    expect(stderr).toMatch(/checking: \d+ checks of [12]\/2 sites so far, at most 10 s left/)
    expect(stderr.endsWith('\r\u001B[K')).toBe(true)
  })

  it('writes nothing when it was aborted before it began', async () => {
    const bench = await makeBench()
    const { code, stdout } = await bench.run({ signal: AbortSignal.abort() })
    expect({ code, isSaid: stdout.includes('interrupted') }).toEqual({ code: 1, isSaid: true })
    expect((await bench.report({ isDryRun: true })).exitCode).toBe(2)
  })
})
