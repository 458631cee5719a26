import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { content } from '../../../src/core/rrset.ts'
import { createCloudflare } from '../../../src/providers/cloudflare/cloudflare.ts'
import { ProviderError } from '../../../src/providers/provider-error.ts'
import { keyA, v4 } from '../../core/samples.ts'
import { type Bench, makeBench, plantOurs } from './bench.ts'

const caught = async (promise: Promise<unknown>): Promise<ProviderError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ProviderError) return error
  throw new Error('no ProviderError', { cause: error })
}

const write = async ({ provider }: Bench, signal = AbortSignal.timeout(20_000)): Promise<ProviderError> => {
  const [before] = await provider.read([keyA], signal)
  if (before === undefined) throw new Error('a reading')
  return caught(provider.apply([{ key: keyA, before, after: content([v4(2)], 60, [v4(2)]), reasons: [] }], signal))
}

const no = (code: number, message = 'no', chain: readonly unknown[] = []): unknown => ({ success: false, errors: [{ code, message, error_chain: chain }], messages: [], result: null })

describe('an answer to a write', () => {
  it.each([
    [401, no(1000, 'Invalid API Token'), 'auth', 'unchanged', /the API token was refused \(Invalid API Token \(1000\), HTTP 401\); it needs the permissions Zone:Read and DNS:Edit/],
    [403, no(9109), 'auth', 'unchanged', /token was refused/],
    [400, no(9106), 'auth', 'unchanged', /token was refused/],
    [403, no(10_000), 'auth', 'unchanged', /token was refused/],
    [400, no(6003, 'Invalid request headers', [{ code: 6111, message: 'Invalid format' }]), 'auth', 'unchanged', /Invalid format \(6111\)/],
    [429, '<html>', 'rate-limited', 'unchanged', /too many requests \(HTTP 429\)/],
    [400, no(971), 'rate-limited', 'unchanged', /too many requests \(no \(971\), HTTP 400\)/],
    [404, no(81_044, 'Record does not exist.'), 'conflict', 'unchanged', /the records are not those that were read \(Record does not exist. \(81044\)/],
    [400, no(81_058), 'conflict', 'unchanged', /not those that were read/],
    [400, no(81_053), 'rejected', 'unchanged', /a CNAME record stands there/],
    [400, no(81_054), 'rejected', 'unchanged', /a CNAME record stands there/],
    [400, no(1004, 'DNS Validation Error', [{ code: 9005, message: 'Content for A record must be a valid IPv4 address.' }]), 'rejected', 'unchanged', /found invalid \(DNS Validation Error \(1004\), Content for A record must be a valid IPv4 address. \(9005\), HTTP 400\)/],
    [404, no(7003), 'rejected', 'unchanged', /no such zone for this token/],
    [400, no(12_345, 'what'), 'rejected', 'unchanged', /it was refused \(what \(12345\), HTTP 400\)/],
    [302, '<html>', 'unavailable', 'unchanged', /redirection \(HTTP 302\); check baseUrl/],
    [409, no(12_345), 'unavailable', 'unknown', /could not be done now/],
    [500, no(1000), 'unavailable', 'unknown', /Cloudflare failed \(no \(1000\), HTTP 500\)/],
    [520, '<html>', 'unavailable', 'unknown', /Cloudflare failed \(HTTP 520\)/],
    [200, '<!DOCTYPE html><html lang="en"></html>', 'unavailable', 'unknown', /HTTP 200 came with something that is not JSON \("<!DOCTYPE html><html lang=\\"en\\""\); check baseUrl/],
    [200, no(10_000), 'auth', 'unchanged', /token was refused/],
    [200, no(12_345, 'what'), 'unavailable', 'unknown', /no success \(what \(12345\), HTTP 200\)/],
    [200, { success: true, errors: [], messages: [], result: null }, 'unavailable', 'unknown', /not as Cloudflare documents it/],
    [200, { success: true, errors: [], messages: [], result: {} }, 'unavailable', 'unknown', /tells of other records than those it was given/],
    [200, [], 'unavailable', 'unknown', /not as Cloudflare documents it/],
  ] as const)('of %i with %j is %s, %s', async (status, body, code, outcome, text) => {
    const bench = await makeBench()
    plantOurs(bench.api, [v4(1)])
    bench.api.plan({ on: 'batch', fault: { kind: 'answer', status, body, ...(status === 302 ? { headers: { location: 'http://127.0.0.1:9/' } } : {}) } })
    const error = await write(bench)
    expect({ code: error.code, outcome: error.outcome }).toEqual({ code, outcome })
    expect(error.message).toMatch(text)
  })

  it.each([
    ['7', 7_000],
    ['86400', 300_000],
    ['0', 0],
    ['soon', undefined],
    [new Date(0).toUTCString(), 0],
    [new Date(Date.now() + 86_400_000).toUTCString(), 300_000],
  ])('may say to come again after %s', async (header, retryAfterMs) => {
    const bench = await makeBench()
    plantOurs(bench.api, [v4(1)])
    bench.api.plan({ on: 'batch', fault: { kind: 'answer', status: 429, body: no(971), headers: { 'retry-after': header } } })
    expect((await write(bench)).retryAfterMs).toBe(retryAfterMs)
  })
})

describe('no answer', () => {
  it('of a server that takes no connection leaves the zone unchanged', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { readonly port: number }).port)))
    await new Promise((resolve) => server.close(resolve))
    const provider = createCloudflare({ apiToken: 'token', baseUrl: `http://127.0.0.1:${port}`, zoneId: 'a'.repeat(32), now: () => 0, wallNow: () => 0 })
    onTestFinished(async () => provider.close?.())
    const error = await caught(provider.read([keyA], AbortSignal.timeout(5_000)))
    expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
      code: 'unavailable',
      outcome: 'unchanged',
      text: `cannot read the zone ${'a'.repeat(32)} at Cloudflare: connect ECONNREFUSED 127.0.0.1:${port}`,
    })
  })

  it('within the time is given up, though half of it is there', async () => {
    const bench = await makeBench({ timeoutMs: 200 })
    plantOurs(bench.api, [v4(1)])
    bench.api.plan({ on: 'batch', fault: { kind: 'stalled' } })
    const startedAt = performance.now()
    const error = await write(bench)
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect({ code: error.code, outcome: error.outcome, text: error.message }).toEqual({
      code: 'unavailable',
      outcome: 'unknown',
      text: 'cannot update failover.example.com A at Cloudflare: no whole answer came within 200 ms',
    })
  })

  it('is waited for no longer than the caller does', async () => {
    const bench = await makeBench({ timeoutMs: 10_000 })
    plantOurs(bench.api, [v4(1)])
    const abort = new AbortController()
    bench.api.plan({ on: 'batch', fault: { kind: 'stalled' } })
    const writing = write(bench, abort.signal)
    await expect.poll(() => bench.batches().length).toBe(1)
    abort.abort()
    expect(await writing).toMatchObject({ code: 'unavailable', outcome: 'unknown', message: 'cannot update failover.example.com A at Cloudflare: given up before the answer had come' })
  })
})

