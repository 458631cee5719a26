import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/core/address.ts'
import type { SiteState } from '../../../src/core/site-state.ts'
import type { CycleOutcome } from '../../../src/engine/cycle.ts'
import type { CloudflareApi } from '../../fakes/cloudflare/cloudflare-api.ts'
import type { Fault, PlannedFault } from '../../fakes/cloudflare/fault.ts'
import { healths, resolved } from '../../core/known-sites.ts'
import { main, v4 } from '../../core/samples.ts'
import { type Bench, makeBench, mark, plantOurs, zone } from './bench.ts'

interface Scenario {
  readonly before: readonly Address[]
  readonly state: SiteState
  readonly after: readonly Address[]
  /** Writes that are enough. */
  readonly writes: number
  readonly body: (ids: readonly string[]) => unknown
}

const patch = (id: string | undefined, content: string): unknown => ({ id, type: 'A', name: main, content, ttl: 60 })

const scenarios: Readonly<Record<string, Scenario>> = {
  'withdraws an address': {
    before: [v4(1), v4(2)],
    state: resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: healths([v4(2)], [v4(1)]) }),
    after: [v4(2)],
    writes: 1,
    body: ([first]) => ({ deletes: [{ id: first }] }),
  },
  'turns a dead record into its replacement': {
    before: [v4(1), v4(2)],
    state: resolved({ msk: [v4(3)], ams: [v4(2)] }, { retired: { [v4(1)]: 'msk' }, health: healths([v4(2), v4(3)], [v4(1)]) }),
    after: [v4(2), v4(3)],
    writes: 1,
    body: ([first]) => ({ patches: [patch(first, v4(3))] }),
  },
  'adds an address': {
    before: [v4(1)],
    state: resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: healths([v4(1), v4(2)]) }),
    after: [v4(1), v4(2)],
    writes: 1,
    body: () => ({ posts: [{ type: 'A', name: main, content: v4(2), ttl: 60, proxied: false, comment: mark }] }),
  },
  'creates the records': {
    before: [],
    state: resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: healths([v4(1), v4(2)]) }),
    after: [v4(1), v4(2)],
    writes: 1,
    body: () => ({ posts: [v4(1), v4(2)].map((content) => ({ type: 'A', name: main, content, ttl: 60, proxied: false, comment: mark })) }),
  },
}

const failure = (code: number, message: string): unknown => ({ success: false, errors: [{ code, message }], messages: [], result: null })
const html = '<html><body>Attention required</body></html>'
const nothing = { success: true, errors: [], messages: [], result: null }

/** What is met once, the zone being untouched by it, and how the cycle that meets it ends. */
const faults: Readonly<Record<string, { readonly on: PlannedFault['on']; readonly fault: Fault; readonly ends: CycleOutcome['kind'] | 'as usual'; readonly skip?: number }>> = {
  'nothing': { on: 'other', fault: { kind: 'reset' }, ends: 'as usual' },
  'a 429 at the zones': { on: 'zones', fault: { kind: 'answer', status: 429, body: failure(971, 'slow down') }, ends: 'read-failed' },
  'HTML for the zones': { on: 'zones', fault: { kind: 'answer', status: 200, body: html }, ends: 'read-failed' },
  'a 429 at the list': { on: 'list', fault: { kind: 'answer', status: 429, body: failure(971, 'slow down'), headers: { 'retry-after': '86400' } }, ends: 'read-failed' },
  'a 500 at the list': { on: 'list', fault: { kind: 'answer', status: 500, body: failure(1000, 'oops') }, ends: 'read-failed' },
  'HTML for the list': { on: 'list', fault: { kind: 'answer', status: 200, body: html }, ends: 'read-failed' },
  'an empty body for the list': { on: 'list', fault: { kind: 'answer', status: 200, body: '' }, ends: 'read-failed' },
  'result null for the list': { on: 'list', fault: { kind: 'answer', status: 200, body: nothing }, ends: 'read-failed' },
  'an empty list that is no success': { on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, success: false, result: [] }) }, ends: 'read-failed' },
  'a list without its counts': { on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, result_info: undefined }) }, ends: 'read-failed' },
  'a list cut short': { on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, result: page.result.slice(0, -1) }) }, ends: 'as usual' },
  'a list cut short, counted': {
    on: 'list',
    fault: { kind: 'altered', alter: (page) => ({ ...page, result: page.result.slice(0, -1), result_info: { ...page.result_info, count: page.result.length - 1 } }) },
    ends: 'as usual',
  },
  'a list with a record twice': { on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, result: [...page.result.slice(0, -1), page.result[0]] }) }, ends: 'as usual' },
  'a list that stalls': { on: 'list', fault: { kind: 'stalled' }, ends: 'read-failed' },
  'a reset at the list': { on: 'list', fault: { kind: 'reset' }, ends: 'read-failed' },
  'a 429 at the write': { on: 'batch', fault: { kind: 'answer', status: 429, body: failure(971, 'slow down') }, ends: 'write-failed' },
  'a 403 with 10000 at the write': { on: 'batch', fault: { kind: 'answer', status: 403, body: failure(10_000, 'Authentication error') }, ends: 'write-failed' },
  'a 502 at the write': { on: 'batch', fault: { kind: 'answer', status: 502, body: html }, ends: 'write-unknown' },
  'a 502 although written': { on: 'batch', fault: { kind: 'answer', status: 502, body: html, isApplied: true }, ends: 'applied' },
  'no success at the write': { on: 'batch', fault: { kind: 'answer', status: 200, body: failure(10_013, 'unknown') }, ends: 'write-unknown' },
  'no success although written': { on: 'batch', fault: { kind: 'answer', status: 200, body: failure(10_013, 'unknown'), isApplied: true }, ends: 'applied' },
  'HTML although written': { on: 'batch', fault: { kind: 'answer', status: 200, body: html, isApplied: true }, ends: 'applied' },
  'result null although written': { on: 'batch', fault: { kind: 'answer', status: 200, body: nothing, isApplied: true }, ends: 'applied' },
  'a reset before the write': { on: 'batch', fault: { kind: 'reset' }, ends: 'write-unknown' },
  'a lost answer to the write': { on: 'batch', fault: { kind: 'reset', isApplied: true }, ends: 'applied' },
  'an answer to the write that stalls': { on: 'batch', fault: { kind: 'stalled' }, ends: 'applied' },
  'a 500 at the look back': { on: 'list', skip: 1, fault: { kind: 'answer', status: 500, body: html }, ends: 'applied' },
}

