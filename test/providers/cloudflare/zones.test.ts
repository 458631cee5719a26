import { expect, it } from 'vitest'
import { named } from '../../core/samples.ts'
import { makeBench } from './bench.ts'

const signal = (): AbortSignal => AbortSignal.timeout(10_000)
const paths = (bench: Awaited<ReturnType<typeof makeBench>>): readonly string[] => bench.api.transcript().map(({ path }) => path)

it('lists the zones once for all who ask, and finds the closest', async () => {
  const bench = await makeBench({ zones: ['example.com', 'deep.example.com', 'example.net'] })
  const names = ['a.example.com', 'a.deep.example.com', 'deep.example.com', 'example.net', 'example.org', 'xexample.com'].map(named)
  expect(await Promise.all(names.map((name) => bench.provider.zoneOf(name, signal())))).toEqual(['example.com', 'deep.example.com', 'deep.example.com', 'example.net', undefined, undefined])
  expect(paths(bench)).toEqual(['/zones?page=1&per_page=50'])
})

it('works with a token for one zone', async () => {
  const bench = await makeBench({ allowed: ['example.com'] })
  expect(await bench.provider.zoneOf(named('a.example.com'), signal())).toBe('example.com')
  expect(await bench.provider.zoneOf(named('a.example.net'), signal())).toBeUndefined()
})

it('walks up from the name where there are too many to list', async () => {
  const bench = await makeBench({ zones: ['example.com', ...Array.from({ length: 60 }, (_, at) => `zone-${at}.example`), 'deep.example.net'] })
  expect(await bench.provider.zoneOf(named('a.b.deep.example.net'), signal())).toBe('deep.example.net')
  expect(await bench.provider.zoneOf(named('c.b.deep.example.net'), signal())).toBe('deep.example.net')
  expect(paths(bench)).toEqual([
    '/zones?page=1&per_page=50',
    '/zones?page=1&per_page=50&name=a.b.deep.example.net',
    '/zones?page=1&per_page=50&name=b.deep.example.net',
    '/zones?page=1&per_page=50&name=deep.example.net',
    '/zones?page=1&per_page=50&name=c.b.deep.example.net',
  ])
})

it('asks only for the zone that `zoneId` names', async () => {
  const bench = await makeBench({ zoneId: true })
  expect(await bench.provider.zoneOf(named('a.example.com'), signal())).toBe('example.com')
  expect(await bench.provider.zoneOf(named('a.example.net'), signal())).toBeUndefined()
  expect(paths(bench)).toEqual([`/zones/${bench.api.zones[0]?.id}`])
})

it('asks again after ten minutes, and takes the old answer if there is no new one', async () => {
  let ms = 0
  const bench = await makeBench({ now: () => ms })
  const ask = () => bench.provider.zoneOf(named('a.example.com'), signal())
  await ask()
  ms = 599_999
  await ask()
  expect(paths(bench).length).toBe(1)
  ms = 600_000
  bench.api.plan({ on: 'zones', fault: { kind: 'answer', status: 500, body: '<html>' } })
  expect(await ask()).toBe('example.com')
  expect(await ask()).toBe('example.com')
  expect(paths(bench).length).toBe(3)
})

it('looks for the zone again once it is said not to be there', async () => {
  const bench = await makeBench()
  const key = { name: named('a.example.com'), type: 'A' } as const
  bench.api.plan({ on: 'list', fault: { kind: 'answer', status: 404, body: { success: false, errors: [{ code: 7003, message: 'Could not route' }] } } })
  await expect(bench.provider.read([key], signal())).rejects.toMatchObject({ code: 'rejected', outcome: 'unchanged' })
  await bench.provider.read([key], signal())
  expect(paths(bench).filter((path) => path.startsWith('/zones?')).length).toBe(2)
})

it('ends who gives up, and goes on for the others', async () => {
  const bench = await makeBench({ timeoutMs: 300 })
  bench.api.plan({ on: 'zones', fault: { kind: 'stalled' } })
  const abort = new AbortController()
  const [one, other] = [abort.signal, signal()].map((until) => bench.provider.zoneOf(named('a.example.com'), until).catch((error: unknown) => (error as Error).message))
  abort.abort()
  expect(await one).toBe('cannot find the zone at Cloudflare: given up before the answer had come')
  expect(await other).toBe('cannot list the zones of the API token at Cloudflare: no whole answer came within 300 ms')
})

it('does not look for it again for what stands at a name', async () => {
  const bench = await makeBench()
  bench.api.plant('example.com', [{ name: 'alias.example.com', type: 'CNAME', content: 'elsewhere.example.net' }])
  const key = { name: named('alias.example.com'), type: 'A' } as const
  await expect(bench.provider.read([key], signal())).rejects.toMatchObject({ obstacle: 'cname' })
  await expect(bench.provider.read([key], signal())).rejects.toMatchObject({ obstacle: 'cname' })
  expect(paths(bench).filter((path) => path.startsWith('/zones?')).length).toBe(1)
})
