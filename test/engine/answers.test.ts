import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { AnswerOutcome, NameServer } from '../../src/core/answer.ts'
import { askAnswers } from '../../src/engine/live-answers.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { createOperator } from '../../src/engine/operator/operator.ts'
import type { Operations } from '../../src/engine/operations.ts'
import { runSite } from '../../src/engine/run-site.ts'
import type { AnswersView } from '../../src/engine/views.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const serverAt = (last: number): NameServer => ({ name: `ns${last}.example.com`, endpoint: { address: `192.0.2.${last}` as Address, port: 53 } })

interface Desk extends Bench {
  readonly operations: Operations
  readonly name: string
  /** What each server answers from now on, by its name; undefined: as the bench does. `hangs`: nothing, until the signal aborts. */
  readonly says: Map<string, AnswerOutcome | 'hangs'>
  readonly servers: NameServer[]
  asked(): number
  during<T>(operation: Promise<T>): Promise<T>
}

const makeDesk = async (names = 1): Promise<Desk> => {
  const bench = makeBench()
  const says: Desk['says'] = new Map()
  const servers = [serverAt(53), serverAt(54)]
  let asked = 0
  const { authorities } = bench.ports
  const ports = {
    ...bench.ports,
    authorities: {
      servers: async () => servers,
      ask: async (server: NameServer, key: Parameters<typeof authorities.ask>[1], signal: AbortSignal) => {
        asked += 1
        const outcome = says.get(server.name)
        if (outcome === undefined) return { ...(await authorities.ask(server, key, signal)), server }
        const askedAt = bench.ports.clock.now()
        if (outcome === 'hangs') await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        return { server, askedAt, answeredAt: bench.ports.clock.now(), outcome: outcome === 'hangs' ? ({ kind: 'unreachable', detail: 'aborted' } as const) : outcome }
      },
    },
  }
  const lives = new Map<string, LiveSite>()
  const sites = Array.from({ length: names }, (_, index) => siteOf({ msk, ams }, index === 0 ? {} : { name: `other-${index}` }))
  for (const site of sites) void runSite(site, ports, timing, new AbortController().signal, { attach: (live) => void lives.set(site.name, live) })
  await bench.time.runUntil(minutes(3))
  const operations = createOperator({
    siteNames: () => [...lives.keys(), 'starting.example.com'],
    live: (name) => lives.get(name),
    writer: { setPause: async () => undefined, setDrain: async () => undefined, setForce: async () => undefined, skipWindow: async () => undefined },
    health: () => ({ ok: true, sites: [] }),
    expiresMs: () => 0,
    wallNow: bench.ports.clock.wallNow,
    told: () => undefined,
  })
  const during = async <T>(operation: Promise<T>): Promise<T> => {
    const progress = { isOver: false }
    const end = (): void => void (progress.isOver = true)
    operation.then(end, end)
    for (let step = 0; step < 100 && !progress.isOver; step += 1) await bench.time.runUntil(bench.time.now() + 50)
    return operation
  }
  return { ...bench, operations, name: sites[0]?.name ?? '', says, servers, asked: () => asked, during }
}

const answers = async (desk: Desk, name = desk.name): Promise<AnswersView> => {
  const outcome = await desk.during(desk.operations.answers(name))
  if (outcome.kind === 'refused') throw new Error(outcome.text)
  return outcome.value
}

it('tells what each name server answers now, beside what is published', async () => {
  const desk = await makeDesk()
  desk.says.set('ns54.example.com', { kind: 'answer', values: [msk], ttl: 30, serial: 3 })
  const { site, sets } = await answers(desk)
  expect([site, sets.map(({ name, type, published, servers }) => ({ name, type, published, servers }))]).toEqual([
    desk.name,
    [
      {
        name: desk.name,
        type: 'A',
        published: [msk, ams],
        servers: [
          { name: 'ns53.example.com', address: '192.0.2.53:53', standing: 'agrees', values: [msk, ams], ttl: 60, ms: 5, detail: null },
          { name: 'ns54.example.com', address: '192.0.2.54:53', standing: 'differs', values: [msk], ttl: 30, ms: 0, detail: null },
        ],
      },
    ],
  ])
})

it.each<[string, AnswerOutcome, Partial<AnswersView['sets'][number]['servers'][number]>]>([
  ['nothing', { kind: 'absent', rcode: 'NXDOMAIN', serial: 1 }, { standing: 'differs', values: [], detail: null }],
  ['an alias', { kind: 'alias', target: 'cdn.example.net' }, { standing: 'differs', values: null, detail: 'an alias to cdn.example.net' }],
  ['for another zone', { kind: 'lame', detail: 'answered REFUSED for the zone example.com' }, { standing: 'lame', values: null, detail: 'answered REFUSED for the zone example.com' }],
  ['not at all', { kind: 'unreachable', detail: 'ECONNREFUSED' }, { standing: 'unreachable', values: null, ms: null, detail: 'ECONNREFUSED' }],
])('tells of one that answers %s', async (_, outcome, expected) => {
  const desk = await makeDesk()
  desk.says.set('ns54.example.com', outcome)
  const { sets } = await answers(desk)
  expect(sets[0]?.servers[1]).toEqual({ name: 'ns54.example.com', address: '192.0.2.54:53', ttl: null, ms: 0, ...expected })
})

