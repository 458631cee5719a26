import { describe, expect, it } from 'vitest'
import { content } from '../../../src/core/rrset.ts'
import { ProviderError } from '../../../src/providers/provider-error.ts'
import { keyA, keyAaaa, main, named, v4, v6 } from '../../core/samples.ts'
import { type Bench, makeBench, mark, plantOurs, zone } from './bench.ts'

const signal = (): AbortSignal => AbortSignal.timeout(20_000)

const read = async ({ provider }: Bench): Promise<unknown> =>
  (await provider.read([keyA, keyAaaa], signal())).map(({ values, ttl, owned }) => ({ values, ttl, owned }))

const refusal = async (bench: Bench): Promise<unknown> => {
  const error: unknown = await bench.provider.read([keyA], signal()).catch((thrown: unknown) => thrown)
  if (!(error instanceof ProviderError)) throw new Error('not refused', { cause: error })
  return { code: error.code, outcome: error.outcome, obstacle: error.obstacle, text: error.message }
}

it('takes an automatic TTL for five minutes, and of several the longest', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [
    { name: main, type: 'A', content: v4(1), ttl: 60 },
    { name: main, type: 'A', content: v4(2), ttl: 1 },
    { name: main, type: 'AAAA', content: v6(1), ttl: 1 },
  ])
  expect(await read(bench)).toEqual([content([v4(1), v4(2)], 300, []), content([v6(1)], 300, [])])
})

it('finds its mark however people have spelled it, and in no other words', async () => {
  const bench = await makeBench()
  const comments = [mark, 'Ann [DNS-Failover V=1] rack 7', '[ dns-failover v = 1 ]', 'dns-failover v=1', '[dns-failover v=12]', '', null]
  bench.api.plant(zone, comments.map((comment, at) => ({ name: main, type: 'A', content: v4(at + 1), ttl: 60, comment })))
  expect(await read(bench)).toEqual([content(comments.map((_, at) => v4(at + 1)), 60, [v4(1), v4(2), v4(3)]), content([], 0, [])])
})

it('takes names as DNS does, whatever their case', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [{ name: 'FailOver.Example.com', type: 'A', content: v4(1), ttl: 60 }])
  expect(await read(bench)).toEqual([content([v4(1)], 60, []), content([], 0, [])])
})

it('tells that a proxied name is hidden, with what visitors do not see', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [{ name: main, type: 'A', content: v4(1), proxied: true, comment: mark }])
  const [a, aaaa] = await bench.provider.read([{ name: main, type: 'A' }, { name: main, type: 'AAAA' }], signal())
  expect(a).toMatchObject({ values: [v4(1)], ttl: 300, owned: [v4(1)], isHidden: true })
  expect(aaaa?.isHidden).toBeUndefined()
})

describe('refuses', () => {
  it.each([
    ['an alias', { name: main, type: 'CNAME', content: 'elsewhere.example.net' }, 'cname', 'cannot keep address records at failover.example.com in example.com at Cloudflare: it is an alias of elsewhere.example.net (CNAME); delete the CNAME record, or choose another name'],
    ['a delegation', { name: main, type: 'NS', content: 'ns.example.net' }, 'delegation', 'cannot keep address records at failover.example.com in example.com at Cloudflare: failover.example.com is delegated to other name servers (NS); keep the site in the zone failover.example.com where that is served'],
  ])('%s', async (_, record, obstacle, text) => {
    const bench = await makeBench()
    bench.api.plant(zone, [record])
    expect(await refusal(bench)).toEqual({ code: 'rejected', outcome: 'unchanged', obstacle, text })
  })

  it('an alias at the apex, which is flattened', async () => {
    const bench = await makeBench()
    bench.api.plant(zone, [{ name: zone, type: 'CNAME', content: 'elsewhere.example.net' }])
    const error: unknown = await bench.provider.read([{ name: named(zone), type: 'A' }], signal()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'rejected', obstacle: 'flattening' })
  })

  it('content that is no address', async () => {
    const bench = await makeBench()
    plantOurs(bench.api, [v4(1)])
    bench.api.plan({ on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, result: page.result.map((record) => ({ ...record, content: 'no address' })) }) } })
    expect(await refusal(bench)).toMatchObject({ code: 'unavailable', obstacle: undefined, text: 'cannot read failover.example.com A at Cloudflare: "no address" is not an address' })
  })
})

