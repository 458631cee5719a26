import { execFileSync } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { content, type RRsetContent } from '../../../src/core/rrset.ts'
import { createEmbedded, type Embedded, type EmbeddedOptions } from '../../../src/providers/embedded/embedded.ts'
import { changeOf, providerError } from '../../../src/contract/bench.ts'
import { address, fqdn } from '../../fakes/dns-names.ts'

const zone = fqdn('example.test')
const key = { name: fqdn('www.example.test'), type: 'A' } as const
const after = content([address('192.0.2.1')], 60, [address('192.0.2.1')])
const service = (data: string, ttl = 60) => ({ name: 'msk.example.test', type: 'A', ttl, data: [data] }) as const
const noon = 1_700_000_000

let directory: string
let file: string
const running: Embedded[] = []
const log: string[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'embedded-'))
  file = join(directory, 'zone.json')
  log.length = 0
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
  await rm(directory, { recursive: true, force: true })
})

const signal = (): AbortSignal => AbortSignal.timeout(5000)
const start = async (over: Partial<EmbeddedOptions> = {}): Promise<Embedded> => {
  const server = await createEmbedded({
    listen: { address: address('127.0.0.1'), port: 0 },
    zone,
    stateFile: file,
    wallNow: () => noon * 1000,
    log: (level, message) => void (level === 'warn' && log.push(message)),
    ...over,
  })
  running.push(server)
  return server
}
const stop = async (): Promise<void> => void (await Promise.all(running.splice(0).map((server) => server.close())))
const write = async (server: Embedded, wanted: RRsetContent): Promise<void> => {
  const [before] = await server.read([key], signal())
  if (before === undefined) throw new Error('one set')
  await server.apply([changeOf(before, wanted)], signal())
}
const read = async (server: Embedded): Promise<unknown> => (await server.read([key], signal()))[0]

const mskOf = (server: Embedded): unknown => server.records().find(({ name }) => name === 'msk.example.test')

describe('the state file', () => {
  it('keeps records, marks and the serial across a restart', async () => {
    const first = await start()
    await write(first, after)
    const [records, serial] = [first.records(), first.serial()]
    await stop()
    const second = await start()
    expect({ records: second.records(), serial: second.serial(), set: await read(second) }).toEqual({ records, serial, set: { key, ...after } })
    expect(serial).toBe(noon + 1)
    expect(await readdir(directory)).toEqual(['zone.json'])
  })

  it('keeps a record that was changed while running, until the config says something new of it', async () => {
    const repointed = { name: 'msk.example.test', type: 'A', ttl: 60, data: ['192.0.2.99'] } as const
    const first = await start({ records: [service('192.0.2.1')] })
    await first.edit({ put: [repointed] }, signal())
    await stop()
    const second = await start({ records: [service('192.0.2.1')] })
    expect(mskOf(second)).toEqual(repointed)
    const serial = second.serial()
    await stop()
    const third = await start({ records: [service('192.0.2.2')] })
    expect(mskOf(third)).toEqual(service('192.0.2.2'))
    expect(third.serial()).toBe(serial + 1)
    await stop()
    const fourth = await start({ records: [] })
    expect(mskOf(fourth)).toBeUndefined()
  })

  it('moves a damaged file aside, says so, and starts with the configured records', async () => {
    const first = await start({ records: [service('192.0.2.1')] })
    await write(first, after)
    await stop()
    const damaged = (await readFile(file, 'utf8')).slice(0, -20)
    await writeFile(file, damaged)
    const second = await start({ records: [service('192.0.2.1')], wallNow: () => (noon + 500) * 1000 })
    expect(log).toEqual([expect.stringMatching(/^the state of the zone example.test in .*zone.json cannot be used and was moved to .*zone.json.damaged-1700000500 \(.+\): the zone starts with its configured records only$/)])
    expect(await readFile(`${file}.damaged-${noon + 500}`, 'utf8')).toBe(damaged)
    expect(second.records().map(({ name, type }) => `${name} ${type}`)).toEqual(['example.test NS', 'msk.example.test A', 'ns.example.test A'])
    expect(second.serial(), 'ahead of what was shown').toBe(noon + 500)
  })

  it.each([
    ['something else', '"text"'],
    ['a serial that is none', JSON.stringify({ version: 1, origin: zone, serial: -1, base: [], records: [] })],
    ['another zone', JSON.stringify({ version: 1, origin: 'other.test', serial: 1, base: [], records: [] })],
    ['nothing', ''],
  ])('moves %s aside', async (_, text) => {
    await writeFile(file, text)
    await start()
    expect(log).toHaveLength(1)
    expect(await readFile(`${file}.damaged-${noon}`, 'utf8')).toBe(text)
  })

  it('refuses to start over the file of a newer version', async () => {
    await writeFile(file, '{"version":2}')
    await expect(start()).rejects.toThrow(/zone.json was written by a newer version of this program \(format 2, this one knows 1\)/)
    expect(await readFile(file, 'utf8')).toBe('{"version":2}')
  })

  it('refuses to start where it cannot save', async () => {
    await expect(start({ stateFile: join(directory, 'absent', 'zone.json') })).rejects.toThrow(/cannot save the zone example.test to .*absent.*ENOENT/)
  })

  it.skipIf(process.platform !== 'linux')('goes on in memory over a full disk, says so once, and saves when there is room', async () => {
    const server = await start()
    const text = await readFile(file, 'utf8')
    log.length = 0
    const other = { ...after, values: after.values.slice(0, 1), owned: [] }
    for (const values of [after, other, after]) {
      await symlink('/dev/full', `${file}.new`)
      await write(server, values)
      expect(await read(server)).toEqual({ key, ...values })
    }
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(log).toEqual([expect.stringMatching(/the zone example.test could not be saved to .*zone.json, and goes on in memory: ENOSPC/)])
    await stop()
    expect(await read(await start())).toEqual({ key, ...after })
  })

  it.skipIf(process.platform !== 'linux')('answers with a change while the disk still takes its time, and saves what came meanwhile', async () => {
    const server = await start()
    // Whoever opens it for writing waits until somebody reads.
    execFileSync('mkfifo', [`${file}.new`])
    const first = server.edit({ put: [service('192.0.2.1')] }, signal())
    expect(mskOf(server)).toEqual(service('192.0.2.1'))
    await setImmediate()
    const later = ['192.0.2.2', '192.0.2.3'].map((value) => server.edit({ put: [service(value)] }, signal()))
    expect({ set: mskOf(server), serial: server.serial() }).toEqual({ set: service('192.0.2.3'), serial: noon + 3 })
    const reader = await open(`${file}.new`, 'r')
    await Promise.all([first, ...later])
    await reader.close()
    await stop()
    expect(mskOf(await start())).toEqual(service('192.0.2.3'))
  })

  it('holds every one of many concurrent changes', async () => {
    const server = await start()
    const names = Array.from({ length: 30 }, (_, at) => `n${at}.example.test`)
    await Promise.all(names.map((name) => server.edit({ put: [{ name, type: 'A', ttl: 1, data: ['192.0.2.1'] }] }, signal())))
    expect(server.serial()).toBe(noon + 30)
    const records = server.records()
    await stop()
    expect((await start()).records()).toEqual(records)
    expect(records.filter(({ name }) => names.includes(name))).toHaveLength(30)
  })
})

