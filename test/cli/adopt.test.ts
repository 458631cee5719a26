import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { adopt, type AdoptOptions, parseAddresses } from '../../src/cli/adopt.ts'
import type { Address } from '../../src/core/address.ts'
import { pause } from '../../src/cli/pause.ts'
import { release } from '../../src/cli/release.ts'
import type { OrderReport } from '../../src/cli/render/order-report.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName, strangerAddress } from './operator-bench.ts'

const stranger = strangerAddress as Address
const base = (bench: OperatorBench) => ({ config: bench.config, sites: [], isJson: false, isConfirmed: false, verifyMs: 2000 })
const adoptIt = (bench: OperatorBench, options: Partial<AdoptOptions> = {}) =>
  bench.say((io) => adopt({ ...base(bench), addresses: [stranger], isGivenUp: false, ...options }, io, {}, never))
const releaseIt = (bench: OperatorBench, options: { isConfirmed?: boolean; isJson?: boolean } = {}) =>
  bench.say((io) => release({ ...base(bench), sites: [siteName], ...options }, io, {}, never))
const addStranger = (bench: OperatorBench, others: readonly string[] = [mskAddress, amsAddress]) =>
  bench.withZone((zone) => zone.edit({ put: [{ name: siteName, type: 'A', ttl: 60, data: [...others, strangerAddress] }] }, never))
const mark = (...addresses: readonly string[]): string => `_dns-failover-a.${siteName} TXT "dns-failover v=1 ours=${addresses.join(',')}"`
const sets = (...addresses: readonly string[]): readonly string[] => addresses.map((address) => `${siteName} A ${address}`)

const hold = async (bench: OperatorBench): Promise<void> => {
  const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
  if (lock.kind !== 'held') throw new Error('not held')
  onTestFinished(() => lock.release())
}

describe('adopt', () => {
  it('previews, takes over by the mark alone, and is then withdrawn as what nobody leads to', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    await addStranger(bench)
    const before = await bench.records()
    const preview = await adoptIt(bench)
    expect(preview).toEqual({
      code: 2,
      stderr: '',
      stdout: [
        'one.example.test',
        '  one.example.test A: would be written',
        '    ~ 127.0.0.7  taken over: no region leads to it, so it will be withdrawn once every active region serves',
        '',
        'This is a preview: nothing was written. Add --yes to do it.',
        '',
      ].join('\n'),
    })
    expect(await bench.records()).toEqual(before)
    expect((await adoptIt(bench, { isConfirmed: true })).code).toBe(0)
    expect(await bench.records()).toEqual([mark(mskAddress, amsAddress, strangerAddress), ...sets(mskAddress, amsAddress, strangerAddress)])
    expect(await adoptIt(bench, { isConfirmed: true })).toEqual({ code: 0, stderr: '', stdout: 'one.example.test\n  nothing to change\n' })
    expect((await bench.reconcile()).exitCode).toBe(0)
    expect(await bench.records()).toEqual([mark(mskAddress, amsAddress), ...sets(mskAddress, amsAddress)])
  })

  it('gives up, for good: what it once led to is not taken back', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    await addStranger(bench)
    await adoptIt(bench, { isConfirmed: true })
    const { code, stdout } = await adoptIt(bench, { isGivenUp: true, isConfirmed: true, isJson: true })
    const report: OrderReport & { exitCode: number } = JSON.parse(stdout)
    expect({ code, confirmed: report.confirmed, outcomes: report.sites.map(({ outcome }) => outcome), reasons: report.sites[0]?.changes[0]?.reasons }).toEqual({
      code: 0,
      confirmed: true,
      outcomes: ['applied'],
      reasons: [{ address: strangerAddress, action: 'mark', rule: 'give-up', text: 'given up: from now on foreign, which is kept and reported, and never counted' }],
    })
    expect((await bench.reconcile()).exitCode).toBe(0)
    expect(await bench.records()).toEqual([mark(mskAddress, amsAddress), ...sets(mskAddress, amsAddress, strangerAddress)])
  })

  it('refuses what makes no sense, and then changes nothing', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    const before = await bench.records()
    const foreign = await adoptIt(bench, { addresses: [mskAddress as Address, stranger], isConfirmed: true })
    expect(foreign).toEqual({ code: 1, stderr: '', stdout: 'one.example.test\n  127.0.0.7 is in no set of one.example.test: there is nothing to take over; nothing was changed\n' })
    const led = await adoptIt(bench, { addresses: [mskAddress as Address], isGivenUp: true, isConfirmed: true })
    expect(led.code).toBe(1)
    expect(led.stdout).toContain('region msk leads to 127.0.0.5, so it would be marked again')
    expect(await bench.records()).toEqual(before)
    expect(parseAddresses(['127.0.0.1', 'x', 'y'])).toEqual({ addresses: ['127.0.0.1'], bad: 'x' })
  })

  it('waits for the lock and for a pause to end; a preview needs neither', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    await addStranger(bench)
    await bench.say((io) => pause({ config: bench.config, sites: [], isJson: false, forMs: 60_000, reason: 'a move' }, io, {}, never))
    const paused = await adoptIt(bench, { isConfirmed: true })
    expect({ code: paused.code, isSaid: paused.stdout.includes('a move; nothing was written') }).toEqual({ code: 3, isSaid: true })
    await hold(bench)
    expect((await adoptIt(bench)).code).toBe(2)
    const { code, stdout, stderr } = await adoptIt(bench, { isConfirmed: true })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(`error: the state directory ${bench.stateDir} is in use by dns-failover serve (process ${process.pid} on `)
    expect(await bench.records()).toEqual([mark(mskAddress, amsAddress), ...sets(mskAddress, amsAddress, strangerAddress)])
  })
})

