import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { alertKinds } from '../../src/core/alert.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { Log } from '../../src/notify/log.ts'
import { createNotifier, type Notifier } from '../../src/notify/notifier.ts'
import type { NotifyTarget } from '../../src/notify/target.ts'
import { fastClock } from './fast-clock.ts'
import { ams, cycled, down, health, mode, msk, site, up } from './happenings.ts'
import { type Received, startReceiver } from './receiver.ts'
import { jsonShape, pagerdutyShape } from './shapes.ts'

const target = (url: string, change: Partial<NotifyTarget> = {}): NotifyTarget => ({ name: 'ops', type: 'json', url: `${url}/s3cret-path`, secret: undefined, sites: [], kinds: ['region-down', 'region-up'], groupMs: 0, perHour: 1000, ...change })

interface Bench extends AsyncDisposable {
  readonly notifier: Notifier
  readonly log: readonly string[]
}

const start = (targets: readonly NotifyTarget[], factor = 1, addressesOf: (name: string) => readonly string[] | undefined = () => undefined, sites: readonly string[] = [site]): Bench => {
  const lines: string[] = []
  const log: Log = (level, message) => void lines.push(`${level} ${message}`)
  const notifier = createNotifier({ targets, addressesOf, sites: () => sites.map((name) => ({ name, provider: 'cf' })), clock: factor === 1 ? systemClock : fastClock(factor), random: () => 0, log, redact: (text) => text.replaceAll('hush', '[secret]') })
  return { notifier, log: lines, [Symbol.asyncDispose]: () => notifier.close() }
}

const states = ({ body }: Received): readonly string[] => jsonShape.parse(JSON.parse(body)).alerts.map(({ key, state, flaps }) => `${key.split('/')[2] ?? key} ${state}${flaps === 0 ? '' : ` ${flaps}`}`)
const idOf = ({ body }: Received): string => jsonShape.parse(JSON.parse(body)).id

it('sends what happens within a group as one message, and the next as another', async () => {
  await using receiver = await startReceiver()
  await using bench = start([target(receiver.url, { groupMs: 80 })])
  bench.notifier.event(down())
  bench.notifier.event(down('ams', ams))
  await receiver.until(1)
  bench.notifier.event(up())
  await receiver.until(2)
  expect(receiver.received.map(states)).toEqual([[`${msk} firing`, `${ams} firing`], [`${msk} resolved`]])
  expect(bench.log).toEqual([])
})

it('sends a thousand flaps as one message', async () => {
  await using receiver = await startReceiver()
  await using bench = start([target(receiver.url, { groupMs: 150 })])
  for (let flap = 0; flap < 500; flap += 1) {
    bench.notifier.event(down())
    bench.notifier.event(up())
  }
  await receiver.until(1)
  expect(receiver.received.map(states)).toEqual([[`${msk} flapped 500`]])
})

it('keeps to its pace, and tells with the next message what came meanwhile', async () => {
  await using receiver = await startReceiver()
  await using bench = start([target(receiver.url, { perHour: 2 })], 40_000)
  for (const event of [down(), up(), down(), up(), down()]) {
    bench.notifier.event(event)
    if (receiver.received.length === 0) await receiver.until(1)
  }
  await receiver.until(2)
  expect(receiver.received.map(states)).toEqual([[`${msk} firing`], [`${msk} firing 2`]])
})

it('tries again in order until it is taken, with one id, and says both once', async () => {
  await using receiver = await startReceiver((response, before) => void response.writeHead(before < 3 ? 503 : 200).end())
  await using bench = start([target(receiver.url, { secret: 'signing-key' })], 50)
  bench.notifier.event(down())
  await receiver.until(1)
  bench.notifier.event(down('ams', ams))
  await receiver.until(5)
  expect(receiver.received.flatMap(states)).toEqual([...Array<string>(4).fill(`${msk} firing`), `${ams} firing`])
  expect(new Set(receiver.received.map(idOf)).size).toBe(2)
  expect(bench.log).toEqual([
    `warn an alert to "ops" (${new URL(receiver.url).host}) could not be delivered: HTTP 503; it is tried again for up to an hour`,
    `info alerts to "ops" (${new URL(receiver.url).host}) go out again`,
  ])
})

