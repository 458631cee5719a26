import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { drain, type DrainOptions } from '../../src/cli/drain.ts'
import { events } from '../../src/cli/events.ts'
import { force } from '../../src/cli/force.ts'
import type { Io } from '../../src/cli/io.ts'
import type { ReconcileIo } from '../../src/cli/reconcile.ts'
import type { RegionOrderReport } from '../../src/cli/render/region-order-report.ts'
import type { RepointReport } from '../../src/cli/render/repoint-report.ts'
import { repoint, type RepointOptions } from '../../src/cli/repoint.ts'
import { report } from '../../src/cli/report.ts'
import { sinceOption } from '../../src/cli/since-option.ts'
import { status, type StatusReport } from '../../src/cli/status.ts'
import { testAlert } from '../../src/cli/test-alert.ts'
import { undrain } from '../../src/cli/undrain.ts'
import { unforce } from '../../src/cli/unforce.ts'
import { createOrderStore } from '../../src/store/order-store.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName } from './operator-bench.ts'

const quick = (config: string): string => config.replace('    allowPrivate: true\n', '    allowPrivate: true\n    ttl: 1\n')

const watched = (io: Io): ReconcileIo => ({ ...io, isWatched: false })

interface Told<T> {
  readonly code: number
  readonly report: T & { readonly exitCode: number; readonly error?: { readonly code: string; readonly message: string } }
  readonly stderr: string
}

const told = async <T>(bench: OperatorBench, verb: (io: ReconcileIo) => Promise<number>): Promise<Told<T>> => {
  const { code, stdout, stderr } = await bench.say((io) => verb(watched(io)))
  return { code, report: JSON.parse(stdout), stderr }
}

const drainIt = (bench: OperatorBench, region: string, more: Partial<DrainOptions> = {}) =>
  told<RegionOrderReport>(bench, (io) =>
    drain({ config: bench.config, isJson: true, region, site: undefined, isDryRun: false, forMs: 3_600_000, reason: 'kernel', isForced: false, isWaited: false, timeoutMs: 20_000, ...more }, io, {}, never),
  )

const options = (bench: OperatorBench, region: string) => ({ config: bench.config, isJson: true, region, site: undefined, isDryRun: false })

const marked = (...addresses: readonly string[]): readonly string[] => addresses.map((address) => `${siteName} A ${address}`)
const published = async (bench: OperatorBench): Promise<readonly string[]> => (await bench.records()).filter((record) => record.includes(' A '))

