import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { explain, type ExplainOptions } from '../../src/cli/explain.ts'
import { drain } from '../../src/cli/drain.ts'
import { force } from '../../src/cli/force.ts'
import { pause } from '../../src/cli/pause.ts'
import type { ExplainReport } from '../../src/cli/render/explain-report.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName, strangerAddress } from './operator-bench.ts'

const explainIt = (bench: OperatorBench, options: Partial<ExplainOptions> = {}) =>
  bench.say((io) => explain({ config: bench.config, sites: [], isJson: false, address: undefined, isChecked: false, checksMs: 10_000, ...options }, io, {}, never))
const reportOf = async (bench: OperatorBench, options: Partial<ExplainOptions> = {}): Promise<ExplainReport & { exitCode: number }> => JSON.parse((await explainIt(bench, { ...options, isJson: true })).stdout)

const steady = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME').replaceAll(/\d+ s\b/g, 'N s').replaceAll(/\d+ failed/g, 'N failed')

it('says by which rule and since when, from what was written down', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  bench.regions.set(amsAddress, 'fail')
  await bench.reconcile()
  const before = await bench.records()
  const { code, stdout, stderr } = await explainIt(bench)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(steady(stdout)).toBe(
    [
      'one.example.test (by the state directory, last checked N s ago; --check checks now)',
      '  127.0.0.5  region msk, marked as ours',
      '    published in one.example.test A',
      '      rule up: up',
      '    up since TIME (N s); last checked N s ago',
      '  127.0.0.6  region ams',
      '    withheld from one.example.test A',
      '      rule down: status (status 500, expected 200-299), N failed checks while msk (127.0.0.5) answered; withdrawn at TIME',
      '    down since TIME (N s); N failed checks, the latest status (status 500, expected 200-299); last checked N s ago',
      '',
    ].join('\n'),
  )
  expect(await bench.records()).toEqual(before)
})

it('says that without a service or a check it does not know who serves old content', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  expect((await explainIt(bench)).stdout).not.toContain('note')
  const config = await readFile(bench.config, 'utf8')
  await writeFile(bench.config, config.replace(/^( *)check:/m, '$1replication: { root: /srv/www }\n$1check:'))
  const note = 'no heartbeats were looked at: whether a region serves old content is told by the service that runs, and by --check'
  expect((await explainIt(bench)).stdout).toContain(`; --check checks now)\n  note: ${note}\n`)
  expect((await reportOf(bench)).sites.map((site) => site.note)).toEqual([note])
  expect((await reportOf(bench, { isChecked: true, checksMs: 5_000 })).sites.map((site) => site.note)).toEqual([undefined])
})

it('tells what is to be done but was not, and what nobody configured', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  await bench.say((io) => pause({ config: bench.config, sites: [], isJson: false, forMs: 60_000, reason: 'a move' }, io, {}, never))
  bench.regions.set(amsAddress, 'fail')
  await bench.withZone((zone) => zone.edit({ put: [{ name: siteName, type: 'A', ttl: 60, data: [mskAddress, amsAddress, strangerAddress] }] }, never))
  await bench.reconcile()
  const [site] = (await reportOf(bench)).sites
  expect(site?.pause?.reason).toBe('a move')
  expect(site?.addresses.map(({ address, standing, sets }) => ({ address, standing, sets: sets.map(({ published, ours, action, rule }) => ({ published, ours, action, rule })) }))).toEqual([
    { address: mskAddress, standing: 'configured', sets: [{ published: true, ours: true, action: 'publish', rule: 'up' }] },
    { address: amsAddress, standing: 'configured', sets: [{ published: true, ours: true, action: 'withhold', rule: 'down' }] },
    { address: strangerAddress, standing: 'foreign', sets: [{ published: true, ours: false, action: 'publish', rule: 'foreign' }] },
  ])
  const { stdout } = await explainIt(bench)
  expect(stdout).toContain('still in, but to be withdrawn from one.example.test A')
  expect(stdout).toContain('127.0.0.7  foreign: nobody configured it and we never wrote it')
  expect(stdout).toMatch(/ {2}paused until .* by .*: a move\n/)
})

