import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reconcile } from '../../src/cli/reconcile.ts'
import { ReconcileReport } from '../../src/cli/render/json.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, type Said, siteName } from './operator-bench.ts'

const reportOf = async (bench: OperatorBench): Promise<ReconcileReport['sites'][number] & { readonly exitCode: number }> => {
  const { exitCode, sites } = await bench.reconcile()
  if (sites[0] === undefined) throw new Error('no report')
  return { ...sites[0], exitCode }
}

const runJson = (bench: OperatorBench, checksMs?: number): Promise<Said> =>
  bench.say((io) => reconcile({ config: bench.config, sites: [], isDryRun: false, isJson: true, checksMs, verifyMs: 2000, logLevel: 'warn' }, { ...io, isWatched: false }, {}, never))

describe('what is said when nothing serves', () => {
  it('holds a name that is not made because nothing is up, and does not call it open', async () => {
    const bench = await makeOperatorBench()
    bench.regions.set(mskAddress, 'fail')
    bench.regions.set(amsAddress, 'fail')
    const { exitCode, modes, holds } = await reportOf(bench)
    expect({ exitCode, modes, holds }).toEqual({
      exitCode: 3,
      modes: [
        { name: siteName, type: 'A', mode: 'no-record-yet' },
        { name: siteName, type: 'AAAA', mode: 'normal' },
      ],
      holds: [{ kind: 'no-record-yet', address: null, text: `${siteName} A is not made: nothing is up that it could lead to; heal a region, or correct the check` }],
    })
    const { code, stdout } = await bench.reconcileText()
    expect({ code, isOpen: stdout.includes('fails open'), held: stdout.split('\n').filter((line) => line.includes('is not made')).length }).toEqual({ code: 3, isOpen: false, held: 1 })
  })

  it('holds a site that fails closed', async () => {
    const bench = await makeOperatorBench((config) => config.replace('allowPrivate: true', 'allowPrivate: true\n    failOpen: none'))
    await bench.reconcile()
    bench.regions.set(mskAddress, 'fail')
    bench.regions.set(amsAddress, 'fail')
    const { exitCode, holds } = await reportOf(bench)
    expect({ exitCode, kinds: holds.map(({ kind }) => kind) }).toEqual({ exitCode: 3, kinds: expect.arrayContaining(['fail-closed']) })
  })

  it('is fine with one region withdrawn while another serves', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    bench.regions.set(amsAddress, 'fail')
    const { exitCode, outcome, holds } = await reportOf(bench)
    expect({ exitCode, outcome, holds }).toEqual({ exitCode: 0, outcome: 'applied', holds: [] })
  })
})

describe('a region that cannot be published', () => {
  it('is held, with what to do', async () => {
    const bench = await makeOperatorBench((config) => config.replace(`{ A: ${mskAddress} }`, '{ A: 0.0.0.0 }'))
    const { exitCode, holds } = await reportOf(bench)
    expect({ exitCode, holds }).toEqual({
      exitCode: 3,
      holds: [{ kind: 'unpublishable', address: null, text: 'region msk leads only to 0.0.0.0 (unspecified), which may not be published; correct the records of msk.example.test' }],
    })
  })

  it('is told of allowPrivate where that would do', async () => {
    const bench = await makeOperatorBench((config) => config.replace('    allowPrivate: true\n', '').replace(`      ams: { addresses: [${amsAddress}] }\n`, ''))
    const { holds } = await reportOf(bench)
    expect(holds.map(({ text }) => text)).toEqual([
      `region msk leads only to ${mskAddress} (loopback), which may not be published; correct the records of msk.example.test, or set "allowPrivate: true" if that is meant`,
    ])
  })

  it('is a warning while it has never passed, and nobody is sent there', async () => {
    const bench = await makeOperatorBench()
    bench.regions.set(amsAddress, 'fail')
    const { exitCode, holds, warnings } = await reportOf(bench)
    expect({ exitCode, holds, warnings }).toEqual({
      exitCode: 0,
      holds: [],
      warnings: [{ kind: 'never-passed', text: `region ams is not published: ${amsAddress} never passed this check; correct the server, or the check` }],
    })
    expect((await bench.reconcileText()).stdout).toContain(`  warning: region ams is not published: ${amsAddress} never passed this check`)
  })

  it('has no last known addresses that could stay, if none was ever known', async () => {
    const bench = await makeOperatorBench((config) => config.replace('msk: { service: msk.example.test }', 'msk: { service: nowhere.example.test }'))
    const { exitCode, holds } = await reportOf(bench)
    expect({ exitCode, holds }).toEqual({
      exitCode: 3,
      holds: [{ kind: 'unresolved', address: null, text: 'region msk cannot be resolved, and no address of it is known: nowhere.example.test does not exist (NXDOMAIN)' }],
    })
  })
})