describe('release', () => {
  it('publishes every configured address, one that is down too, drops the mark, and takes nothing out', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    bench.regions.set(amsAddress, 'fail')
    await bench.reconcile()
    await addStranger(bench, [mskAddress])
    const before = await bench.records()
    const preview = await releaseIt(bench)
    expect(preview.code).toBe(2)
    expect(preview.stdout).toContain(
      [
        '  one.example.test A: would be written',
        '    = 127.0.0.5  region msk',
        '    + 127.0.0.6  region ams, failed when it was last checked: status (status 500, expected 200-299)',
        '    = 127.0.0.7  stays: no region leads to it; remove it by hand if it is not to',
        '    ~ the ownership mark goes: nothing here is ours any more',
        '',
      ].join('\n'),
    )
    expect(await bench.records()).toEqual(before)
    const done = await releaseIt(bench, { isConfirmed: true })
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/one\.example\.test A at the name servers\n +\S+ +agrees after .*\n +in effect after /)
    expect(await bench.records()).toEqual(sets(mskAddress, amsAddress, strangerAddress))
    expect(JSON.parse(await readFile(join(bench.stateDir, 'sites', `${siteName}.json`), 'utf8')).state.retired).toEqual({})
    expect((await releaseIt(bench, { isConfirmed: true })).stdout).toContain('nothing to change')
  })

  it('refuses while a service runs, naming it', async () => {
    const bench = await makeOperatorBench()
    await bench.reconcile()
    await hold(bench)
    const { code, stdout } = await releaseIt(bench, { isConfirmed: true, isJson: true })
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, exitCode: 3, confirmed: true, sites: [], error: { code: 'locked', holder: { command: 'dns-failover serve', pid: process.pid } } })
    expect(code).toBe(3)
  })

  it('is held while no address of a region is known', async () => {
    const bench = await makeOperatorBench((config) => config.replace('service: msk.', 'service: gone.'))
    const { code, stdout } = await releaseIt(bench, { isConfirmed: true })
    expect(code).toBe(3)
    expect(stdout).toContain('no address of region msk is known, so not all could be published; nothing was written. Correct its service subdomain')
    expect(await bench.records()).toEqual([])
  })
})