const runUntilDone = async (bench: Bench, state: SiteState): Promise<readonly CycleOutcome['kind'][]> => {
  const kinds: CycleOutcome['kind'][] = []
  while (kinds.length < 4) {
    const { kind } = await bench.cycle(state)
    kinds.push(kind)
    if (kind === 'applied' || kind === 'steady') break
  }
  return kinds
}

const prepared = async (scenario: Scenario): Promise<{ readonly bench: Bench; readonly ids: readonly string[] }> => {
  const bench = await makeBench({ timeoutMs: 400 })
  plantOurs(bench.api, scenario.before)
  const ids = bench.api.records(zone).filter((record) => record.name === main && record.type === 'A').map((record) => record.id)
  return { bench, ids }
}

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  it.each(Object.entries(faults))('through %s', async (_name, { on, fault, ends, skip = 0 }) => {
    const { bench, ids } = await prepared(scenario)
    const others = bench.others()
    bench.api.forget()
    bench.api.plan({ on, fault, skip })

    const kinds = await runUntilDone(bench, scenario.state)
    expect(kinds).toEqual(ends === 'as usual' || ends === 'applied' ? ['applied'] : [ends, 'applied'])

    expect(bench.values()).toEqual(scenario.after)
    expect(bench.others(), 'nothing else in the zone changed').toEqual(others)
    expect(bench.api.history(zone).length, 'one write where one is enough').toBe(scenario.writes)
    expect(bench.batches().at(-1)?.body).toEqual(scenario.body(ids))
    const writes = bench.api.transcript().filter(({ method }) => method !== 'GET')
    expect(writes, 'written by batches alone, which put nothing').toEqual(bench.batches())
    expect(writes.filter(({ body }) => Object.hasOwn(body as object, 'puts'))).toEqual([])
    expect(bench.said()).not.toContain(bench.api.token)
    bench.api.forget()
    expect((await bench.cycle(scenario.state)).kind).toBe('steady')
    expect(bench.api.transcript().length).toBe(1)
  })
})

const withdrawal = scenarios['withdraws an address']
const replacement = scenarios['turns a dead record into its replacement']
if (withdrawal === undefined || replacement === undefined) throw new Error('no such scenario')

