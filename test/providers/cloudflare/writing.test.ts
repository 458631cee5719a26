import { expect, it } from 'vitest'
import type { Address } from '../../../src/core/address.ts'
import { content, type RRsetContent } from '../../../src/core/rrset.ts'
import { ProviderError } from '../../../src/providers/provider-error.ts'
import { keyA, keyAaaa, main, v4, v6 } from '../../core/samples.ts'
import type { FakeRecord } from '../../fakes/cloudflare/records.ts'
import { type Bench, makeBench, mark, plantOurs, zone } from './bench.ts'

const signal = (): AbortSignal => AbortSignal.timeout(20_000)

/** Reads both families of the main domain, and writes what is given from there. */
const write = async ({ provider }: Bench, afters: readonly (RRsetContent | undefined)[]): Promise<void> => {
  const current = await provider.read([keyA, keyAaaa], signal())
  const changes = current.flatMap((before, at) => {
    const after = afters[at]
    return after === undefined ? [] : [{ key: before.key, before, after, reasons: [] }]
  })
  await provider.apply(changes, signal())
}

const refusal = async (promise: Promise<unknown>): Promise<ProviderError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ProviderError) return error
  throw new Error('not refused', { cause: error })
}

/** The main domain's A addresses after each change. */
const steps = ({ api }: Bench): readonly (readonly string[])[] =>
  api.history(zone).map((records) => records.filter(({ name, type }) => name === main && type === 'A').map((record) => record.content).toSorted())

const ours = (values: readonly Address[], ttl = 60): RRsetContent => content(values, ttl, values)
const idOf = ({ api }: Bench, address: string): string | undefined => api.records(zone).find((record) => record.name === main && record.content === address)?.id

it('puts what comes into the place of what goes, then sees it, then deletes what is left', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  const ids = [v4(1), v4(2)].map((address) => idOf(bench, address))
  bench.api.forget()
  await write(bench, [ours([v4(3)])])
  expect(steps(bench)).toEqual([[v4(2), v4(3)], [v4(3)]])
  expect(bench.api.transcript().map(({ method, path, body }) => [method, path.replace(/\?.*|.*\//g, ''), body])).toEqual([
    ['GET', 'zones', undefined],
    ['GET', 'dns_records', undefined],
    ['POST', 'batch', { patches: [{ id: ids[0], type: 'A', name: main, content: v4(3), ttl: 60 }] }],
    ['GET', 'dns_records', undefined],
    ['POST', 'batch', { deletes: [{ id: ids[1] }] }],
  ])
})

it('adds to one family before it deletes from the other', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v6(1), v6(2)])
  bench.api.forget()
  await write(bench, [ours([v4(1), v4(2)]), ours([v6(2)])])
  expect(bench.batches().map(({ body }) => Object.keys(body as object))).toEqual([['posts'], ['deletes']])
  expect([bench.values(), bench.values('AAAA')]).toEqual([[v4(1), v4(2)], [v6(2)]])
})

it('deletes nothing while what was added is not to be seen', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  bench.api.plan({ on: 'list', skip: 1, fault: { kind: 'meanwhile', act: () => bench.api.remove(zone, (record) => record.content === v4(3)) } })
  const error = await refusal(write(bench, [ours([v4(3)])]))
  expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
    code: 'unavailable',
    outcome: 'unknown',
    text: 'cannot update failover.example.com A at Cloudflare: what was added is not there, so nothing was deleted (a part of this write was made before)',
  })
  expect(bench.values()).toEqual([v4(2)])
})

it('says that nobody knows, if the second half is refused', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  bench.api.plan({ on: 'batch', skip: 1, fault: { kind: 'answer', status: 429, body: { success: false, errors: [{ code: 971, message: 'slow down' }] }, headers: { 'retry-after': '7' } } })
  const error = await refusal(write(bench, [ours([v4(3)])]))
  expect({ code: error.code, outcome: error.outcome, retryAfterMs: error.retryAfterMs }).toEqual({ code: 'rate-limited', outcome: 'unknown', retryAfterMs: 7_000 })
  expect(bench.values()).toEqual([v4(2), v4(3)])
})

