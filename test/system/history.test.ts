import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Endpoint } from '../../src/core/endpoint.ts'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { endpointAt, eventually, type Operated, operateToken, startOperated, untilA } from './operated-bench.ts'
import type { Line, Service } from './serve-bench.ts'

const site = 'www.example.test'
/** From the death of a region's server until nobody is told of it. Milliseconds. */
const usualMs = 3_000

interface Place {
  readonly operated: Operated
  readonly server: Endpoint
  readonly msk: string
  readonly ams: string
}

const begin = async (net: string): Promise<Place> => {
  const [msk, ams] = [`${net}.2`, `${net}.3`]
  const operated = await startOperated({ addresses: [msk, ams], apiHost: `${net}.4`, atEnd: onTestFinished })
  const { port } = operated.regions
  await operated.write(`providers: { local: { type: embedded, listen: "${net}.5:${port}", zone: example.test } }
sites:
  ${site}:
    allowPrivate: true
    ttl: 1
    removalWindow: 0s
    damping: { base: 0s, max: 0s }
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms }
`)
  return { operated, server: endpointAt(`${net}.5`, port), msk, ams }
}

/** A region's server dies, and comes back; the main domain follows in the usual time. */
const expectFailover = async ({ operated, server, msk, ams }: Place): Promise<void> => {
  await untilA(server, site, [msk, ams])
  const from = Date.now()
  operated.regions.set(ams, 'fail')
  await untilA(server, site, [msk])
  expect(Date.now() - from).toBeLessThan(usualMs)
  operated.regions.set(ams, 'serve')
  await untilA(server, site, [msk, ams])
}

const ofHistory = (service: Service): readonly Line[] => service.lines().filter(({ event, level }) => event === 'history' && level !== 'info')

/** File systems of the test's own, seen by nobody else and gone with the process. */
const namespace: readonly string[] = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount']

const mountMissing = (): string | undefined => {
  try {
    execFileSync('unshare', [...namespace.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'no file systems can be mounted here; run the tests as root, or where users may have namespaces'
  }
}
const missing = mountMissing()

describe.skipIf(missing !== undefined)(`a history on a full disk${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
  it('stops nothing: it is said once, told from memory, and written once there is room again', { timeout: 90_000 }, async () => {
    const place = await begin('127.48.0')
    const { operated } = place
    await mkdir(operated.stateDir)
    // The embedded zone has a disk of its own: it answers with nothing that it could not keep.
    const mounts = 'mkdir "$0.zones" && mount -t tmpfs -o size=1m none "$0" && mkdir "$0/zones" && mount --bind "$0.zones" "$0/zones" && exec "$@"'
    const service = await operated.start((command) => [...namespace, 'sh', '-c', mounts, operated.stateDir, ...command])
    await expectFailover(place)
    const filler = `/proc/${service.child.pid}/root${operated.stateDir}/filler`
    await writeFile(filler, Buffer.alloc(2_000_000)).catch(() => undefined)
    await expectFailover(place)
    await service.until(() => ofHistory(service).length > 0)
    await expectFailover(place)
    const { body } = await operated.api('GET', '/api/v1/events?limit=100&kind=health')
    expect(body).toMatchObject({ trouble: expect.stringContaining('history'), events: expect.arrayContaining([expect.objectContaining({ kind: 'health', region: 'ams', level: 'warn' })]) })
    expect(ofHistory(service).map(({ message }) => message)).toEqual([expect.stringMatching(/^the history cannot be kept: .*(?:full|no space|room)/i)])
    await rm(filler)
    await service.until((lines) => lines.some(({ event, message }) => event === 'history' && message.startsWith('the history is kept again')))
    await expectFailover(place)
    const { events, trouble } = (await operated.api('GET', '/api/v1/events?limit=1000&kind=health')).body as { readonly events: readonly StoredEvent[]; readonly trouble: string | null }
    // Two falls at the start, and a fall and a rise of each of the four.
    expect([events.filter(({ region, level }) => region === 'ams' && level === 'warn').length, trouble]).toEqual([4, null])
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })
})

describe('a damaged history', () => {
  it('stops nothing, is set aside, and is said once, whether it is found at the start or damaged while it is written', { timeout: 60_000 }, async () => {
    const place = await begin('127.49.0')
    const { operated } = place
    const file = join(operated.stateDir, 'history.sqlite')
    const first = await operated.start()
    await expectFailover(place)
    await eventually(async () => (await operated.events('kind=written')).length > 1)
    first.signal('SIGTERM')
    await first.ended
    expect(ofHistory(first)).toEqual([])

    for (const each of await readdir(operated.stateDir)) if (each.startsWith('history.sqlite-')) await rm(join(operated.stateDir, each))
    await writeFile(file, 'no database\n'.repeat(5_000))
    const second = await operated.start()
    await expectFailover(place)
    expect(ofHistory(second).map(({ message }) => message)).toEqual([expect.stringMatching(/history\.sqlite cannot be used: it is damaged .*moved to .*, and a new one is begun$/)])
    await eventually(async () => (await operated.events('kind=health')).some(({ region, level }) => region === 'ams' && level === 'warn'))

    await writeFile(file, Buffer.alloc(40_960, 0xa5), { flag: 'r+' })
    await expectFailover(place)
    await expectFailover(place)
    expect(ofHistory(second).length).toBeLessThanOrEqual(2)
    second.signal('SIGKILL')
    await second.ended
    const third = await operated.start()
    await expectFailover(place)
    expect(ofHistory(third).length).toBeLessThanOrEqual(1)
    expect((await operated.events('kind=health')).some(({ region, level }) => region === 'ams' && level === 'warn')).toBe(true)
  })
})

interface Stream {
  readonly seen: readonly StoredEvent[]
  readonly ended: Promise<void>
}

/** Server-sent events, from the one after `last` on. */
const follow = (apiUrl: string, last: number | undefined): Stream => {
  const seen: StoredEvent[] = []
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const read = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${operateToken}`, accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': String(last) }) }
    const { body } = await fetch(`${apiUrl}/api/v1/events`, { headers, signal: over.signal })
    if (body === null) throw new Error('no body')
    let text = ''
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
      text += part
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const data = /^data: (?<data>.*)$/m.exec(frame)?.groups?.['data']
        const id = /^id: (?<id>\d+)$/m.exec(frame)?.groups?.['id']
        if (data === undefined) continue
        const event = JSON.parse(data) as StoredEvent
        expect(String(event.id)).toBe(id)
        seen.push(event)
      }
    }
  }
  // A server that ends cuts its streams off.
  return { seen, ended: read().catch(() => undefined) }
}

