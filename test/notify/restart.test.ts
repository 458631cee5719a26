import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { alertKinds } from '../../src/core/alert.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { createNotifier, type Notifier } from '../../src/notify/notifier.ts'
import type { NotifyTarget } from '../../src/notify/target.ts'
import { createToldFile } from '../../src/notify/told-file.ts'
import { makeFolder } from '../store/folder.ts'
import { ams, cycled, down, health, mode, msk, site, up } from './happenings.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { pagerdutyShape } from './shapes.ts'

const target = (url: string, change: Partial<NotifyTarget> = {}): NotifyTarget => ({ name: 'on-call', type: 'pagerduty', url, secret: 'routing-key-of-exactly-32-chars0', sites: [], kinds: alertKinds, groupMs: 0, perHour: 1000, ...change })

interface Run extends AsyncDisposable {
  readonly notifier: Notifier
  readonly log: readonly string[]
}

interface Bench {
  readonly file: string
  readonly receiver: Receiver
  /** As a process would, with what the one before left in its file. `laterMs`: so much later than now. */
  start(more?: { readonly contentMs?: number; readonly targets?: readonly NotifyTarget[]; readonly addresses?: readonly string[]; readonly sites?: readonly string[]; readonly laterMs?: () => number }): Run
  /** What came: `trigger key` or `resolve key`. */
  events(): readonly string[]
}

const makeBench = async (answer?: Parameters<typeof startReceiver>[0]): Promise<Bench> => {
  const file = join(await makeFolder(), 'alerts.json')
  const receiver = await startReceiver(answer ?? ((response) => void response.writeHead(202).end()))
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  return {
    file,
    receiver,
    start: ({ contentMs = 0, targets = [target(receiver.url)], addresses, sites = [site], laterMs = () => 0 } = {}) => {
      const log: string[] = []
      const say = (level: string, message: string): void => void log.push(`${level} ${message}`)
      const clock = { ...systemClock, wallNow: () => Date.now() + laterMs() }
      const notifier = createNotifier({ targets, addressesOf: () => addresses, sites: () => sites.map((name) => ({ name, provider: 'cf' })), contentMsOf: () => contentMs, told: createToldFile(file, say), clock, random: () => 0, log: say, redact: (text) => text })
      return { notifier, log, [Symbol.asyncDispose]: () => notifier.close() }
    },
    events: () =>
      receiver.received.map(({ body }) => {
        const { event_action: action, dedup_key: key } = pagerdutyShape.parse(JSON.parse(body))
        return `${action} ${key}`
      }),
  }
}

const downKey = `region-down/${site}/${msk}`
const degradedKey = `degraded/${site}`
const openIn = async (file: string): Promise<readonly string[]> => (JSON.parse(await readFile(file, 'utf8')) as { readonly open: readonly { readonly key: string }[] }).open.map(({ key }) => key)
/** The disk may be busy. */
const untilOpen = (file: string, keys: readonly string[]): Promise<void> => expect.poll(() => openIn(file).catch(() => undefined), { timeout: 30_000 }).toEqual(keys)
const regionDown: Partial<NotifyTarget> = { kinds: ['region-down'] }

/** Tells this before a restart. */
const before = async (bench: Bench, events: readonly EngineEvent[], count: number, targets: readonly NotifyTarget[] = [target(bench.receiver.url)]): Promise<void> => {
  const run = bench.start({ targets })
  for (const event of events) run.notifier.event(event)
  await bench.receiver.until(count)
  await run.notifier.close()
  await expect.poll(async () => (await openIn(bench.file).catch(() => [])).length, { timeout: 30_000 }).toBe(count)
}

it('closes an incident whose region came up while the service did not run, once', async () => {
  const bench = await makeBench()
  const targets = [target(bench.receiver.url, regionDown)]
  await before(bench, [down()], 1, targets)
  const run = bench.start({ targets })
  run.notifier.event(cycled())
  run.notifier.event(health('ams', ams, 'unknown', 'up'))
  run.notifier.event(health('msk', msk, 'unknown', 'up'))
  await bench.receiver.until(2)
  await run.notifier.close()
  await untilOpen(bench.file, [])
  const third = bench.start({ targets })
  third.notifier.event(health('msk', msk, 'unknown', 'up'))
  await third.notifier.close()
  expect(bench.events()).toEqual([`trigger ${downKey}`, `resolve ${downKey}`])
  expect([...run.log, ...third.log]).toEqual([])
})