it('comes back when it is told to, but no later than in five minutes', async () => {
  await using receiver = await startReceiver((response, before) => void response.writeHead(before < 2 ? 429 : 200, { 'retry-after': before === 0 ? '20' : '86400' }).end())
  const clock = fastClock(500)
  const came: number[] = []
  await using bench = start([target(receiver.url)], 500)
  bench.notifier.event(down())
  for (const count of [1, 2, 3]) {
    await receiver.until(count)
    came.push(clock.now())
  }
  const [first = 0, second = 0, third = 0] = came
  expect(second - first).toBeGreaterThanOrEqual(19_000)
  expect(third - second).toBeGreaterThanOrEqual(299_000)
  expect(third - second).toBeLessThan(3_600_000)
})

it('gives up what is not taken, says it once, and goes on', async () => {
  await using receiver = await startReceiver((response, before) => void response.writeHead(before < 2 ? 404 : 200).end())
  await using bench = start([target(receiver.url)])
  for (const [index, event] of [down(), up(), down()].entries()) {
    bench.notifier.event(event)
    await receiver.until(index + 1)
  }
  await bench.notifier.close()
  expect(receiver.received.map(states)).toEqual([[`${msk} firing`], [`${msk} resolved`], [`${msk} firing`]])
  expect(bench.log).toEqual([
    `error "ops" (${new URL(receiver.url).host}) does not take an alert: HTTP 404. It is not sent again; check the target's url and secret`,
    `info alerts to "ops" (${new URL(receiver.url).host}) go out again`,
  ])
})

it('gives up after an hour, and tells the number with the next', async () => {
  let isUp = false
  await using receiver = await startReceiver((response) => void response.writeHead(isUp ? 200 : 500).end())
  await using bench = start([target(receiver.url)], 100_000)
  bench.notifier.event(down())
  await expect.poll(() => bench.log.length).toBe(2)
  isUp = true
  const attempts = receiver.received.length
  expect(attempts).toBeLessThan(130)
  bench.notifier.event(up())
  await receiver.until(attempts + 1)
  expect(jsonShape.parse(JSON.parse(receiver.received.at(-1)?.body ?? '')).more).toBe(1)
  expect(bench.log[1]).toBe(`error an alert to "ops" (${new URL(receiver.url).host}) given up: an hour of attempts failed`)
})

it('lets no target wait for another that hangs, and ends in time all the same', async () => {
  await using dead = await startReceiver(() => undefined)
  await using receiver = await startReceiver()
  const bench = start([target(dead.url, { name: 'dead' }), target(receiver.url)], 4)
  bench.notifier.event(down())
  await receiver.until(1)
  await dead.until(1)
  for (let each = 0; each < 2000; each += 1) bench.notifier.event({ ...down(), site: `s${each}.example.com` })
  const since = Date.now()
  await bench.notifier.close()
  expect(Date.now() - since).toBeLessThan(2_000)
  expect(bench.log.filter((line) => line.includes('given up')).length).toBeGreaterThan(0)
})

it('sends at the end what waits for its group', async () => {
  await using receiver = await startReceiver()
  const bench = start([target(receiver.url, { groupMs: 600_000 })])
  bench.notifier.event(down())
  await bench.notifier.close()
  bench.notifier.event(up())
  expect(receiver.received.map(states)).toEqual([[`${msk} firing`]])
})