it('keeps what people wrote into comments, tags and settings', async () => {
  const bench = await makeBench()
  const record = { name: main, type: 'A', ttl: 60, tags: ['owner:web'], settings: { ipv4_only: true } }
  bench.api.plant(zone, [
    { ...record, content: v4(1), comment: 'rack 7, ask Ann' },
    { ...record, content: v4(2), comment: `moved in May ${mark}` },
  ])
  const [one, two] = bench.api.records(zone).filter(({ name, type }) => name === main && type === 'A')
  await write(bench, [content([v4(1), v4(3)], 60, [v4(1), v4(3)])])
  await write(bench, [content([v4(1), v4(3)], 120, [v4(3)])])
  const now = bench.api.records(zone).filter(({ name, type }) => name === main && type === 'A')
  expect(now).toEqual([
    { ...one, ttl: 120, comment: 'rack 7, ask Ann', modified_on: now[0]?.modified_on },
    { ...two, content: v4(3), ttl: 120, comment: `moved in May ${mark}`, modified_on: now[1]?.modified_on },
  ])
  expect(bench.batches().map(({ body }) => body)).toEqual([
    {
      patches: [
        { id: one?.id, type: 'A', name: main, content: v4(1), ttl: 60, comment: `rack 7, ask Ann ${mark}` },
        { id: two?.id, type: 'A', name: main, content: v4(3), ttl: 60 },
      ],
    },
    {
      patches: [
        { id: one?.id, type: 'A', name: main, content: v4(1), ttl: 120, comment: 'rack 7, ask Ann' },
        { id: two?.id, type: 'A', name: main, content: v4(3), ttl: 120 },
      ],
    },
  ])
})

const full = 'x'.repeat(82)
const commentsOf = ({ api }: Bench): readonly (readonly [string, string | null])[] =>
  api.records(zone).filter(({ name, type }) => name === main && type === 'A').map(({ content: value, comment }) => [value, comment] as const).toSorted()

it('says how much room its mark needs, where there is nothing else to write', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [{ name: main, type: 'A', content: v4(1), ttl: 60, comment: full }])
  const before = bench.api.records(zone)
  const error = await refusal(write(bench, [ours([v4(1)])]))
  expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
    code: 'rejected',
    outcome: 'unchanged',
    text: 'cannot update failover.example.com A at Cloudflare: the comment of record 192.0.2.1 leaves no room for our ownership mark; shorten it to 81 characters',
  })
  expect(bench.api.records(zone)).toEqual(before)
})

it('writes what else there is to write, whatever the comment of one record', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [{ name: main, type: 'A', content: v4(1), ttl: 60, comment: full }])
  plantOurs(bench.api, [v4(2)])
  await write(bench, [ours([v4(1), v4(3)], 120)])
  expect(commentsOf(bench)).toEqual([[v4(1), full], [v4(3), mark]])
  const [now] = await bench.provider.read([keyA], signal())
  expect(now).toEqual({ key: keyA, values: [v4(1), v4(3)], ttl: 120, owned: [v4(3)], unmarkable: [v4(1)], version: now?.version })
})

it('does not turn a record that could not be marked, but puts another in its place', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [{ name: main, type: 'A', content: v4(1), ttl: 60, comment: full }])
  bench.api.forget()
  await write(bench, [ours([v4(2)])])
  expect(steps(bench)).toEqual([[v4(1), v4(2)], [v4(2)]])
  expect(commentsOf(bench)).toEqual([[v4(2), mark]])
})

it('takes a comment that only a paid plan can have', async () => {
  const bench = await makeBench({ commentLimit: 500 })
  bench.api.plant(zone, [{ name: main, type: 'A', content: v4(1), ttl: 60, comment: 'x'.repeat(110) }])
  await write(bench, [ours([v4(1)])])
  expect(bench.api.records(zone).find(({ content: value }) => value === v4(1))?.comment).toBe(`${'x'.repeat(110)} ${mark}`)
})

it('leaves an automatic TTL alone while it is as long as it should be', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)], { ttl: 1 })
  bench.api.forget()
  await write(bench, [ours([v4(1), v4(2)], 300)])
  expect(bench.batches()).toEqual([])
  await write(bench, [ours([v4(1), v4(2)], 60)])
  expect(bench.api.records(zone).filter(({ name, type }) => name === main && type === 'A').map(({ ttl }) => ttl)).toEqual([60, 60])
})

