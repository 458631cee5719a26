import { describe, expect, it } from 'vitest'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import type { DrainWindow, Site } from '../../src/core/site.ts'
import { createOrderBook } from '../../src/compose/windows.ts'
import { skipForMs } from '../../src/core/orders.ts'
import { type Schedule, spansOf, turnsWithin } from './turn-oracle.ts'

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

const windowOf = (window: Partial<DrainWindow>): DrainWindow => ({ region: 'msk', cron: '0 3 * * *', timeZone: 'UTC', forMs: hour, reason: 'updates', ...window })

const makeBench = (windows: readonly DrainWindow[], at: string | number) => {
  const site = { name: 'a.example', windows } as Site
  const bench = { orders: noOrders as Orders, now: typeof at === 'string' ? Date.parse(at) : at, logged: [] as string[] }
  const book = createOrderBook({ load: async () => bench.orders }, (name) => (name === site.name ? site : undefined), () => bench.now, (_, message) => void bench.logged.push(message))
  return Object.assign(bench, {
    load: (name = site.name) => book.load(name),
    next: (region = 'msk') => book.nextWindow(site.name, region),
    /** When the region is out until, if it is. */
    until: async (region = 'msk') => (await book.load(site.name)).drains[region]?.until,
  })
}

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())

describe('a planned window', () => {
  it('is a drain while it lasts', async () => {
    const bench = makeBench([windowOf({})], '2026-06-01T02:59:59.999Z')
    expect({ orders: await bench.load(), next: bench.next() }).toEqual({
      orders: noOrders,
      next: { since: Date.parse('2026-06-01T03:00Z'), until: Date.parse('2026-06-01T04:00Z'), region: 'msk', reason: 'updates' },
    })
    bench.now += 1
    const drain = { since: bench.now, until: bench.now + hour, reason: 'updates', by: 'the config', isForced: false, origin: 'window' }
    expect({ orders: await bench.load(), next: bench.next() }).toEqual({ orders: { drains: { msk: drain }, forces: {} }, next: expect.objectContaining({ since: bench.now + day }) })
    bench.now += hour - 1
    expect(await bench.load()).toEqual({ drains: { msk: drain }, forces: {} })
    bench.now += 1
    expect(await bench.load()).toEqual(noOrders)
  })

  it('gives way to an order, and to none of another region', async () => {
    const bench = makeBench([windowOf({}), windowOf({ region: '__proto__' }), windowOf({ region: 'constructor' })], '2026-06-01T03:30:00Z')
    const drain = { since: 1, until: undefined, reason: 'kernel', by: 'ann', isForced: true, origin: 'order' } as const
    bench.orders = { ...noOrders, pause: { until: 5, reason: '', by: '' }, drains: { msk: drain } }
    const { drains, ...others } = await bench.load()
    expect(others).toEqual({ pause: bench.orders.pause, forces: {} })
    expect(Object.entries(drains).map(([region, { origin }]) => [region, origin]).toSorted()).toEqual([['__proto__', 'window'], ['constructor', 'window'], ['msk', 'order']])
  })

  it('does not count while it is skipped', async () => {
    const bench = makeBench([windowOf({}), windowOf({ region: 'ams' })], '2026-06-01T03:30:00Z')
    const skip = async (until: number): Promise<readonly string[]> => {
      bench.orders = { ...noOrders, skips: { msk: until } }
      return Object.keys((await bench.load()).drains).toSorted()
    }
    expect([await skip(bench.now + 1), await skip(bench.now)]).toEqual([['ams'], ['ams', 'msk']])
    expect([skipForMs(bench.now + hour, bench.now), skipForMs(bench.now - hour, bench.now)]).toEqual([hour + minute, minute])
  })

  it('of several of a region the one counts that lasts longest, and the one is next that comes first', async () => {
    const bench = makeBench([windowOf({ forMs: 3 * hour, reason: 'long' }), windowOf({ cron: '0 4 * * *', reason: 'short' })], '2026-06-01T04:30:00Z')
    expect((await bench.load()).drains['msk']).toMatchObject({ reason: 'long', until: bench.now + 1.5 * hour })
    expect(bench.next()).toMatchObject({ reason: 'long', since: bench.now + 22.5 * hour })
    expect(bench.next('ams')).toBeUndefined()
  })

  it.each([
    ['every second hour for three', '0 */2 * * *', 3 * hour, 100],
    ['every hour for one', '0 * * * *', hour, 100],
    ['every second for a minute', '* * * * * *', minute, 0.02],
  ])('%s never ends', async (_, cron, forMs, atLeastHours) => {
    const bench = makeBench([windowOf({ cron, forMs })], '2026-06-01T03:30:00.500Z')
    for (let passed = 0; passed < 10; passed += 1) {
      const drain = (await bench.load()).drains['msk']
      expect(drain?.since).toBeLessThanOrEqual(bench.now)
      expect(drain?.until).toBeGreaterThan(bench.now)
      if (passed === 0) expect(drain?.until).toBeGreaterThan(bench.now + atLeastHours * hour)
      bench.now = drain?.until ?? NaN
    }
  })

  it('follows a clock that is set, back and forth', async () => {
    const bench = makeBench([windowOf({})], '2026-06-01T03:30:00Z')
    const expected: (string | undefined)[] = []
    const seen: (string | undefined)[] = []
    for (const [at, until] of [['2026-06-01T03:30Z', '2026-06-01T04:00'], ['2026-05-30T12:00Z', undefined], ['2026-05-30T03:01Z', '2026-05-30T04:00'], ['2031-06-01T03:59Z', '2031-06-01T04:00'], ['2026-06-01T05:00Z', undefined], ['2026-06-01T03:00Z', '2026-06-01T04:00']] as const) {
      bench.now = Date.parse(at)
      seen.push(iso(await bench.until()))
      expected.push(until === undefined ? undefined : `${until}:00.000Z`)
    }
    expect(seen).toEqual(expected)
  })

  it.each([
    ['a day that is left out: with the jump', '30 2 * * *', 'Europe/Amsterdam', '2026-03-28T12:00Z', '2026-03-29T01:00:00.000Z'],
    ['an hour that comes twice: the first time', '30 2 * * *', 'Europe/Amsterdam', '2026-10-24T12:00Z', '2026-10-25T00:30:00.000Z'],
    ['not again the second time', '30 2 * * *', 'Europe/Amsterdam', '2026-10-25T00:45Z', '2026-10-26T01:30:00.000Z'],
    ['a leap day', '0 3 29 2 *', 'Europe/Amsterdam', '2026-10-25T00:45Z', '2028-02-29T02:00:00.000Z'],
    ['a leap day of a century', '0 3 29 2 *', 'UTC', '2096-03-01T00:00Z', '2104-02-29T03:00:00.000Z'],
    ['the last day of a month', '0 3 L * *', 'UTC', '2028-02-01T00:00Z', '2028-02-29T03:00:00.000Z'],
    ['seconds', '15 0 3 * * *', 'Asia/Kathmandu', '2026-02-01T00:00Z', '2026-02-01T21:15:15.000Z'],
    ['a day that never comes', '0 3 30 2 *', 'UTC', '2026-02-01T00:00Z', undefined],
  ])('begins next on %s', (_, cron, timeZone, at, expected) => {
    expect(iso(makeBench([windowOf({ cron, timeZone })], at).next()?.since)).toBe(expected)
  })

  it('whose expression cannot be read never begins, and is said once', async () => {
    const bench = makeBench([windowOf({ cron: 'often' }), windowOf({ region: 'ams' })], '2026-06-01T03:30:00Z')
    expect([await bench.load(), await bench.load()].map(({ drains }) => Object.keys(drains))).toEqual([['ams'], ['ams']])
    expect(bench.logged).toEqual([expect.stringMatching(/^the planned window of msk \(often, UTC\) never begins: /)])
  })

  it('concerns no site that is not there', async () => {
    expect(await makeBench([windowOf({})], '2026-06-01T03:30:00Z').load('b.example')).toBe(noOrders)
  })
})

