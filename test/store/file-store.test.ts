import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../src/core/address.ts'
import type { HealthCheck, Policy, Region } from '../../src/core/site.ts'
import { emptyState, type SiteState, withResolution, withResult } from '../../src/core/site-state.ts'
import { shifted } from '../../src/core/state-time.ts'
import type { StateStore } from '../../src/engine/ports.ts'
import { createFileStore } from '../../src/store/file-store.ts'
import { makeFolder } from './folder.ts'

const address = parseAddress('203.0.113.10') as Address

const bounds = { connectMs: 1000, tlsMs: 1000, headersMs: 1000, bodyMs: 1000, totalMs: 1000 }
const rules = {
  check: { identity: 'check', fall: 1, rise: 1, confirmSpanMs: 0, bounds } as HealthCheck,
  policy: { damping: { baseMs: 1000, maxMs: 1000, halfLifeMs: 60_000 } } as Policy,
}

/** A state as of `now` on the clock of one process: an address that was up, and fell. */
const someState = (now: number): SiteState => {
  const facts = (at: number) => ({ startedAt: at, finishedAt: at + 10, timing: { totalMs: 10 } })
  const region: Region = { name: 'msk', role: 'active', source: { kind: 'fixed', addresses: [address] } }
  const resolved = withResolution(emptyState, region, { v4: { kind: 'found', addresses: [address] }, v6: { kind: 'failed', detail: 'timeout' } })
  const up = withResult(resolved, address, { kind: 'ok', ...facts(now - 90_000) }, rules)
  const down = withResult(up, address, { kind: 'failed', cause: 'refused', detail: '', ...facts(now - 5000) }, rules)
  return { ...down, removals: [{ address, at: now - 4000, isUncertain: false }], drains: { msk: { reason: 'reboot' } } }
}

interface Bench {
  readonly dir: string
  readonly logged: string[]
  /** A store whose process started `now` ago. */
  open(now: number, isReadOnly?: boolean): StateStore
}

const makeBench = async (): Promise<Bench> => {
  const dir = await makeFolder()
  const logged: string[] = []
  const log = (_: 'warn', message: string): void => void logged.push(message)
  return { dir, logged, open: (now, isReadOnly = false) => createFileStore({ dir, now: () => now, wallNow: () => 1_800_000_000_000, log, isReadOnly }) }
}

/** Times within half a second: between saving and loading the uptime goes on. */
const expectClose = (actual: SiteState, expected: SiteState): void => {
  const isTime = (key: string, value: unknown): value is number => typeof value === 'number' && !['count', 'passing', 'weight'].includes(key)
  const lenient: unknown = JSON.parse(JSON.stringify(expected), (key, value: unknown) => (isTime(key, value) ? expect.closeTo(value, -3) : value))
  expect(JSON.parse(JSON.stringify(actual))).toEqual(lenient)
}

describe('the state store', () => {
  it('gives a state back on the clock of another process, and keeps sites apart', async () => {
    const { open, dir, logged } = await makeBench()
    await open(100_000).save('a.example', someState(100_000), true)
    await open(100_000).save('b.example', emptyState, true)
    expectClose(await open(500_000).load('a.example'), shifted(someState(100_000), 400_000))
    expect(await open(0).load('b.example')).toEqual(emptyState)
    expect(await open(0).load('never.example')).toEqual(emptyState)
    expect((await readdir(join(dir, 'sites'))).toSorted()).toEqual(['a.example.json', 'b.example.json'])
    expect([(await stat(join(dir, 'sites'))).mode & 0o777, (await stat(join(dir, 'sites', 'a.example.json'))).mode & 0o777]).toEqual([0o700, 0o600])
    expect(logged).toEqual([])
  })

  it.each(['../../escape', '.', 'with space/and:colon*', 'ü'.repeat(100), 'x'.repeat(253)])('keeps the site "%s" in its own folder', async (site) => {
    const { open, dir } = await makeBench()
    await open(0).save(site, someState(0), true)
    expectClose(await open(0).load(site), someState(0))
    expect(await readdir(dir)).toEqual(['sites'])
    expect((await readdir(join(dir, 'sites'))).length).toBe(1)
  })

  it.each([
    ['no JSON', '{"version": 1,', 'in JSON'],
    ['empty', '', 'JSON'],
    ['of another shape', '{"version": 1, "site": "a.example"}', 'expected object'],
    ['of a newer version', '{"version": 2}', 'expected 1'],
    ['a mix-up', undefined, 'it holds the state of b.example'],
  ])('sets aside a file that is %s, says so, and starts as unknown', async (_, text, detail) => {
    const { open, dir, logged } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('b.example', emptyState, true)
    await writeFile(file, text ?? (await readFile(join(dir, 'sites', 'b.example.json'))))
    expect(await open(0).load('a.example')).toEqual(emptyState)
    const aside = `${file}.damaged-2027-01-15T080000.000Z`
    expect((await readdir(join(dir, 'sites'))).map((name) => join(dir, 'sites', name))).toContain(aside)
    expect(logged).toEqual([expect.stringContaining(`the state of a.example in ${file} cannot be used (`)])
    expect(logged[0]).toContain(detail)
    expect(logged[0]).toContain(`moved to ${aside}`)
    await open(0).save('a.example', someState(0), true)
    expectClose(await open(0).load('a.example'), someState(0))
  })

  it('changes nothing when it is read-only', async () => {
    const { open, dir, logged } = await makeBench()
    await mkdir(join(dir, 'sites'))
    await writeFile(join(dir, 'sites', 'a.example.json'), 'damaged')
    expect(await open(0, true).load('a.example')).toEqual(emptyState)
    await open(0, true).save('a.example', someState(0), true)
    expect(await readdir(join(dir, 'sites'))).toEqual(['a.example.json'])
    expect(await readFile(join(dir, 'sites', 'a.example.json'), 'utf8')).toBe('damaged')
    expect(logged.length).toBe(1)
  })

  it('holds the last of many saves at once', async () => {
    const { open, dir } = await makeBench()
    const store = open(0)
    const saves = Array.from({ length: 30 }, (_, at) => store.save('a.example', { ...emptyState, drains: { msk: { reason: `${at}` } } }, true))
    await Promise.all(saves)
    expect((await store.load('a.example')).drains).toEqual({ msk: { reason: '29' } })
    expect(await readdir(join(dir, 'sites'))).toEqual(['a.example.json'])
  })

  it('rejects when it cannot save, and saves again once it can', async () => {
    const { open, dir } = await makeBench()
    const store = open(0)
    await writeFile(join(dir, 'sites'), 'in the way')
    await expect(store.save('a.example', someState(0), true)).rejects.toMatchObject({ name: 'StateError', code: 'not-a-directory', path: join(dir, 'sites') })
    await rm(join(dir, 'sites'))
    await store.save('a.example', someState(0), true)
    expectClose(await store.load('a.example'), someState(0))
  })
})
