import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { openHistory } from '../../src/history/open-history.ts'
import { makeFolder } from '../store/folder.ts'
import { useHistories } from './running.ts'
import { addressView, ams, checked, down, failed, msk, passed, regionView, site, siteView, up } from './samples.ts'

const start = useHistories()

const idsOf = (events: readonly StoredEvent[]): readonly number[] => events.map(({ id }) => id)

it('keeps what happened over a restart, with ids that grow on', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const first = start(file)
  first.history.engine(down(performance.now() - 1_500))
  first.history.operator({ site, region: 'msk', actor: { name: 'anna', via: 'api' }, text: 'drained msk', data: { forMs: 1 } })
  first.history.webhook({ source: 'kuma', site, region: 'msk', level: 'warn', text: 'kuma says down', data: {} })
  first.history.service({ level: 'info', text: 'started', data: { event: 'started' } })
  await first.history.close()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const second = start(file)
  second.history.engine(up())
  const { events, trouble } = await second.history.events({ limit: 10 })
  expect(trouble).toBeNull()
  expect(events.map(({ kind }) => kind)).toEqual(['health', 'service', 'webhook', 'operator', 'health'])
  expect(idsOf(events)).toEqual(idsOf(events).toSorted((a, b) => b - a))
  expect(events.at(-1)).toMatchObject({ site, region: 'msk', address: msk, level: 'info', text: `${site}: health`, data: { to: 'down', cause: 'status' } })
  expect([...first.lines, ...second.lines]).toEqual([])
})

it('gives ids on where the clock was set back over a restart', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const first = start(file)
  first.history.engine(down())
  await first.history.close()
  const { history } = start(file, { wallNow: () => 1_000_000 })
  history.engine(up())
  const { events } = await history.events({ after: 0, limit: 10 })
  expect(events.map(({ text, data }) => [text, data])).toMatchObject([[`${site}: health`, { to: 'down' }], [`${site}: health`, { to: 'up' }]])
})

it('answers by site, region, kind, time and page', async () => {
  const { history } = start(join(await makeFolder(), 'history.sqlite'))
  for (let index = 0; index < 5; index++) history.engine(index % 2 === 0 ? down() : up())
  history.service({ level: 'info', text: 'still here' })
  const all = (await history.events({ limit: 100 })).events
  expect(all).toHaveLength(6)
  const text = async (query: Parameters<typeof history.events>[0]): Promise<readonly number[]> => idsOf((await history.events(query)).events)
  const ids = idsOf(all)
  expect(await text({ site, limit: 100 })).toEqual(ids.slice(1))
  expect(await text({ region: 'msk', limit: 2 })).toEqual(ids.slice(1, 3))
  expect(await text({ kinds: ['service'], limit: 2 })).toEqual(ids.slice(0, 1))
  expect(await text({ kinds: [], limit: 2 })).toEqual([])
  expect(await text({ before: ids[2], limit: 2 })).toEqual(ids.slice(3, 5))
  expect(await text({ after: ids[5], limit: 2 })).toEqual([ids[4], ids[3]])
  expect(await text({ since: '2999-01-01T00:00:00Z', limit: 2 })).toEqual([])
  expect(await text({ until: '2999-01-01T00:00:00Z', limit: 1 })).toEqual([ids[0]])
})

it('sums checks and samples up, and tells them by series, days and report, to a reader beside it too', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const begin = Date.parse('2026-03-01T10:00:00Z')
  let passedMs = 0
  const { history } = start(file, { now: () => passedMs, wallNow: () => begin + passedMs, toWall: (ms) => begin + ms })
  const good = siteView(regionView('msk', addressView(msk, 'up', true)), regionView('ams', addressView(ams, 'up', true)))
  const bad = siteView(regionView('msk', addressView(msk, 'down', true)), regionView('ams', addressView(ams, 'up', true)))
  history.sample([good])
  for (let second = 5; second <= 300; second += 5) {
    passedMs = second * 1000
    history.engine(checked(second <= 150 ? passed(20) : failed()))
    if (second === 155) history.engine(down(151_000))
    history.sample([second >= 150 ? bad : good])
  }
  await history.close()
  const reader = openHistory(file, () => begin + passedMs)
  const range = { sinceMs: begin, untilMs: begin + 300_000 }
  const { points, trouble } = await reader.series({ site, address: msk, stepMs: 60_000, ...range })
  expect(trouble).toBeNull()
  expect(points.map(({ at, ok, failed: bads, causes }) => [at.slice(11, 16), ok, bads, causes])).toEqual([
    ['10:00', 11, 0, {}],
    ['10:01', 12, 0, {}],
    ['10:02', 7, 5, { status: 5 }],
    ['10:03', 0, 12, { status: 12 }],
    ['10:04', 0, 12, { status: 12 }],
  ])
  expect(points[0]).toMatchObject({ latency: { minMs: 20, p50Ms: 20, p95Ms: 20, maxMs: 20 }, phases: { connect: 1, tls: 2, headers: 17 }, certificateDays: 40 })
  const report = await reader.report({ sites: [site], ...range })
  expect(report.sites[0]).toMatchObject({
    availability: 1,
    coverage: 1,
    regions: [
      { region: 'ams', availability: 1, incidents: 0, downMs: 0 },
      { region: 'msk', availability: 0.5, incidents: 1, downMs: 150_000 },
    ],
    incidents: [{ kind: 'down', cause: 'status', startedAt: '2026-03-01T10:02:31.000Z', endedAt: null, durationMs: 149_000, detectMs: 4_000 }],
  })
  const { days } = await reader.days({ site, ...range })
  expect(days).toMatchObject([{ day: '2026-03-01', region: null, availability: 1, degradedMs: 150_000 }, { region: 'ams' }, { region: 'msk', availability: 0.5, downMs: 150_000 }])
  reader.close()
})