const year = { from: Date.UTC(2028, 0, 1), to: Date.UTC(2029, 0, 1) }

const schedules: readonly (Schedule & { readonly forMs: number })[] = [
  { cron: '30 2 * * *', timeZone: 'Europe/Amsterdam', forMs: 45 * minute, isTurn: ({ hour: h, minute: m }) => h === 2 && m === 30, fixed: [2, 30] },
  { cron: '15 30 2 * * 0', timeZone: 'Europe/Amsterdam', forMs: 2 * hour, isTurn: ({ weekday, hour: h, minute: m }) => weekday === 0 && h === 2 && m === 30, fixed: [2, 30], second: 15 },
  { cron: '*/20 1-3 * * *', timeZone: 'Europe/Amsterdam', forMs: 7 * minute + 30 * second, isTurn: ({ hour: h, minute: m }) => h >= 1 && h <= 3 && m % 20 === 0 },
  { cron: '*/20 1-3 * * *', timeZone: 'Europe/Amsterdam', forMs: 20 * minute, isTurn: ({ hour: h, minute: m }) => h >= 1 && h <= 3 && m % 20 === 0 },
  { cron: '0 */6 * * *', timeZone: 'Australia/Lord_Howe', forMs: hour + 1, isTurn: ({ hour: h, minute: m }) => h % 6 === 0 && m === 0 },
  { cron: '45 23 29 2 *', timeZone: 'America/St_Johns', forMs: 3 * day, isTurn: (w) => w.month === 2 && w.day === 29 && w.hour === 23 && w.minute === 45, fixed: [23, 45] },
  { cron: '0 4 1 * 1', timeZone: 'America/New_York', forMs: 26 * hour, isTurn: (w) => (w.day === 1 || w.weekday === 1) && w.hour === 4 && w.minute === 0, fixed: [4, 0] },
  { cron: '0 2,14 * * 1-5', timeZone: 'America/New_York', forMs: 12 * hour, isTurn: ({ weekday, hour: h, minute: m }) => weekday >= 1 && weekday <= 5 && (h === 2 || h === 14) && m === 0 },
]