it('tells it again where it lasts, and closes it when it is over, also if both go out as one message', async () => {
  const bench = await makeBench()
  const targets = [target(bench.receiver.url, { ...regionDown, groupMs: 300 })]
  await before(bench, [down()], 1, targets)
  await using run = bench.start({ targets })
  run.notifier.event(health('msk', msk, 'unknown', 'down'))
  run.notifier.event(up())
  await bench.receiver.until(2)
  expect(bench.events()).toEqual([`trigger ${downKey}`, `resolve ${downKey}`])
})

it('closes what was closed in vain: the end could not be delivered before the stop', async () => {
  const bench = await makeBench((response, count) => void (count === 1 ? undefined : response.writeHead(202).end()))
  const targets = [target(bench.receiver.url, regionDown)]
  const first = bench.start({ targets })
  first.notifier.event(down())
  await bench.receiver.until(1)
  first.notifier.event(up())
  await bench.receiver.until(2)
  await first.notifier.close()
  await untilOpen(bench.file, [downKey])
  await using run = bench.start({ targets })
  run.notifier.event(health('msk', msk, 'unknown', 'up'))
  await bench.receiver.until(3)
  expect(bench.events()).toEqual([`trigger ${downKey}`, `resolve ${downKey}`, `resolve ${downKey}`])
})

it('closes what is about an address that the site has no more, and about a site that is watched no more', async () => {
  const bench = await makeBench()
  const targets = [target(bench.receiver.url, regionDown)]
  await before(bench, [down(), down('ams', ams)], 2, targets)
  const gone = bench.start({ targets, addresses: [ams] })
  gone.notifier.event(cycled('read-failed'))
  await bench.receiver.until(3)
  await gone.notifier.close()
  await untilOpen(bench.file, [`region-down/${site}/${ams}`])
  await using run = bench.start({ targets, sites: ['other.example.com'] })
  run.notifier.event({ ...cycled(), site: 'other.example.com' })
  await bench.receiver.until(4)
  expect(bench.events().slice(2)).toEqual([`resolve ${downKey}`, `resolve region-down/${site}/${ams}`])
})

it('closes all else once the site is settled and says nothing of it, and nothing while that is not so', async () => {
  const bench = await makeBench()
  let laterMs = 0
  await before(bench, [down(), mode('blind'), { site, kind: 'provider-failed', text: 'HTTP 503' }, { site, kind: 'site-failed', text: 'boom', againMs: 1 }], 5)
  const run = bench.start({ laterMs: () => laterMs })
  const hear = (...events: readonly EngineEvent[]): void => {
    for (const event of events) run.notifier.event(event)
  }
  hear(cycled('read-failed'), mode('undecided'))
  laterMs = 600_000
  hear(cycled('read-failed'), cycled())
  laterMs += 119_000
  hear(cycled())
  await run.notifier.close()
  expect(bench.events().slice(5)).toEqual([])

  await using last = bench.start({ laterMs: () => laterMs })
  last.notifier.event(mode('undecided'))
  last.notifier.event(cycled())
  laterMs += 120_000
  // A site that is in order has no more cycles, only checks.
  last.notifier.event({ site, kind: 'checked', region: 'ams', address: ams, result: { kind: 'ok', startedAt: 0, finishedAt: 1, timing: { totalMs: 1 } } })
  await bench.receiver.until(8)
  expect(bench.events().slice(5).toSorted()).toEqual([`resolve ${degradedKey}`, 'resolve provider-failing/cf', `resolve site-failed/${site}`])
  last.notifier.event(mode('normal'))
  last.notifier.event(health('msk', msk, 'unknown', 'up'))
  await bench.receiver.until(10)
  expect(bench.events().slice(8)).toEqual([`resolve blind/${site}/v4`, `resolve ${downKey}`])
})

it('closes what a site was in that is normal from its first decision on, of which nothing is said', async () => {
  const bench = await makeBench()
  let laterMs = 0
  await before(bench, [mode('blind')], 1)
  await using run = bench.start({ laterMs: () => laterMs })
  for (const later of [0, 119_000, 120_000]) {
    expect(bench.events()).toHaveLength(1)
    laterMs = later
    run.notifier.event(cycled())
  }
  await bench.receiver.until(2)
  expect(bench.events()).toEqual([`trigger blind/${site}/v4`, `resolve blind/${site}/v4`])
})