it('splits what does not fit into one batch, additions first', async () => {
  const bench = await makeBench()
  const many = (from: number, count: number): readonly Address[] => Array.from({ length: count }, (_, at) => v6(from + at))
  plantOurs(bench.api, many(1, 5))
  bench.api.forget()
  await write(bench, [undefined, ours(many(100, 250))])
  expect(bench.batches().map(({ body, status }) => [status, ...Object.entries(body as Record<string, readonly unknown[]>).map(([kind, list]) => `${list.length} ${kind}`)])).toEqual([
    [200, '5 patches', '195 posts'],
    [200, '50 posts'],
  ])
  await write(bench, [undefined, ours(many(100, 20))])
  expect(bench.batches().slice(2).map(({ body }) => Object.entries(body as Record<string, readonly unknown[]>).map(([kind, list]) => `${list.length} ${kind}`))).toEqual([['200 deletes'], ['30 deletes']])
  expect(bench.values('AAAA').length).toBe(20)
})

it('writes zones one after the other, and says so if a later one is refused', async () => {
  const bench = await makeBench()
  const other = { name: 'www.example.net' as typeof main, type: 'A' } as const
  const changes = (await bench.provider.read([keyA, other], signal())).map((before) => ({ key: before.key, before, after: ours([v4(1)]), reasons: [] }))
  bench.api.plan({ on: 'batch', skip: 1, fault: { kind: 'answer', status: 400, body: { success: false, errors: [{ code: 1004, message: 'DNS Validation Error', error_chain: [{ code: 9005, message: 'Content is wrong' }] }] } } })
  const error = await refusal(bench.provider.apply(changes, signal()))
  expect({ code: error.code, outcome: error.outcome, values: bench.values() }).toEqual({ code: 'rejected', outcome: 'unknown', values: [v4(1)] })
})

it('does not take a late effect of a lost write for somebody else', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  const [before] = await bench.provider.read([keyA], signal())
  if (before === undefined) throw new Error('a reading')
  const change = { key: keyA, before, after: ours([v4(2)]), reasons: [] }
  bench.api.plan({ on: 'batch', fault: { kind: 'reset' } })
  expect((await refusal(bench.provider.apply([change], signal()))).outcome).toBe('unknown')
  bench.api.plan({ on: 'batch', fault: { kind: 'meanwhile', act: () => bench.api.edit(zone, bench.batches()[0]?.body as object) } })
  await bench.provider.apply([change], signal())
  expect(bench.values()).toEqual([v4(2)])
})

const repointing = (bench: Bench, from: string, fields: Partial<FakeRecord>): void =>
  bench.api.plan({ on: 'batch', fault: { kind: 'meanwhile', act: () => bench.api.edit(zone, { patches: [{ id: idOf(bench, from) ?? '', ...fields }] }) } })

const others = { comment: 'moved by Ann', ttl: 120, tags: ['owner:ann'], settings: { ipv4_only: true } }

it('puts back what somebody repointed just before it was deleted', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  repointing(bench, v4(1), { content: v4(9), ...others })
  const error = await refusal(write(bench, [ours([v4(2)])]))
  expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
    code: 'conflict',
    outcome: 'unknown',
    text: 'cannot update failover.example.com A at Cloudflare: somebody changed what was to be deleted, which was put back: failover.example.com A 192.0.2.9 (TTL 120) "moved by Ann"',
  })
  expect(bench.values()).toEqual([v4(2), v4(9)])
  expect(bench.api.records(zone).find((record) => record.content === v4(9))).toMatchObject({ name: main, type: 'A', proxied: false, ...others })
})

it('puts back a record that somebody gave another name', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  repointing(bench, v4(1), { name: 'old.example.com', comment: null })
  await write(bench, [ours([v4(2)])])
  expect(bench.values()).toEqual([v4(2)])
  expect(bench.api.records(zone).filter(({ name }) => name === 'old.example.com').map(({ content: value, ttl, comment }) => ({ value, ttl, comment }))).toEqual([{ value: v4(1), ttl: 60, comment: null }])
})

it('deletes what somebody only commented on', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  repointing(bench, v4(1), { comment: `dead since May ${mark}` })
  await write(bench, [ours([v4(2)])])
  expect(bench.values()).toEqual([v4(2)])
})

it('names what it could not put back', async () => {
  const bench = await makeBench()
  plantOurs(bench.api, [v4(1), v4(2)])
  repointing(bench, v4(1), { content: v4(9) })
  bench.api.plan({ on: 'batch', fault: { kind: 'answer', status: 500, body: 'later' } })
  const error = await refusal(write(bench, [ours([v4(2)])]))
  expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
    code: 'unavailable',
    outcome: 'unknown',
    text: `cannot update failover.example.com A at Cloudflare: somebody changed what was to be deleted, and it may not be there any more; put it back by hand: failover.example.com A 192.0.2.9 (TTL 60) "${mark}"`,
  })
})