describe.each(schedules)('$cron in $timeZone for $forMs ms', (schedule) => {
  const { from, to } = year
  const spans = spansOf(turnsWithin(schedule, from - 10 * day, to + 40 * day), schedule.forMs)
  const spanAt = (at: number) => spans.find(({ since, until }) => since <= at && at < until)

  it('is what every minute of a leap year says', async () => {
    const bench = makeBench([windowOf(schedule)], from)
    const wrong: unknown[] = []
    let at = 0
    for (; bench.now < to; bench.now += minute) {
      while ((spans[at]?.until ?? Infinity) <= bench.now) at += 1
      const first = spans[at]
      const expected = first !== undefined && first.since <= bench.now ? first : undefined
      const drain = (await bench.load()).drains['msk']
      if (drain?.since !== expected?.since || drain?.until !== expected?.until) wrong.push([iso(bench.now), iso(drain?.since), iso(drain?.until), iso(expected?.since), iso(expected?.until)])
    }
    expect(wrong.slice(0, 3)).toEqual([])
  })

  it('is so at once, whenever it is first asked', async () => {
    const edges = spans.filter(({ since }) => since > from && since < to).flatMap(({ since, until }) => [since - 1, since, since + 500, until - 1, until, until + 1])
    const times = edges.filter((_, index) => index % Math.ceil(edges.length / 300) === 0)
    for (const at of times) {
      const bench = makeBench([windowOf(schedule)], at)
      const [drain, expected] = [(await bench.load()).drains['msk'], spanAt(at)]
      expect([iso(at), iso(drain?.since), iso(drain?.until)]).toEqual([iso(at), iso(expected?.since), iso(expected?.until)])
      const next = spans.find(({ since }) => since > at)
      expect([iso(at), iso(bench.next()?.since), iso(bench.next()?.until)]).toEqual([iso(at), ...(next === undefined ? [undefined, undefined].map(() => expect.anything()) : [iso(next.since), iso(next.until)])])
    }
  })
})