it('gives a follower what it missed, and then what comes, each once and in order', async () => {
  const { history } = start(join(await makeFolder(), 'history.sqlite'))
  for (let index = 0; index < 1_200; index++) history.engine(down())
  const { events } = await history.events({ after: 0, limit: 3 })
  const seen: number[] = []
  const stop = new AbortController()
  const all = new Promise<void>((resolve) => {
    history.follow(events[0]?.id, ({ id }) => {
      seen.push(id)
      if (seen.length === 1_299) resolve()
    }, stop.signal)
  })
  for (let index = 0; index < 100; index++) history.engine(up())
  await all
  expect(seen[0]).toBe(events[1]?.id)
  expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b))
  stop.abort()
  history.engine(up())
  expect(seen).toHaveLength(1_299)
})

it('keeps all in memory where no file is wanted', async () => {
  const { history, lines } = start(':memory:')
  history.engine(down())
  history.engine(checked(passed(5)))
  expect((await history.events({ limit: 10 })).events).toHaveLength(1)
  const range = { sinceMs: Date.now() - 600_000, untilMs: Date.now() + 600_000 }
  expect((await history.series({ site, address: msk, stepMs: 60_000, ...range })).points).toMatchObject([{ ok: 1 }])
  await history.close()
  expect(lines).toEqual([])
  expect(existsSync(':memory:')).toBe(false)
})

it('keeps no secret of what others say, and changes no word of its own', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const { history } = start(file, { redact: (text) => text.replaceAll('hunter2', '[secret]') })
  history.operator({ site, actor: { name: 'hunter2', via: 'api' }, text: 'drained: hunter2', data: { reason: 'hunter2', deep: [{ detail: 'a hunter2 b' }] } })
  expect((await history.events({ limit: 1 })).events).toMatchObject([
    { text: 'drained: [secret]', data: { actor: { name: 'hunter2' }, data: { reason: '[secret]', deep: [{ detail: 'a [secret] b' }] } } },
  ])
})

it('does nothing more once it is closed', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const { history, lines } = start(file)
  await history.close()
  await history.close()
  history.engine(down())
  history.sample([])
  history.service({ level: 'info', text: 'late' })
  expect(await history.events({ limit: 1 })).toEqual({ events: [], trouble: 'the history cannot be read: the history is closed' })
  expect(lines).toEqual([])
})

it('lets a follower go whose listener throws, and no other', async () => {
  const { history, lines } = start(join(await makeFolder(), 'history.sqlite'))
  const seen: number[] = []
  history.follow(undefined, () => {
    throw new Error('no more')
  }, new AbortController().signal)
  history.follow(undefined, ({ id }) => seen.push(id), new AbortController().signal)
  await history.events({ limit: 1 })
  history.engine(down())
  history.engine(up())
  expect(seen).toHaveLength(2)
  expect(lines).toEqual(['warn a reader that followed the events was let go: no more'])
})

it('can be read by a command while the service writes, and where there is none yet', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const reader = openHistory(file, () => Date.now())
  expect(await reader.events({ limit: 1 })).toEqual({ events: [], trouble: `there is no history yet: no file ${file}. A service keeps it` })
  expect(existsSync(file)).toBe(false)
  const { history } = start(file)
  for (const count of [1, 2, 3]) {
    history.engine(down())
    await history.events({ limit: 1 })
    const { events, trouble } = await reader.events({ limit: 10 })
    expect([events.length, trouble]).toEqual([count, null])
  }
  reader.close()
})