describe('what was done is told in any case', () => {
  it('says that the state could not be saved, and exits 3', async () => {
    const bench = await makeOperatorBench()
    await mkdir(join(bench.stateDir, 'sites', `${siteName}.json.new`), { recursive: true })
    const { exitCode, outcome, holds, changes } = await reportOf(bench)
    expect({ exitCode, outcome, holds, applied: changes.map(({ applied }) => applied) }).toEqual({
      exitCode: 3,
      outcome: 'held',
      holds: [{ kind: 'state-not-saved', address: null, text: expect.stringMatching(/^what this run has learned could not be saved: cannot save the state of one\.example\.test in .*EISDIR/) }],
      applied: [true],
    })
  })

  it('prints one result although the lock cannot be released', async () => {
    const bench = await makeOperatorBench()
    const running = runJson(bench)
    await bench.regions.nextRequest()
    const holder = join(bench.stateDir, 'lock', 'holder.json')
    await rm(holder)
    await mkdir(holder)
    const { code, stdout, stderr } = await running
    const report = ReconcileReport.parse(JSON.parse(stdout))
    expect({ code, outcomes: report.sites.map(({ outcome }) => outcome), isSaid: stderr.includes('cannot release the lock') }).toEqual({ code: 0, outcomes: ['applied'], isSaid: true })
  })

  it('says to whom the lock was lost, and claims nothing else', async () => {
    const bench = await makeOperatorBench((config) => config.replace('timeout: 500ms', 'timeout: 30s'))
    bench.regions.set(mskAddress, 'hang')
    bench.regions.set(amsAddress, 'hang')
    const running = runJson(bench)
    await bench.regions.nextRequest()
    const holder = join(bench.stateDir, 'lock', 'holder.json')
    const mine = JSON.parse(await readFile(holder, 'utf8'))
    await writeFile(holder, JSON.stringify({ ...mine, nonce: 'a-thief', command: 'dns-failover serve', pid: 1 }))
    const { code, stdout, stderr } = await running
    const { sites, error } = ReconcileReport.parse(JSON.parse(stdout))
    expect({ code, error, sites: sites.map(({ outcome, holds, unresolved, error: why }) => ({ outcome, holds, unresolved, why })) }).toEqual({
      code: 1,
      error: expect.objectContaining({ code: 'lock-lost', message: expect.stringContaining('was lost to dns-failover serve (process 1 on '), holder: expect.objectContaining({ pid: 1 }) }),
      sites: [{ outcome: 'interrupted', holds: [], unresolved: [], why: undefined }],
    })
    expect(stderr).not.toMatch(/does not answer now|MaxListeners/)
  })

  it('warns of a time that is too short before it is waited for', async () => {
    const bench = await makeOperatorBench()
    const { stdout, stderr } = await runJson(bench, 700)
    expect(stderr).toContain(`warning: ${siteName}: a verdict on an address that does not answer needs 0.8 s, --timeout is 0.7 s\n`)
    expect(ReconcileReport.parse(JSON.parse(stdout)).sites[0]?.warnings).toEqual([{ kind: 'timeout', text: 'a verdict on an address that does not answer needs 0.8 s, --timeout is 0.7 s' }])
  })
})