it('gives what is wrong with the content the time that it takes to come out', async () => {
  const bench = await makeBench()
  let laterMs = 0
  const stale: EngineEvent = { site, kind: 'stale', region: 'msk', writer: 'ams', lagMs: 60_000, ahead: 'fra', text: 'lacks what fra has' }
  const differs: EngineEvent = { site, kind: 'content-differs', path: '/index.html', text: 'msk 1, ams 2' }
  await before(bench, [stale, { site, kind: 'replication-suspected', text: 'ams stands still' }, differs, { site, kind: 'site-failed', text: 'boom', againMs: 1 }], 4)
  await using run = bench.start({ laterMs: () => laterMs, contentMs: 600_000 })
  for (const later of [0, 120_000, 599_000]) {
    laterMs = later
    run.notifier.event(cycled())
  }
  await bench.receiver.until(5)
  run.notifier.event(stale)
  laterMs = 600_000
  run.notifier.event(cycled())
  await bench.receiver.until(8)
  expect(bench.events().slice(4)).toEqual([`resolve site-failed/${site}`, `trigger stale/${site}/msk`, `resolve replication/${site}`, `resolve content/${site}//index.html`])
})

it('remembers the others where one is longer than what is read back', async () => {
  const bench = await makeBench()
  const differs: EngineEvent = { site, kind: 'content-differs', path: `/${'x'.repeat(1_500)}`, text: 'msk 1, ams 2' }
  const targets = [target(bench.receiver.url, { kinds: ['region-down', 'replication'] })]
  const first = bench.start({ targets })
  first.notifier.event(differs)
  first.notifier.event(down())
  await bench.receiver.until(2)
  await first.notifier.close()
  await untilOpen(bench.file, [downKey])
  const run = bench.start({ targets })
  await run.notifier.close()
  expect(run.log).toEqual([])
})

it.each([
  ['half a document', '{"version":1,"open":[{"target":"on-call","ke'],
  ['another shape', '{"version":1,"open":[{"target":7}]}'],
  ['a newer version', '{"version":2,"open":[]}'],
])('warns of a file that is damaged, %s, and goes on', async (_, text) => {
  const bench = await makeBench()
  await writeFile(bench.file, text)
  const run = bench.start({ targets: [target(bench.receiver.url, regionDown)] })
  run.notifier.event(down())
  await bench.receiver.until(1)
  await run.notifier.close()
  expect(run.log).toEqual([expect.stringMatching(/^warn .*alerts\.json cannot be read: .*the file is written anew with the next alert$/)])
  await untilOpen(bench.file, [downKey])
})

it('says once that the file cannot be written, and tells alerts all the same', async () => {
  const bench = await makeBench()
  const folder = await makeFolder()
  const log: string[] = []
  const told = createToldFile(join(folder, 'not-there', 'alerts.json'), (level, message) => void log.push(`${level} ${message}`))
  const alerts = [down(), up(), down('ams', ams)]
  const notifier = createNotifier({ targets: [target(bench.receiver.url, regionDown)], addressesOf: () => undefined, sites: () => [], told, clock: systemClock, random: () => 0, log: () => undefined, redact: (text) => text })
  for (const [index, event] of alerts.entries()) {
    notifier.event(event)
    await bench.receiver.until(index + 1)
  }
  await notifier.close()
  expect(log).toEqual([expect.stringMatching(/^warn what alerts are open cannot be kept: ENOENT/)])
})

it('remembers no more than a thousand', async () => {
  const bench = await makeBench()
  const log: string[] = []
  const told = createToldFile(bench.file, (level, message) => void log.push(`${level} ${message}`))
  const open = { kind: 'region-down' as const, site, region: undefined, address: undefined, severity: 'critical' as const, isResolved: false, isAgain: false, title: 'x', text: '', at: 1, facts: {} }
  for (let each = 0; each < 1_200; each += 1) told.opened('on-call', { ...open, key: `region-down/${each}` })
  await told.close()
  await expect.poll(async () => (await openIn(bench.file).catch(() => [])).length, { timeout: 30_000 }).toBe(1_000)
  expect(log).toEqual(['warn more than 1000 alerts are open; of the others it is not remembered over a restart that they were told'])
  told.keep([])
  await untilOpen(bench.file, [])
})