describe('pages', () => {
  const neighbours = (count: number): { readonly name: string; readonly type: string; readonly content: string }[] =>
    Array.from({ length: count }, (_, at) => ({ name: `n${at}.example.com`, type: 'A', content: '198.51.100.1', ttl: 300 }))

  const paged = async (): Promise<Bench> => {
    const bench = await makeBench({ maxPerPage: 10 })
    bench.api.plant(zone, neighbours(20))
    plantOurs(bench.api, [v4(1), v4(2)])
    return bench
  }
  const wanted = [content([v4(1), v4(2)], 60, [v4(1), v4(2)]), content([], 0, [])]
  const lists = ({ api }: Bench): number => api.transcript().filter(({ path }) => path.includes('/dns_records')).length

  it('are read to the end', async () => {
    const bench = await paged()
    expect([await read(bench), lists(bench)]).toEqual([wanted, 3])
  })

  it('are read again if one came twice, was cut short, or the zone changed meanwhile', async () => {
    const bench = await paged()
    let first: readonly { readonly id: string }[] = []
    bench.api.plan({ on: 'list', fault: { kind: 'altered', alter: (page) => ((first = page.result), page) } })
    bench.api.plan({ on: 'list', fault: { kind: 'altered', alter: (page) => ({ ...page, result: first }) } })
    expect([await read(bench), lists(bench)]).toEqual([wanted, 2 + 3])

    bench.api.forget()
    bench.api.plan({ on: 'list', skip: 1, fault: { kind: 'altered', alter: (page) => ({ ...page, result: page.result.slice(0, 5), result_info: { ...page.result_info, count: 5 } }) } })
    expect([await read(bench), lists(bench)]).toEqual([wanted, 2 + 3])

    bench.api.forget()
    bench.api.plan({ on: 'list', skip: 1, fault: { kind: 'meanwhile', act: () => bench.api.plant(zone, [{ name: 'new.example.com', type: 'A', content: '198.51.100.1' }]) } })
    expect([await read(bench), lists(bench)]).toEqual([wanted, 2 + 3])
  })

  it('are given up if they are not whole a second time', async () => {
    const bench = await paged()
    bench.api.plan({ on: 'list', times: 9, fault: { kind: 'altered', alter: (page) => ({ ...page, result: page.result.slice(0, 5), result_info: { ...page.result_info, count: 5 } }) } })
    expect(await refusal(bench)).toEqual({
      code: 'unavailable',
      outcome: 'unchanged',
      obstacle: undefined,
      text: 'cannot read the records of zone example.com at Cloudflare: the list is not whole, twice in a row (after page 1 there are 5 different records, not 10)',
    })
  })

  it('are given up if they never end', async () => {
    const bench = await paged()
    bench.api.plan({ on: 'list', times: 99, fault: { kind: 'altered', alter: (page) => ({ ...page, result_info: { ...page.result_info, page: 1 } }) } })
    expect(await refusal(bench)).toMatchObject({ text: expect.stringContaining('page 1 came for page 2') as string })
  })

  it('of a large zone are not read: its names are', async () => {
    const bench = await makeBench()
    bench.api.plant(zone, [...neighbours(1_001), { name: `cut.${zone}`, type: 'NS', content: 'ns.example.net' }])
    plantOurs(bench.api, [v4(1), v4(2)])
    expect(await read(bench)).toEqual(wanted)
    bench.api.forget()
    expect(await read(bench)).toEqual(wanted)
    expect(bench.api.transcript().map(({ path }) => path.replace(/.*\//, '')).toSorted()).toEqual([
      'dns_records?page=1&per_page=1000&name.exact=failover.example.com',
      'dns_records?page=1&per_page=1000&type=NS',
    ])
    const below = { name: named(`a.cut.${zone}`), type: 'A' } as const
    await expect(bench.provider.read([below], signal())).rejects.toMatchObject({ obstacle: 'delegation' })
  })
})