it('ends after two seconds, with what has come by then, however many servers say nothing', async () => {
  const desk = await makeDesk()
  desk.servers.push(...Array.from({ length: 60 }, (_, index) => serverAt(100 + index)))
  for (const { name } of desk.servers.slice(2)) desk.says.set(name, 'hangs')
  const from = desk.time.now()
  const { sets } = await answers(desk)
  expect(desk.time.now() - from).toBeLessThanOrEqual(2_050)
  expect(sets[0]?.servers.length).toBe(62)
  expect(sets[0]?.servers.slice(0, 3).map(({ standing, ms, detail }) => [standing, ms, detail])).toEqual([['agrees', 5, null], ['agrees', 5, null], ['unreachable', null, 'no answer within 2 s']])
  expect(new Set(sets[0]?.servers.slice(2).map(({ detail }) => detail))).toEqual(new Set(['no answer within 2 s']))
})

it('asks once for all who want to know within two seconds', async () => {
  const desk = await makeDesk()
  const before = desk.asked()
  const all = await desk.during(Promise.all(Array.from({ length: 50 }, () => desk.operations.answers(desk.name))))
  expect([desk.asked() - before, new Set(all.map((each) => (each.kind === 'done' ? each.value : each))).size]).toEqual([2, 1])
  await desk.time.runUntil(desk.time.now() + 1_500)
  await answers(desk)
  expect(desk.asked() - before).toBe(2)
  await desk.time.runUntil(desk.time.now() + 1_000)
  await answers(desk)
  expect(desk.asked() - before).toBe(4)
})

it('says until when caches may hold what was withdrawn, and what a server that lags goes on handing out', async () => {
  const desk = await makeDesk()
  expect((await answers(desk)).sets[0]?.cachedUntil).toBeNull()
  desk.world.dead.add(msk)
  await desk.time.runUntil(desk.time.now() + 30_000)
  const withdrawnAt = desk.history.at(-1)?.at ?? 0
  expect(desk.history.at(-1)?.values).toEqual([ams])
  const untilOf = async (): Promise<number> => Date.parse((await answers(desk)).sets[0]?.cachedUntil ?? '') - desk.world.wallOffset
  const until = await untilOf()
  expect(until).toBeGreaterThanOrEqual(withdrawnAt + 60_000)
  expect(until).toBeLessThanOrEqual(withdrawnAt + 62_000)
  desk.says.set('ns54.example.com', { kind: 'answer', values: [msk, ams], ttl: 300, serial: 1 })
  await desk.time.runUntil(desk.time.now() + 3_000)
  const from = desk.time.now()
  expect(await untilOf()).toBeGreaterThanOrEqual(from + 300_000)
  desk.says.clear()
  await desk.time.runUntil(withdrawnAt + 70_000)
  expect((await answers(desk)).sets[0]?.cachedUntil).toBeNull()
})

it('asks for no more than four sites at once', async () => {
  const desk = await makeDesk(6)
  for (const { name } of desk.servers) desk.says.set(name, 'hangs')
  const all = await desk.during(Promise.all(desk.operations.siteNames().slice(0, 6).map((name) => desk.operations.answers(name))))
  expect(all.map((each) => (each.kind === 'done' ? 'done' : each.code))).toEqual(['done', 'done', 'done', 'done', 'busy', 'busy'])
})

it('does not ask for a set that the name servers do not show', async () => {
  const bench = makeBench()
  const site = siteOf({ msk, ams })
  let live: LiveSite | undefined
  void runSite(site, bench.ports, timing, new AbortController().signal, { attach: (attached) => void (live = attached) })
  await bench.time.runUntil(minutes(1))
  if (live === undefined) throw new Error('nothing was attached')
  const [set] = live.current()
  if (set === undefined) throw new Error('no set')
  const { sets } = await askAnswers(live, [{ ...set, isHidden: true }], live.signal)
  expect(sets).toEqual([{ name: site.name, type: 'A', published: [msk, ams], servers: [], cachedUntil: null }])
})

it('refuses sites that there are not, or not yet', async () => {
  const desk = await makeDesk()
  const codes = await Promise.all(['nobody.example.com', 'starting.example.com'].map(async (name) => {
    const outcome = await desk.operations.answers(name)
    return outcome.kind === 'done' ? 'done' : outcome.code
  }))
  expect(codes).toEqual(['unknown-site', 'not-watched'])
})

it('has the overview, summaries and results of what is watched', async () => {
  const desk = await makeDesk()
  const { at: madeAt, sites: overview } = await desk.operations.overview()
  expect(madeAt).toBe(new Date(desk.ports.clock.wallNow()).toISOString())
  expect(overview.map(({ site, condition }) => [site, condition])).toEqual([[desk.name, 'healthy']])
  expect(desk.operations.summary(desk.name)).toEqual(overview[0])
  expect([desk.operations.summary('starting.example.com'), desk.operations.results('starting.example.com')]).toEqual([undefined, undefined])
  await desk.time.runUntil(desk.time.now() + minutes(3))
  desk.world.dead.add(msk)
  await desk.time.runUntil(desk.time.now() + 30_000)
  const results = desk.operations.results(desk.name)
  expect(results?.addresses.map(({ address, results: own }) => [address, own.length, own.at(-1)?.kind, own.at(-1)?.cause, own.at(-1)?.ms])).toEqual([
    [msk, 60, 'failed', 'refused', 10],
    [ams, 60, 'ok', null, 10],
  ])
  const times = (results?.addresses[0]?.results ?? []).map(({ at }) => at)
  expect(times).toEqual(times.toSorted())
  expect(Date.parse(times.at(-1) ?? '')).toBeLessThanOrEqual(desk.time.now() + desk.world.wallOffset)
})