describe('operating where no service runs', () => {
  it('shows an order for a region that the config does not have, and takes it back', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    await createOrderStore({ dir: bench.stateDir, wallNow: Date.now, log: () => undefined }).setDrain(siteName, 'gone', { forMs: 3_600_000, reason: 'kernel', by: 'eve', isForced: false })
    const stray = async () => (await told<StatusReport>(bench, (io) => status({ config: bench.config, sites: [], isJson: true, isWatched: false }, io, {}, never))).report.sites[0]?.strayOrders
    expect((await stray())?.map(({ region, order }) => `${order} ${region}`)).toEqual(['drain gone'])
    expect((await drainIt(bench, 'gone')).report.error?.message).toContain('has no region "gone"')
    const back = await told<RegionOrderReport>(bench, (io) => undrain(options(bench, 'gone'), io, {}, never))
    expect({ code: back.code, outcome: back.report.outcome }).toEqual({ code: 0, outcome: 'done' })
    expect(await stray()).toBeUndefined()
  })

  it('takes an order for a region under its former name for one for the region, in a dry run and for the floor as well', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    await drainIt(bench, 'msk')
    expect(await published(bench)).toEqual(marked(amsAddress))
    await writeFile(bench.config, (await readFile(bench.config, 'utf8')).replace('      msk: {', '      moscow: {'))

    const dry = await bench.reconcile({ isDryRun: true })
    expect({ code: dry.exitCode, drained: dry.sites[0]?.addresses.map(({ region, drained }) => [region, drained]) }).toEqual({ code: 0, drained: [['moscow', 'kernel'], ['ams', null]] })
    const shown = (await told<StatusReport>(bench, (io) => status({ config: bench.config, sites: [], isJson: true, isWatched: false }, io, {}, never))).report.sites[0]
    expect({ condition: shown?.condition, drain: shown?.regions[0]?.drain?.reason, stray: shown?.strayOrders }).toEqual({ condition: 'drained', drain: 'kernel', stray: undefined })
    const planned = await drainIt(bench, 'ams', { isDryRun: true })
    expect({ code: planned.code, error: planned.report.error?.code }).toEqual({ code: 3, error: 'floor' })
    const refused = await drainIt(bench, 'ams')
    expect({ code: refused.code, error: refused.report.error?.code }).toEqual({ code: 3, error: 'floor' })
    expect(await published(bench)).toEqual(marked(amsAddress))

    const back = await told<RegionOrderReport>(bench, (io) => undrain(options(bench, 'moscow'), io, {}, never))
    expect({ code: back.code, outcome: back.report.outcome }).toEqual({ code: 0, outcome: 'done' })
    expect(await published(bench)).toEqual(marked(mskAddress, amsAddress))
  }, 60_000)

  it('drains a region, waits until it is safe, keeps it out, and takes it back', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    expect(await published(bench)).toEqual(marked(mskAddress, amsAddress))

    const dry = await drainIt(bench, 'msk', { isDryRun: true })
    expect({ code: dry.code, via: dry.report.via, outcome: dry.report.outcome, after: dry.report.changes.map(({ after }) => after.values) }).toEqual({ code: 2, via: 'state', outcome: 'planned', after: [[amsAddress]] })
    expect(await published(bench)).toEqual(marked(mskAddress, amsAddress))

    const before = Date.now()
    const done = await drainIt(bench, 'msk', { isWaited: true })
    expect({ code: done.code, outcome: done.report.outcome, wait: done.report.wait?.outcome, phase: done.report.drain?.progress.phase }).toEqual({ code: 0, outcome: 'done', wait: 'safe', phase: 'safe' })
    // The TTL of a second, and the second that caches round to.
    expect(Date.parse(done.report.wait?.safeSince ?? '')).toBeGreaterThan(before + 2_000)
    expect(await published(bench)).toEqual(marked(amsAddress))

    const run = await bench.reconcile()
    expect({ code: run.exitCode, drained: run.sites[0]?.addresses.map(({ region, drained }) => [region, drained]) }).toEqual({ code: 0, drained: [['msk', 'kernel'], ['ams', null]] })
    expect((await bench.reconcileText()).stdout).toContain(', drained')
    expect(await published(bench)).toEqual(marked(amsAddress))
    const shown = await told<StatusReport>(bench, (io) => status({ config: bench.config, isJson: true, sites: [], isWatched: false }, io, {}, never))
    expect({ via: shown.report.via, phase: shown.report.sites[0]?.regions[0]?.drain?.progress.phase, condition: shown.report.sites[0]?.condition }).toEqual({ via: 'state', phase: 'safe', condition: 'drained' })

    const back = await told<RegionOrderReport>(bench, (io) => undrain(options(bench, 'msk'), io, {}, never))
    expect({ code: back.code, outcome: back.report.outcome, drain: back.report.drain }).toEqual({ code: 0, outcome: 'done', drain: null })
    expect(await published(bench)).toEqual(marked(mskAddress, amsAddress))
    const again = await told<RegionOrderReport>(bench, (io) => undrain(options(bench, 'msk'), io, {}, never))
    expect({ code: again.code, outcome: again.report.outcome }).toEqual({ code: 0, outcome: 'unchanged' })

    // What was safe an hour ago says nothing of now.
    const second = await drainIt(bench, 'msk')
    expect(second.report.drain?.progress.phase).not.toBe('safe')
  }, 60_000)

  it('refuses what the floor forbids, with how to force it, and orders nothing then', async () => {
    const bench = await makeOperatorBench(quick)
    bench.regions.set(amsAddress, 'fail')
    await bench.reconcile()
    await bench.reconcile()
    const refused = await drainIt(bench, 'msk')
    expect({ code: refused.code, error: refused.report.error?.code }).toEqual({ code: 3, error: 'floor' })
    expect((await told<StatusReport>(bench, (io) => status({ config: bench.config, isJson: true, sites: [], isWatched: false }, io, {}, never))).report.sites[0]?.regions[0]?.drain).toBeNull()

    const down = await told<RegionOrderReport>(bench, (io) => force({ ...options(bench, 'msk'), to: 'down', forMs: 60_000, reason: 'old files' }, io, {}, never))
    expect({ code: down.code, error: down.report.error?.code }).toEqual({ code: 3, error: 'floor' })
    expect(await published(bench)).toEqual(marked(mskAddress))
  })

  it('forces a region up although its checks fail, until they decide again', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    bench.regions.set(amsAddress, 'fail')
    await bench.reconcile()
    expect(await published(bench)).toEqual(marked(mskAddress))
    const up = await told<RegionOrderReport>(bench, (io) => force({ ...options(bench, 'ams'), to: 'up', forMs: 60_000, reason: 'the check is wrong' }, io, {}, never))
    expect({ code: up.code, to: up.report.force?.to }).toEqual({ code: 0, to: 'up' })
    expect(await published(bench)).toEqual(marked(mskAddress, amsAddress))
    const off = await told<RegionOrderReport>(bench, (io) => unforce(options(bench, 'ams'), io, {}, never))
    expect({ code: off.code, force: off.report.force }).toEqual({ code: 0, force: null })
    expect(await published(bench)).toEqual(marked(mskAddress))
  })

  it('does not promise of a region that is forced what its drain alone would bring', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    const text = { ...options(bench, 'msk'), isJson: false }
    await bench.say((io) => force({ ...text, to: 'down', forMs: 60_000, reason: 'old files' }, watched(io), {}, never))
    const drained = await bench.say((io) => drain({ ...text, forMs: 60_000, reason: 'kernel', isForced: false, isWaited: false, timeoutMs: 1_000 }, watched(io), {}, never))
    expect(drained.stdout).toContain('It is drained as well, but forced down, which counts first: "dns-failover unforce msk" ends that.\n')
    const back = await bench.say((io) => undrain(text, watched(io), {}, never))
    expect(back.stdout).toContain('It is not drained any more, but forced down: "dns-failover unforce msk" lets the checks decide.\n')
    expect(back.stdout).not.toContain('published')
  })

  it('shows nothing beside a refusal that would pass for an answer', async () => {
    const bench = await makeOperatorBench()
    const site = await bench.say((io) => status({ config: bench.config, isJson: false, sites: ['none.example'], isWatched: false }, watched(io), {}, never))
    expect({ code: site.code, stdout: site.stdout }).toEqual({ code: 64, stdout: '' })
    const history = await bench.say((io) => report({ config: bench.config, isJson: false, sites: [], since: sinceOption('1h') }, watched(io), {}, never))
    expect({ code: history.code, stdout: history.stdout }).toEqual({ code: 1, stdout: '' })
    expect(history.stderr).toContain('there is no history yet')
  })

  it('points a region elsewhere once that passes the check, and the main domain follows', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    const replacement = '127.0.0.9'
    const ask = (address: string, more: Partial<RepointOptions> = {}) =>
      told<RepointReport>(bench, (io) => repoint({ ...options(bench, 'msk'), addresses: [address], keepsOtherFamily: false, isUnchecked: false, reason: 'restored', ...more }, io, {}, never))
    const dead = await ask(replacement)
    expect({ code: dead.code, error: dead.report.error?.code }).toEqual({ code: 3, error: 'check-failed' })
    expect(dead.report.error?.message).toMatch(/ repoint without the check \("unchecked": true in the request, --unchecked on the command line\)$/)
    const taken = await ask(amsAddress, { isUnchecked: true })
    expect({ code: taken.code, error: taken.report.error?.code }).toEqual({ code: 1, error: 'address-taken' })

    const server = createServer((_, response) => response.end('Hello')).listen(bench.regions.port, replacement)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const dry = await ask(replacement, { isDryRun: true })
    expect({ code: dry.code, outcome: dry.report.outcome, checks: dry.report.checks.map(({ address, ok }) => [address, ok]) }).toEqual({ code: 2, outcome: 'planned', checks: [[replacement, true]] })
    const done = await ask(replacement)
    expect({ code: done.code, outcome: done.report.outcome, agreed: done.report.verification?.outcome, service: done.report.service }).toEqual({ code: 0, outcome: 'done', agreed: 'agreed', service: 'msk.example.test' })
    expect(await ask(replacement)).toMatchObject({ code: 0, report: { outcome: 'unchanged' } })
    expect(await published(bench)).toEqual(marked(amsAddress, replacement))
  })

  it('does nothing while another process has the lock, and names it', async () => {
    const bench = await makeOperatorBench(quick)
    await bench.reconcile()
    const lock = await acquireLock(bench.stateDir, { command: 'dns-reconcile' })
    if (lock.kind !== 'held') throw new Error('not held')
    onTestFinished(() => lock.release())
    const busy = await drainIt(bench, 'msk')
    expect({ code: busy.code, error: busy.report.error?.code, isNamed: busy.report.error?.message.includes(`dns-reconcile (process ${process.pid}`) }).toEqual({ code: 3, error: 'locked', isNamed: true })
    expect((await drainIt(bench, 'msk', { isDryRun: true })).code).toBe(2)
  })

  it('tells of a history that was never kept, and that there is nothing to follow', async () => {
    const bench = await makeOperatorBench()
    const ask = (isFollowed: boolean) => told<object>(bench, (io) => events({ config: bench.config, isJson: true, site: undefined, region: undefined, kinds: [], since: undefined, limit: 10, isFollowed }, io, {}, never))
    expect((await ask(false)).report).toMatchObject({ exitCode: 1, via: 'state', events: [], error: { code: 'history' } })
    expect((await ask(true)).report).toMatchObject({ exitCode: 1, error: { code: 'no-service' } })
  })

  it('sends test alerts from here, and never says where to', async () => {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString())).on('end', () => response.writeHead(request.url === '/good-key-1' ? 200 : 500).end())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const bound = server.address()
    const port = typeof bound === 'object' ? bound?.port : undefined
    const bench = await makeOperatorBench((config) => `${config}alerts:\n  good: { type: json, url: "http://127.0.0.1:${port}/good-key-1" }\n  bad: { type: json, url: "http://127.0.0.1:${port}/bad-key-1" }\n`)
    const ask = (name: string | undefined) => told<{ readonly alerts: readonly { readonly name: string; readonly ok: boolean; readonly text: string }[] }>(bench, (io) => testAlert({ config: bench.config, isJson: true, name }, io, {}, never))
    const all = await ask(undefined)
    expect({ code: all.code, alerts: all.report.alerts.map(({ name, ok }) => [name, ok]) }).toEqual({ code: 1, alerts: [['good', true], ['bad', false]] })
    expect(JSON.stringify(all)).not.toContain('key-1')
    expect((await ask('good')).code).toBe(0)
    expect(bodies.length).toBe(3)
    expect(await ask('goood')).toMatchObject({ code: 64, report: { error: { message: 'the config has no alert "goood"; did you mean "good"?' } } })
  })
})