it('fails open in the telling as the run did, when all are down but a name server answered', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  for (const address of [mskAddress, amsAddress]) bench.regions.set(address, 'fail')
  await bench.reconcile()
  const [site] = (await reportOf(bench)).sites
  expect(site?.addresses.map(({ sets }) => sets.map(({ mode, rule }) => `${mode} ${rule}`))).toEqual([['fail-open fail-open'], ['fail-open fail-open']])
})

it('checks anew when told to, and knows nothing before anything was checked', async () => {
  const bench = await makeOperatorBench()
  const fresh = await explainIt(bench)
  expect(fresh.stdout).toContain('nothing has been checked yet, as far as the state directory tells; --check checks now')
  const [site] = (await reportOf(bench, { isChecked: true })).sites
  expect({ knowledge: site?.knowledge, addresses: site?.addresses.map(({ address, health, sets }) => ({ address, state: health.state, sets: sets.map(({ published, action, rule }) => ({ published, action, rule })) })) }).toEqual({
    knowledge: 'check',
    addresses: [mskAddress, amsAddress].map((address) => ({ address, state: 'up', sets: [{ published: false, action: 'publish', rule: 'up' }] })),
  })
})

it('tells of one address only, and says when nothing is known of it', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  expect((await reportOf(bench, { address: amsAddress })).sites.flatMap(({ addresses }) => addresses.map(({ address }) => address))).toEqual([amsAddress])
  const unknown = await explainIt(bench, { address: strangerAddress })
  expect(unknown.stdout).toBe('')
  expect({ code: unknown.code, stderr: unknown.stderr }).toEqual({ code: 1, stderr: 'error: nothing is known of 127.0.0.7: no region leads to it, and no set of one.example.test holds it\n' })
  expect((await explainIt(bench, { address: 'nonsense' })).code).toBe(64)
})

it('tells what is written down when the zone cannot be read', async () => {
  const bench = await makeOperatorBench((config) => config.replace(/ {2}local: .*/, '  local: { type: rfc2136, server: "127.0.0.1:1", zone: example.test }'))
  const report = await reportOf(bench)
  expect({ exitCode: report.exitCode, error: report.sites[0]?.error?.code }).toEqual({ exitCode: 1, error: 'unavailable' })
})

it('goes by the orders in force, and by where the service subdomains lead now, where none runs', async () => {
  const bench = await makeOperatorBench()
  const [fresh] = (await reportOf(bench)).sites
  expect(fresh?.unresolved).toEqual([])
  expect(fresh?.addresses.map(({ address, region, standing }) => ({ address, region, standing }))).toEqual([
    { address: mskAddress, region: 'msk', standing: 'configured' },
    { address: amsAddress, region: 'ams', standing: 'configured' },
  ])
  await bench.reconcile()
  const orderIt = (verb: typeof drain | typeof force, more: object) =>
    bench.say((io) => verb({ config: bench.config, isJson: false, region: 'msk', site: undefined, isDryRun: false, forMs: 60_000, reason: 'kernel', ...more } as Parameters<typeof drain>[0] & Parameters<typeof force>[0], { ...io, isWatched: false }, {}, never))
  await orderIt(drain, { isForced: false, isWaited: false, timeoutMs: 1_000 })
  const msk = async () => (await reportOf(bench, { address: mskAddress })).sites[0]?.addresses[0]
  expect(await msk()).toMatchObject({ drained: 'kernel', forced: null, sets: [{ published: false, action: 'withhold', rule: 'drained' }] })
  await orderIt(force, { to: 'down', reason: 'old release' })
  expect(await msk()).toMatchObject({ drained: 'kernel', forced: { to: 'down', reason: 'old release' }, sets: [{ action: 'withhold', rule: 'forced-down' }] })
  expect((await explainIt(bench)).stdout).toContain('    forced down: old release\n    drained: kernel\n')
})
