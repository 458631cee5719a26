import { chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../src/core/address.ts'
import type { HealthCheck, Policy, Region } from '../../src/core/site.ts'
import { emptyState, type SiteState, withResolution, withResult } from '../../src/core/site-state.ts'
import { shifted } from '../../src/core/state-time.ts'
import type { StateStore } from '../../src/engine/ports.ts'
import { createFileStore } from '../../src/store/file-store.ts'
import { makeFolder } from './folder.ts'

const isRoot = process.getuid?.() === 0

const address = parseAddress('203.0.113.10') as Address

const bounds = { connectMs: 1000, tlsMs: 1000, headersMs: 1000, bodyMs: 1000, totalMs: 1000 }
const rules = {
  check: { identity: 'check', fall: 1, rise: 1, confirmSpanMs: 0, bounds } as HealthCheck,
  policy: { damping: { baseMs: 1000, maxMs: 1000, halfLifeMs: 60_000 } } as Policy,
}

/** A state as of `now` on the clock of one process: an address that was up, and fell. */
const someState = (now: number): SiteState => {
  const facts = (at: number) => ({ startedAt: at, finishedAt: at + 10, timing: { totalMs: 10 } })
  const region: Region = { name: 'msk', role: 'active', source: { kind: 'fixed', addresses: [address] }, replacements: [], promoteAfterMs: undefined }
  const resolved = withResolution(emptyState, region, { v4: { kind: 'found', addresses: [address] }, v6: { kind: 'failed', detail: 'timeout' } })
  const up = withResult(resolved, address, { kind: 'ok', ...facts(now - 90_000) }, rules)
  const down = withResult(up, address, { kind: 'failed', cause: 'refused', detail: '', ...facts(now - 5000) }, rules)
  const word = { source: 'kuma', monitor: '7', opinion: 'down', detail: 'timeout', since: now - 9000, heardAt: now - 4000, expiresAt: now + 86_400_000, eventAt: 1_799_999_990_000 } as const
  return {
    ...down,
    removals: [{ address, at: now - 4000, isUncertain: false }],
    words: { msk: [word], ['__proto__']: [{ ...word, source: 'gatus' }] },
    exposures: { 'a.example A': { [address]: now + 61_000 } },
    versions: { 'a.example A': [{ ttl: 60, values: [address], replacedAt: undefined }, { ttl: 3600, values: [address], replacedAt: now - 2000 }] },
    led: { ams: [address] },
    safe: { ams: now - 3000 },
    promotions: { msk: { downMs: 4000, countedAt: now - 500 }, ams: { downMs: 0, countedAt: undefined } },
  }
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
  const isTime = (key: string, value: unknown): value is number => typeof value === 'number' && !['count', 'passing', 'weight', 'downMs', 'eventAt', 'ttl'].includes(key)
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
    ['of no version', '{"version": 0}', 'expected 1'],
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

  it('keeps the file of a newer version under a name that says so, and says what to do', async () => {
    const { open, dir, logged } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await mkdir(join(dir, 'sites'))
    await writeFile(file, '{"version": 3}')
    expect(await open(0).load('a.example')).toEqual(emptyState)
    const aside = `${file}.newer-version-2027-01-15T080000.000Z`
    expect(await readFile(aside, 'utf8')).toBe('{"version": 3}')
    expect(logged).toEqual([
      `the state of a.example in ${file} cannot be used (it was written by a newer version of this program: format 3, this one knows 1); moved to ${aside}. ` +
        'Its health counts as unknown until checks have said so again. To go on with it, stop this program, put the file back under its name, and start the newer version',
    ])
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

  it('leaves a file that cannot be read where it is, and says what to do', async () => {
    const { open, dir, logged } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await mkdir(join(dir, 'sites'))
    await symlink(file, file)
    for (const isReadOnly of [false, true]) {
      await expect(open(0, isReadOnly).load('a.example')).rejects.toMatchObject({
        name: 'StateError',
        code: 'io',
        path: file,
        message: expect.stringContaining(`cannot read the state of a.example in ${file}: ELOOP`),
      })
    }
    expect({ names: await readdir(join(dir, 'sites')), logged }).toEqual({ names: ['a.example.json'], logged: [] })
  })

  it('keeps the newest five damaged files of a site', async () => {
    const { open, dir } = await makeBench()
    const aside = (site: string, year: number): string => join(dir, 'sites', `${site}.json.damaged-${year}-01-01T000000.000Z`)
    await open(0).save('a.example', emptyState, true)
    for (const year of [2011, 2012, 2013, 2014, 2015, 2016]) await writeFile(aside('a.example', year), '')
    await writeFile(aside('b.example', 2011), '')
    await writeFile(join(dir, 'sites', 'a.example.json'), 'damaged')
    await open(0).load('a.example')
    const kept = ['2013', '2014', '2015', '2016'].map((year) => `a.example.json.damaged-${year}-01-01T000000.000Z`)
    expect((await readdir(join(dir, 'sites'))).toSorted()).toEqual([...kept, 'a.example.json.damaged-2027-01-15T080000.000Z', 'b.example.json.damaged-2011-01-01T000000.000Z'])
  })

  it.skipIf(!isRoot)(`gives what root writes to the directory's owner${isRoot ? '' : ' [skipped: only root can give files away; run the tests as root]'}`, async () => {
    const { open, dir } = await makeBench()
    await chown(dir, 12_345, 12_346)
    await open(0).save('a.example', emptyState, true)
    const owners = await Promise.all(['sites', 'sites/a.example.json'].map(async (name) => stat(join(dir, name))))
    expect(owners.map(({ uid, gid }) => [uid, gid])).toEqual([[12_345, 12_346], [12_345, 12_346]])
  })

  it('drops times that cannot be, and keeps what does not hang on them', async () => {
    const { open, dir } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('a.example', someState(0), true)
    const good = await open(0).load('a.example')
    for (const silly of [1e300, -1e300, 400 * 86_400_000_000, 60_000]) {
      await open(0).save('a.example', someState(0), true)
      const document = JSON.parse(await readFile(file, 'utf8'))
      const health = document.state.health[address]
      document.state.removals[0].at = silly
      document.state.health[address] = { ...health, since: silly, observedAt: silly, falls: { weight: 2, at: silly }, readmitAt: Math.abs(silly) * 10_000 }
      await writeFile(file, JSON.stringify(document))
      const loaded = await open(0).load('a.example')
      const [before, after] = [good.health[address], loaded.health[address]]
      expect(loaded).toEqual({ ...loaded, regions: good.regions, removals: [] })
      expect(after).toEqual({ ...after, state: before?.state, hasPassed: true, since: 0, observedAt: undefined, falls: { weight: 0, at: 0 }, readmitAt: undefined })
    }
  })

  it.each([
    ['believed for longer than any word is', { expiresAt: 32 * 86_400_000 }, []],
    ['heard in the future', { heardAt: 60_000 }, []],
    ['heard before ten years', { heardAt: -4000 * 86_400_000 }, []],
    ['said since later than it was heard', { since: 500 }, ['heard']],
    ['said for longer than ten years', { since: -4000 * 86_400_000 }, ['heard']],
    ['believed for long', { expiresAt: 30 * 86_400_000 }, ['earlier']],
  ])('takes a word that was %s for what it can be', async (_, damage, expected) => {
    const { open, dir } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('a.example', someState(0), true)
    const document = JSON.parse(await readFile(file, 'utf8'))
    Object.assign(document.state.words.msk[0], damage)
    await writeFile(file, JSON.stringify(document))
    const { words } = await open(0).load('a.example')
    expect((words['msk'] ?? []).map(({ since, heardAt }) => (since === heardAt ? 'heard' : since < heardAt - 4000 ? 'earlier' : since))).toEqual(expected)
    expect(Object.keys(words).includes('msk')).toBe(expected.length > 0)
  })

  it('takes what caches may hold for at most seven days, and never for nothing', async () => {
    const { open, dir } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('a.example', someState(0), true)
    const document = JSON.parse(await readFile(file, 'utf8'))
    document.state.exposures['a.example A'][address] = 1e300
    Object.assign(document.state.versions['a.example A'][1], { ttl: 1e300, replacedAt: 1e300 })
    document.state.safe.ams = 60_000
    document.state.promotions.msk.countedAt = 60_000
    await writeFile(file, JSON.stringify(document))
    const { exposures, versions, safe, promotions } = await open(0).load('a.example')
    expect({ exposures, old: versions['a.example A']?.[1], safe, msk: promotions['msk'] }).toEqual({ exposures: { 'a.example A': { [address]: 7 * 86_400_000 } }, old: { ttl: 604_800, values: [address], replacedAt: 0 }, safe: {}, msk: { downMs: 4000, countedAt: undefined } })
  })

  it('keeps no orders in the state, and heeds none that an older program kept there', async () => {
    const { open, dir } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('a.example', { ...someState(0), drains: { msk: { reason: 'reboot', isForced: false } }, forces: { ams: { to: 'up', reason: 'test' } } }, true)
    const { state, ...others } = JSON.parse(await readFile(file, 'utf8'))
    expect({ drains: state.drains, hasForces: 'forces' in state }).toEqual({ drains: {}, hasForces: false })
    const { words: _, exposures: __, safe: ___, promotions: ____, versions: _____, led: ______, ...older } = state
    await writeFile(file, JSON.stringify({ ...others, state: { ...older, drains: { msk: { reason: 'reboot' } } } }))
    const loaded = await open(0).load('a.example')
    expect({ ...loaded, regions: undefined, health: undefined, removals: undefined }).toEqual({ ...emptyState, regions: undefined, health: undefined, removals: undefined })
    expect(Object.keys(loaded.health)).toEqual([address])
  })

  it('is not led astray by a moment of saving that cannot have been', async () => {
    const { open, dir } = await makeBench()
    const file = join(dir, 'sites', 'a.example.json')
    await open(0).save('a.example', someState(0), true)
    const document = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...document, savedAt: { wallMs: -1e300 } }))
    const loaded = await open(0).load('a.example')
    expect({ removals: loaded.removals, since: loaded.health[address]?.since, hasPassed: loaded.health[address]?.hasPassed }).toEqual({ removals: [], since: 0, hasPassed: true })
  })

  it('holds the last of many saves at once', async () => {
    const { open, dir } = await makeBench()
    const store = open(0)
    const saves = Array.from({ length: 30 }, (_, at) => store.save('a.example', { ...emptyState, retired: { [address]: `${at}` } }, true))
    await Promise.all(saves)
    expect((await store.load('a.example')).retired).toEqual({ [address]: '29' })
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

it('keeps nothing of how fresh regions are: that a new process finds out by itself', async () => {
  const bench = await makeBench()
  const stale = { ams: { looks: 3, since: 0, detail: '', ahead: 'msk', writer: 'msk', lagMs: 40_000 } }
  await bench.open(0).save('a', { ...someState(0), stale, catchingUp: { fra: 'up' }, suspected: ['still msk'], differing: ['/'] }, false)
  expect(await bench.open(0).load('a')).toMatchObject({ stale: {}, catchingUp: {}, suspected: [], differing: [] })
})