describe("somebody else's edit just before the write", () => {
  const meanwhile = async (scenario: Scenario, act: (api: CloudflareApi, ids: readonly string[]) => void): Promise<Bench & { readonly kinds: readonly string[]; readonly before: unknown }> => {
    const { bench, ids } = await prepared(scenario)
    const before = bench.others()
    bench.api.forget()
    bench.api.plan({ on: 'batch', fault: { kind: 'meanwhile', act: () => act(bench.api, ids) } })
    return { ...bench, kinds: await runUntilDone(bench, scenario.state), before }
  }

  it('is kept, if it adds a record', async () => {
    const bench = await meanwhile(withdrawal, (api) => api.edit(zone, { posts: [{ name: main, type: 'A', content: '198.51.100.50', ttl: 300 }] }))
    expect({ kinds: bench.kinds, values: bench.values() }).toEqual({ kinds: ['applied'], values: [v4(2), '198.51.100.50'].toSorted() })
  })

  it('is enough, if it deletes what was to be deleted', async () => {
    const bench = await meanwhile(withdrawal, (api, ids) => api.edit(zone, { deletes: ids.slice(0, 1).map((id) => ({ id })) }))
    expect({ kinds: bench.kinds, values: bench.values(), writes: bench.api.history(zone).length }).toEqual({ kinds: ['applied'], values: [v4(2)], writes: 1 })
  })

  it('makes it plan anew, if the record that was to be turned is gone', async () => {
    const bench = await meanwhile(replacement, (api, ids) => api.edit(zone, { deletes: ids.slice(0, 1).map((id) => ({ id })) }))
    expect({ kinds: bench.kinds, values: bench.values(), others: bench.others() }).toEqual({ kinds: ['applied'], values: replacement.after, others: bench.before })
    expect(bench.batches().map(({ status }) => status)).toEqual([404, 200])
  })

  it('makes it plan anew, if what was to come is there', async () => {
    const bench = await meanwhile(replacement, (api) => api.edit(zone, { posts: [{ name: main, type: 'A', content: v4(3), ttl: 60 }] }))
    expect({ kinds: bench.kinds, values: bench.values() }).toEqual({ kinds: ['applied'], values: replacement.after })
    expect(bench.api.history(zone).map((records) => records.filter(({ name, type }) => name === main && type === 'A').length)).not.toContain(0)
  })

  it('is put right, if it deletes what was to stay', async () => {
    const bench = await meanwhile(withdrawal, (api, ids) => api.edit(zone, { deletes: ids.slice(1).map((id) => ({ id })) }))
    expect({ kinds: bench.kinds, values: bench.values(), isSaid: bench.said().includes('nothing of ours was left') }).toEqual({ kinds: ['applied'], values: withdrawal.after, isSaid: true })
  })

  it('is put right at once, if it leaves only what is foreign', async () => {
    const foreign = { name: main, type: 'A', content: '198.51.100.50', ttl: 300 }
    const bench = await meanwhile(withdrawal, (api, ids) => api.edit(zone, { deletes: ids.slice(1).map((id) => ({ id })), posts: [foreign] }))
    const isSaid = bench.said().includes('nothing of ours was left')
    expect({ kinds: bench.kinds, values: bench.values(), isSaid }).toEqual({ kinds: ['applied'], values: [v4(2), '198.51.100.50'], isSaid: true })
  })

  it('is a named obstacle, if it makes the name an alias', async () => {
    const { bench, ids } = await prepared(replacement)
    const act = (): void => {
      bench.api.edit(zone, { deletes: ids.map((id) => ({ id })) })
      bench.api.plant(zone, [{ name: main, type: 'CNAME', content: 'elsewhere.example.net', ttl: 60 }])
    }
    bench.api.plan({ on: 'batch', fault: { kind: 'meanwhile', act } })
    const outcome = await bench.cycle(replacement.state)
    expect(outcome).toMatchObject({ kind: 'read-failed', error: { code: 'rejected', obstacle: 'cname' } })
    expect(bench.values()).toEqual([])
  })

  it('leaves everything as it is, if it revokes the token', async () => {
    const { bench } = await prepared(withdrawal)
    const before = bench.api.records(zone)
    bench.api.plan({ on: 'list', fault: { kind: 'meanwhile', act: () => bench.api.revoke() } })
    const outcome = await bench.cycle(withdrawal.state)
    expect(outcome).toMatchObject({ kind: 'write-failed', error: { code: 'auth', outcome: 'unchanged' } })
    expect(bench.api.records(zone)).toEqual(before)
    expect(bench.said()).not.toContain(bench.api.token)
  })
})

it('asks twice in a first run that changes nothing: for the zone, and for its records', async () => {
  const { bench } = await prepared(withdrawal)
  bench.api.remove(zone, (record) => record.name === main && record.content === v4(1))
  bench.api.forget()
  expect(await bench.cycle(withdrawal.state)).toEqual({ kind: 'steady' })
  expect(bench.api.transcript().map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /zones?page=1&per_page=50',
    `GET /zones/${bench.api.zones[0]?.id}/dns_records?page=1&per_page=1000`,
  ])
})
