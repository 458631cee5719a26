import { describe, expect, it, onTestFinished } from 'vitest'
import { type CloudflareApi, startCloudflareApi } from '../../fakes/cloudflare/cloudflare-api.ts'

const start = async (): Promise<CloudflareApi & { readonly recordsPath: string }> => {
  const api = await startCloudflareApi({ zones: ['example.com'] })
  onTestFinished(() => api.close())
  return { ...api, recordsPath: `/zones/${api.zones[0]?.id}/dns_records` }
}

interface Answer {
  readonly status: number
  readonly codes: readonly number[]
}

const ask = async (api: CloudflareApi, method: string, path: string, body?: unknown, authorization = `Bearer ${api.token}`): Promise<Answer> => {
  const response = await fetch(`${api.baseUrl}${path}`, { method, headers: authorization === '' ? {} : { authorization }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) })
  const { errors } = (await response.json()) as { readonly errors: readonly { readonly code: number; readonly error_chain?: readonly { readonly code: number }[] }[] }
  return { status: response.status, codes: errors.flatMap(({ code, error_chain = [] }) => [code, ...error_chain.map((each) => each.code)]) }
}

const a = { type: 'A', name: 'a.example.com', content: '192.0.2.1', ttl: 60 }

describe('the fake refuses', () => {
  it.each([
    ['no token', 'GET', '/zones', undefined, '', 400, [9106]],
    ['a header of another form', 'GET', '/zones', undefined, 'Basic x', 400, [6003, 6111]],
    ['another token', 'GET', '/zones', undefined, 'Bearer x', 401, [1000]],
    ['another path', 'GET', '/accounts', undefined, undefined, 404, [7003]],
    ['another zone', 'GET', '/zones/0/dns_records', undefined, undefined, 404, [7003]],
    ['another method', 'DELETE', '/zones', undefined, undefined, 405, [7001]],
    ['another query', 'GET', '/zones?nmae=example.com', undefined, undefined, 400, [9207]],
    ['a page that is too long', 'GET', '/zones?per_page=51', undefined, undefined, 400, [9207]],
  ] as const)('%s', async (_, method, path, body, authorization, status, codes) => {
    expect(await ask(await start(), method, path, body, authorization)).toEqual({ status, codes })
  })

  it.each([
    ['what is not JSON', '{', 400, [9207]],
    ['an empty batch', {}, 400, [9207]],
    ['an unknown kind of operation', { removes: [] }, 400, [9207]],
    ['more than 200 operations', { posts: Array.from({ length: 201 }, (_, at) => ({ ...a, name: `a${at}` })) }, 400, [9207]],
    ['a field that a record does not have', { posts: [{ ...a, colour: 'red' }] }, 400, [1004, 9000]],
    ['a record without a TTL', { posts: [{ type: 'A', name: 'a.example.com', content: '192.0.2.1' }] }, 400, [1004, 9000]],
    ['a field of a patch that a record does not have', { patches: [{ id: 'x', colour: 'red' }] }, 400, [9207]],
    ['an address of the other family', { posts: [{ ...a, content: '2001:db8::1' }] }, 400, [1004, 9005]],
    ['an IPv6 address that is none', { posts: [{ ...a, type: 'AAAA' }] }, 400, [1004, 9006]],
    ['a TTL below the floor', { posts: [{ ...a, ttl: 59 }] }, 400, [1004, 9021]],
    ['a TTL above the limit', { posts: [{ ...a, ttl: 86_401 }] }, 400, [1004, 9021]],
    ['a comment that is too long', { posts: [{ ...a, comment: 'x'.repeat(101) }] }, 400, [1004, 9313]],
    ['the same record twice', { posts: [a, a] }, 400, [81_058]],
    ['an address beside an alias', { posts: [{ ...a, name: 'alias.example.com' }] }, 400, [81_054]],
    ['an alias beside an address', { posts: [{ ...a, name: 'there.example.com', type: 'CNAME', content: 'x.example.net' }] }, 400, [81_053]],
    ['a record that is not there', { deletes: [{ id: '0' }] }, 404, [81_044]],
  ])('a batch with %s, and does nothing of it', async (_, body, status, codes) => {
    const api = await start()
    api.plant('example.com', [{ name: 'alias.example.com', type: 'CNAME', content: 'x.example.net' }, { name: 'there.example.com', type: 'A', content: '192.0.2.9' }])
    const before = api.records('example.com')
    expect(await ask(api, 'POST', `${api.recordsPath}/batch`, body)).toEqual({ status, codes })
    expect(api.records('example.com')).toEqual(before)
  })
})

describe('the fake does as Cloudflare does', () => {
  it('deletes first and posts last, all or nothing', async () => {
    const api = await start()
    api.plant('example.com', [{ name: 'a.example.com', type: 'A', content: '192.0.2.1', ttl: 60 }])
    const id = api.records('example.com')[0]?.id
    expect(await ask(api, 'POST', `${api.recordsPath}/batch`, { posts: [a], deletes: [{ id }] })).toEqual({ status: 200, codes: [] })
    const now = api.records('example.com')
    expect(now.map(({ content }) => content)).toEqual(['192.0.2.1'])
    expect(await ask(api, 'POST', `${api.recordsPath}/batch`, { deletes: [{ id: now[0]?.id }], posts: [{ ...a, ttl: 2 }] })).toEqual({ status: 400, codes: [1004, 9021] })
    expect(api.records('example.com')).toEqual(now)
  })

  it('keeps with a patch what it does not name, and resets it with a put', async () => {
    const api = await start()
    api.plant('example.com', [{ ...a, comment: 'mine', tags: ['a:b'], proxied: true }])
    const id = api.records('example.com')[0]?.id ?? ''
    api.edit('example.com', { patches: [{ id, content: '192.0.2.2' }] })
    expect(api.records('example.com')[0]).toMatchObject({ content: '192.0.2.2', comment: 'mine', tags: ['a:b'], proxied: true, ttl: 1 })
    api.edit('example.com', { puts: [{ id, ...a }] })
    expect(api.records('example.com')[0]).toMatchObject({ content: '192.0.2.1', comment: null, tags: [], proxied: false, ttl: 60 })
  })

  it('makes every A of a name proxied once one is', async () => {
    const api = await start()
    api.edit('example.com', { posts: [a] })
    api.edit('example.com', { posts: [{ ...a, content: '192.0.2.2', proxied: true }] })
    expect(api.records('example.com').map(({ proxied, ttl }) => ({ proxied, ttl }))).toEqual([{ proxied: true, ttl: 1 }, { proxied: true, ttl: 1 }])
  })

  it('takes a name outside of the zone for one below it', async () => {
    const api = await start()
    api.edit('example.com', { posts: [{ ...a, name: 'www.example.net' }] })
    expect(api.records('example.com')[0]?.name).toBe('www.example.net.example.com')
  })

  it('counts requests, and refuses the rest', async () => {
    const api = await startCloudflareApi({ zones: ['example.com'], requestLimit: 2 })
    onTestFinished(() => api.close())
    expect([await ask(api, 'GET', '/zones'), await ask(api, 'GET', '/zones'), await ask(api, 'GET', '/zones')]).toEqual([
      { status: 200, codes: [] },
      { status: 200, codes: [] },
      { status: 429, codes: [971] },
    ])
  })
})
