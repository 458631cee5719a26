import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { pause, resume } from '../../src/cli/pause.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName } from './operator-bench.ts'

const hour = 3_600_000
const pauseIt = (bench: OperatorBench, options: { isJson?: boolean; sites?: readonly string[] } = {}) =>
  bench.say((io) => pause({ config: bench.config, sites: options.sites ?? [], isJson: options.isJson ?? false, forMs: hour, reason: 'a move' }, io, {}, never))
const resumeIt = (bench: OperatorBench, isJson = false) => bench.say((io) => resume({ config: bench.config, sites: [], isJson }, io, {}, never))

it('keeps everything from being written, while another process holds the lock, until it is resumed', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  const before = await bench.records()
  const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
  if (lock.kind !== 'held') throw new Error('not held')
  onTestFinished(() => lock.release())
  const said = await pauseIt(bench)
  expect(said).toEqual({ code: 0, stderr: expect.stringMatching(/^warning: the state directory .* is in use by dns-failover serve .*; it cannot be asked/), stdout: expect.stringMatching(/^one\.example\.test: paused until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: a move\nChecks go on; nothing is written\./) })
  await lock.release()

  bench.regions.set(amsAddress, 'fail')
  const { exitCode, sites } = await bench.reconcile()
  const [site] = sites
  expect({ exitCode, outcome: site?.outcome, holds: site?.holds.map(({ kind }) => kind) }).toEqual({ exitCode: 3, outcome: 'held', holds: ['paused'] })
  expect(site?.holds[0]?.text).toMatch(/^paused until \S+ by .+: a move; nothing was written\. "dns-failover resume" ends it$/)
  expect(site?.changes.map(({ after, applied }) => ({ after, applied }))).toEqual([{ after: { values: [mskAddress], ttl: 60 }, applied: false }])
  expect(await bench.records()).toEqual(before)
  const text = await bench.reconcileText()
  expect(text.code).toBe(3)
  expect(text.stdout).toContain('one.example.test A: not written\n')
  expect(text.stdout).toContain('  held: paused until ')

  expect(await resumeIt(bench)).toEqual({ code: 0, stderr: '', stdout: 'one.example.test: resumed\n' })
  expect(await resumeIt(bench)).toEqual({ code: 0, stderr: '', stdout: 'one.example.test: was not paused\n' })
  expect((await bench.reconcile()).exitCode).toBe(0)
  expect((await bench.records()).filter((each) => each.includes(' A '))).toEqual([`${siteName} A ${mskAddress}`])
})

it('says it as JSON, with who and until when', async () => {
  const bench = await makeOperatorBench()
  const { code, stdout } = await pauseIt(bench, { isJson: true })
  expect({ code, report: JSON.parse(stdout) }).toEqual({
    code: 0,
    report: { version: 1, exitCode: 0, sites: [{ site: siteName, wasPaused: false, pause: { until: expect.stringMatching(/Z$/), reason: 'a move', by: expect.stringContaining(' on ') } }] },
  })
  const [site] = JSON.parse(stdout).sites
  expect(Math.abs(Date.parse(site.pause.until) - Date.now() - hour)).toBeLessThan(30_000)
  const resumed = await resumeIt(bench, true)
  expect(JSON.parse(resumed.stdout)).toEqual({ version: 1, exitCode: 0, sites: [{ site: siteName, wasPaused: true, pause: null }] })
})

it('knows the site', async () => {
  const bench = await makeOperatorBench()
  expect(await pauseIt(bench, { sites: ['two.example.test'] })).toEqual({
    code: 64,
    stdout: '',
    stderr: expect.stringContaining('there is no site "two.example.test" in the config; did you mean "one.example.test"?'),
  })
})

it('loses a damaged order loudly, and writes', async () => {
  const bench = await makeOperatorBench()
  await pauseIt(bench)
  const file = join(bench.stateDir, 'orders', `${siteName}.json`)
  await writeFile(file, (await readFile(file, 'utf8')).slice(10))
  const { code, stderr } = await bench.reconcileText()
  expect(code).toBe(0)
  expect(stderr).toMatch(/warn +the orders for one\.example\.test in .* cannot be used .* moved to .*\.damaged-.*; a pause in it does not count/)
})