const lastOf = (events: readonly StoredEvent[]): number => events.at(-1)?.id ?? expect.fail('no event was seen')

describe('events of a service', () => {
  it('are told as they happen, and from where a reader was after a restart: none twice, none left out, ids growing', { timeout: 60_000 }, async () => {
    const place = await begin('127.50.0')
    const { operated, msk } = place
    const first = await operated.start()
    const before = follow(operated.apiUrl, undefined)
    await expectFailover(place)
    await eventually(async () => before.seen.filter(({ kind }) => kind === 'written').length >= 2)
    expect(before.seen.some(({ kind, region, text }) => kind === 'health' && region === 'ams' && text.includes('up -> down'))).toBe(true)
    first.signal('SIGTERM')
    await Promise.all([first.ended, before.ended])

    const second = await operated.start()
    const resumed = follow(operated.apiUrl, lastOf(before.seen))
    await eventually(async () => resumed.seen.some(({ kind, text }) => kind === 'service' && text.startsWith('started')))
    expect((await operated.api('POST', `/api/v1/sites/${site}/regions/msk/drain`, { for: '1h', reason: 'kernel' })).status).toBe(200)
    await eventually(async () => resumed.seen.some(({ kind }) => kind === 'drained'))
    await untilA(place.server, site, [place.ams])
    second.signal('SIGKILL')
    await Promise.all([second.ended, resumed.ended])

    await operated.start()
    const last = follow(operated.apiUrl, lastOf(resumed.seen))
    expect((await operated.api('DELETE', `/api/v1/sites/${site}/regions/msk/drain`)).status).toBe(200)
    await untilA(place.server, site, [msk, place.ams])
    await eventually(async () => last.seen.some(({ kind }) => kind === 'undrained') && last.seen.some(({ kind }) => kind === 'written'))

    const told = [...before.seen, ...resumed.seen, ...last.seen].map(({ id }) => id)
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b))
    const kept = (await operated.events(`after=${(told[0] ?? 0) - 1}&limit=1000`)).map(({ id }) => id)
    // A kill loses what was not written yet, of the last half second, and nothing else; who follows was told of it.
    expect(kept.filter((id) => id <= (told.at(-1) ?? 0) && !told.includes(id))).toEqual([])
    expect(told.filter((id) => id <= lastOf(before.seen) && !kept.includes(id))).toEqual([])
    const newestFirst = (await operated.events('limit=3')).map(({ id }) => id)
    expect(newestFirst).toEqual(newestFirst.toSorted((a, b) => b - a))
  })
})