it('tells a provider that fails for fifty sites once, to each target of its own sites, and its end once', async () => {
  await using all = await startReceiver()
  await using some = await startReceiver()
  const names = Array.from({ length: 50 }, (_, each) => `s${each}.example.com`)
  const kinds = ['provider-failing'] as const
  const bench = start([target(all.url, { name: 'all', kinds, groupMs: 300 }), target(some.url, { name: 'some', kinds, groupMs: 300, sites: ['s7.example.com'] })], 1, undefined, names)
  for (const name of names) bench.notifier.event({ site: name, kind: 'provider-failed', text: 'HTTP 503' })
  await Promise.all([all.until(1), some.until(1)])
  for (const name of names) bench.notifier.event({ site: name, kind: 'provider-recovered' })
  await Promise.all([all.until(2), some.until(2)])
  await bench.notifier.close()
  const titles = ({ received }: typeof all) => received.map(({ body }) => jsonShape.parse(JSON.parse(body)).alerts.map(({ key, site: of, state, title }) => `${state} ${key} ${of}: ${title}`))
  expect(titles(all)).toEqual([
    ['firing provider-failing/cf s0.example.com: the DNS provider "cf" fails for 50 sites: s0.example.com, s1.example.com, s2.example.com and 47 more'],
    ['resolved provider-failing/cf s0.example.com: the DNS provider "cf" no longer fails for any of 50 sites'],
  ])
  expect(titles(some)).toEqual([
    ['firing provider-failing/cf s7.example.com: the DNS provider "cf" fails for s7.example.com'],
    ['resolved provider-failing/cf s7.example.com: the DNS provider of s7.example.com works again'],
  ])
})

it('ends a provider’s trouble for a target that was changed meanwhile only once it works for all of its sites', async () => {
  await using receiver = await startReceiver()
  const kinds = ['provider-failing'] as const
  await using bench = start([target(receiver.url, { kinds })], 1, undefined, ['a', 'b'])
  bench.notifier.event({ site: 'a', kind: 'provider-failed', text: 'HTTP 503' })
  bench.notifier.event({ site: 'b', kind: 'provider-failed', text: 'HTTP 503' })
  await receiver.until(2)
  bench.notifier.follow([target(receiver.url, { kinds, perHour: 999 })])
  bench.notifier.event({ site: 'a', kind: 'provider-recovered' })
  bench.notifier.event({ site: 'b', kind: 'provider-recovered' })
  await receiver.until(3)
  expect(receiver.received.map(({ body }) => jsonShape.parse(JSON.parse(body)).alerts.map(({ key, state }) => `${state} ${key}`))).toEqual([['firing provider-failing/cf'], ['firing provider-failing/cf'], ['resolved provider-failing/cf']])
})

it('tells each target what it asks for, and no secret', async () => {
  await using receiver = await startReceiver()
  const bench = start([target(receiver.url, { groupMs: 50, kinds: ['blind'], sites: [site] })])
  bench.notifier.event(down())
  bench.notifier.event({ ...mode('blind'), site: 'other.example.com' })
  bench.notifier.event(mode('blind'))
  await bench.notifier.close()
  expect(receiver.received.map(({ body }) => jsonShape.parse(JSON.parse(body)).alerts.map(({ key }) => key))).toEqual([[`blind/${site}/v4`]])

  await using other = await startReceiver()
  const secretive = start([target(other.url)])
  secretive.notifier.event(health('msk', msk, 'up', 'down', 'body (hush)'))
  await secretive.notifier.close()
  expect(other.received[0]?.body).toContain('[secret]')
  expect(other.received[0]?.body).not.toContain('hush')
})

it('opens and closes an incident by one key, even where only its beginning is asked for', async () => {
  await using receiver = await startReceiver((response) => void response.writeHead(202).end())
  const secret = randomBytes(16).toString('hex')
  const bench = start([target(receiver.url, { type: 'pagerduty', secret, kinds: ['region-down'] })])
  bench.notifier.event(down())
  await receiver.until(1)
  bench.notifier.event(up())
  await receiver.until(2)
  await bench.notifier.close()
  const events = receiver.received.map(({ body }) => pagerdutyShape.parse(JSON.parse(body)))
  expect(events.map(({ event_action: action, dedup_key: key }) => [action, key])).toEqual([['trigger', `region-down/${site}/${msk}`], ['resolve', `region-down/${site}/${msk}`]])
})