describe('secrets', () => {
  it('are taken out of what others say', async () => {
    const bench = await makeBench()
    bench.api.plan({ on: 'zones', times: 3, fault: { kind: 'answer', status: 400, body: no(6003, `bad header "Bearer ${bench.api.token}"`) } })
    const error = await caught(bench.provider.read([keyA], AbortSignal.timeout(5_000)))
    expect(error.message).toContain('bad header "Bearer [secret]"')
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(bench.api.token)
  })

  it.each(['', 'two words', 'line\nend', '"quoted"', 'naïve'])('that cannot be one are refused without being shown: %j', (apiToken) => {
    const create = (): unknown => createCloudflare({ apiToken, now: () => 0, wallNow: () => 0 })
    expect(create).toThrow(new RangeError('the API token holds characters that no token has (a space, a line end, a quote?)'))
  })

  it('of the environment are not sent, and nothing is logged', async () => {
    const names = ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL', 'CLOUDFLARE_API_USER_SERVICE_KEY', 'CLOUDFLARE_BASE_URL', 'CLOUDFLARE_LOG']
    const before = names.map((name) => [name, process.env[name]] as const)
    onTestFinished(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    })
    for (const name of names) process.env[name] = name === 'CLOUDFLARE_LOG' ? 'debug' : 'http://127.0.0.1:9/secret'
    const written: string[] = []
    const original = process.stderr.write.bind(process.stderr)
    const bench = await makeBench()
    onTestFinished(() => void (process.stderr.write = original))
    process.stderr.write = ((chunk: string) => written.push(chunk) > 0) as typeof process.stderr.write
    expect(await bench.provider.zoneOf(keyA.name, AbortSignal.timeout(5_000))).toBe('example.com')
    process.stderr.write = original
    expect({ written, headers: bench.api.headerNames().filter((name) => name.startsWith('x-auth')) }).toEqual({ written: [], headers: [] })
  })
})