describe('an abort', () => {
  const put = (name: string) => ({ put: [{ name, type: 'A', ttl: 1, data: ['192.0.2.1'] }] }) as const
  const outcomeOf = async (edit: Promise<void>): Promise<string> => (await providerError(edit)).outcome

  it('before a change leaves the zone as it is', async () => {
    const server = await start()
    const edit = server.edit(put('first.example.test'), AbortSignal.abort())
    expect(await outcomeOf(edit)).toBe('unchanged')
    await stop()
    expect(server.records().map(({ name }) => name)).toEqual(['example.test', 'ns.example.test'])
  })

  it('of a change that is being saved leaves its outcome unknown, and it may well happen', async () => {
    const server = await start()
    const abort = new AbortController()
    const change = server.edit(put('first.example.test'), abort.signal)
    void setImmediate().then(() => abort.abort())
    expect(await outcomeOf(change)).toBe('unknown')
    await stop()
    expect(server.records().map(({ name }) => name)).toContain('first.example.test')
  })
})

describe('records of the options', () => {
  it.each([
    [{ name: 'other.test', type: 'A', ttl: 1, data: ['192.0.2.1'] }, /other.test: not a name in the zone example.test/],
    [{ name: 'www.example.test', type: 'A', ttl: 1, data: ['192.0.2.300'] }, /www.example.test A: 192.0.2.300 is not the data of such a record/],
    [{ name: 'www.example.test', type: 'A', ttl: 1, data: ['2001:db8::1'] }, /is not the data/],
    [{ name: 'www.example.test', type: 'A', ttl: -1, data: ['192.0.2.1'] }, /the TTL -1 is not a number of seconds/],
    [{ name: 'www.example.test', type: 'A', ttl: 1, data: [] }, /www.example.test A: no records/],
    [{ name: 'www.example.test', type: 'SOA' as 'A', ttl: 1, data: ['x'] }, /records of this type are not served/],
    [{ name: 'example.test', type: 'CNAME', ttl: 1, data: ['a.test.'] }, /never at the zone's own name/],
    [{ name: 'www.example.test', type: 'CNAME', ttl: 1, data: ['a.test.', 'b.test.'] }, /an alias is one record/],
    [{ name: 'www.example.test', type: 'TXT', ttl: 1, data: [`"${'x'.repeat(256)}"`] }, /is not the data/],
  ] as const)('%j is refused', async (record, message) => {
    await expect(start({ records: [record] })).rejects.toThrow(message)
  })

  it('are refused if one is listed twice, or stands beside an alias', async () => {
    await expect(start({ records: [service('192.0.2.1'), service('192.0.2.2')] })).rejects.toThrow(/msk.example.test A is listed twice/)
    const alias = { name: 'msk.example.test', type: 'CNAME', ttl: 1, data: ['a.test.'] } as const
    await expect(start({ records: [service('192.0.2.1'), alias] })).rejects.toThrow(/msk.example.test: an alias cannot share its name with A/)
  })
})

describe('a port', () => {
  it('that is taken is an error', async () => {
    const server = await start()
    await expect(start({ listen: server.address(), stateFile: join(directory, 'second.json') })).rejects.toThrow(/EADDRINUSE/)
  })
})