it('goes on with an incident at a time where it was interrupted', async () => {
  await using receiver = await startReceiver((response, before) => void response.writeHead(before === 1 ? 500 : 202).end())
  await using bench = start([target(receiver.url, { type: 'pagerduty', secret: randomBytes(16).toString('hex'), groupMs: 1000 })], 20)
  bench.notifier.event(down())
  bench.notifier.event(down('ams', ams))
  await receiver.until(3)
  const keys = receiver.received.map(({ body }) => pagerdutyShape.parse(JSON.parse(body)).dedup_key.split('/')[2])
  expect(keys).toEqual([msk, ams, ams])
})

it('tests each target, or one, at once and with what came of it', async () => {
  await using good = await startReceiver((response) => void response.writeHead(204).end())
  await using bad = await startReceiver((response) => void response.writeHead(403, { 'content-type': 'text/plain' }).end('invalid_token'))
  await using bench = start([target(good.url, { name: 'good', groupMs: 600_000, perHour: 1 }), target(bad.url, { name: 'bad' })])
  const results = await bench.notifier.test()
  expect(results.every(({ ms }) => ms >= 0 && ms < 5_000)).toBe(true)
  expect(results.map((result) => ({ ...result, ms: 0 }))).toEqual([
    { target: 'good', type: 'json', host: new URL(good.url).host, ok: true, detail: 'HTTP 204', ms: 0 },
    { target: 'bad', type: 'json', host: new URL(bad.url).host, ok: false, detail: 'HTTP 403 (invalid_token)', ms: 0 },
  ])
  expect((await bench.notifier.test('good')).map(({ target: name }) => name)).toEqual(['good'])
  expect(await bench.notifier.test('none')).toEqual([])
  expect(good.received.map(({ body }) => jsonShape.parse(JSON.parse(body)).isTest)).toEqual([true, true])
  expect(bench.log).toEqual([])
})

it('follows other targets: what stays keeps what waits, what goes sends it first', async () => {
  await using stays = await startReceiver()
  await using goes = await startReceiver()
  await using comes = await startReceiver()
  const bench = start([target(stays.url, { groupMs: 600_000 }), target(goes.url, { name: 'old', groupMs: 600_000 })])
  bench.notifier.event(down())
  bench.notifier.follow([target(stays.url, { groupMs: 600_000 }), target(comes.url, { name: 'new', groupMs: 600_000 })])
  await goes.until(1)
  expect(stays.received.length).toBe(0)
  bench.notifier.event(up())
  await bench.notifier.close()
  expect([stays, goes, comes].map(({ received }) => received.map(states))).toEqual([[[`${msk} flapped 1`]], [[`${msk} firing`]], [[`${msk} resolved`]]])
})

it('ends what was said of a site that is no longer watched', async () => {
  await using receiver = await startReceiver()
  await using bench = start([target(receiver.url, { kinds: alertKinds })])
  bench.notifier.event(mode('blind'))
  await receiver.until(1)
  bench.notifier.forget(site)
  await receiver.until(2)
  expect(receiver.received.map(states)).toEqual([['v4 firing'], ['v4 resolved']])
})

it('ends what was said of an address once the site has it no more', async () => {
  let addresses: readonly string[] | undefined
  await using receiver = await startReceiver()
  await using bench = start([target(receiver.url)], 1, () => addresses)
  bench.notifier.event(down())
  await receiver.until(1)
  for (const now of [undefined, [msk, ams], [ams]]) {
    addresses = now
    bench.notifier.event(cycled())
  }
  await receiver.until(2)
  expect(receiver.received.map(states)).toEqual([[`${msk} firing`], [`${msk} resolved`]])
})

it('never throws at whoever reports an event', async () => {
  await using bench = start([target('http://127.0.0.1:1')], 1, () => {
    throw new Error('boom')
  })
  bench.notifier.event(health('msk', msk, 'unknown', 'up'))
  bench.notifier.event(cycled())
  expect(bench.log).toEqual([`error a fault of this program's own kept an alert on ${site} (cycled): boom`])
})
