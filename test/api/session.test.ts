import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knownTokens } from '../../src/api/bearer.ts'
import { endedCookie, readSession, sessionCookie, sessionMs } from '../../src/api/session-cookie.ts'
import { storedEvent } from './operations.ts'
import { allTokens, baseOptions, serving, type Serving, tokens } from './serving.ts'

const began = Date.parse('2026-01-31T12:00:00Z')
const drain = '/api/v1/sites/a.example/regions/msk/drain'
const order = { for: '1h', reason: 'kernel' }
const own = { 'x-requested-with': 'dns-failover' }

/** With a wall clock that the test sets, and another that stands still: nothing that a client has used up comes back. */
const atTime = async (more: Parameters<typeof serving>[0] = {}): Promise<{ readonly served: Serving; setTime(ms: number): void }> => {
  let wall = began
  return { served: await serving(more, { wallNow: () => wall, now: () => 1_000 }), setTime: (ms) => void (wall = ms) }
}

const post = ({ ask }: Serving, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> => ask('POST', '/api/v1/session', { body, headers })

const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

const signIn = async (served: Serving, token: string): Promise<string> => cookieOf(await post(served, { token }))

const status = async (answer: Promise<Response>): Promise<string> => {
  const { status: code, body } = await answer.then(async (each) => ({ status: each.status, body: (await each.json()) as { readonly code?: string } }))
  return `${code} ${body.code ?? 'ok'}`
}

describe('signing in', () => {
  it('sets a cookie for twelve hours that does not hold the token', async () => {
    const { served } = await atTime()
    const answer = await post(served, { token: tokens.operate })
    expect(await answer.json()).toEqual({ signedIn: true, name: 'ops', mayRead: true, mayOperate: true, expiresAt: '2026-02-01T00:00:00.000Z', version: '1.2.3' })
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^dns-failover-session=[\w.-]+; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(Buffer.from(cookie.split(/[=.;]/)[1] ?? '', 'base64url').toString()).toBe('ops')
    expect(cookie).not.toContain(tokens.operate)
    expect(JSON.stringify(served.lines)).not.toContain(tokens.operate)
    expect(served.lines.map(({ message }) => message)).toEqual(['127.0.0.1 signed in with the token "ops"'])
  })

  it.each([
    [{ token: tokens.read }, '200 ok'],
    [{ token: tokens.webhook }, '403 scope-missing'],
    [{ token: tokens.source }, '401 token-unknown'],
    [{ token: 'guess-guess-guess' }, '401 token-unknown'],
    [{ token: '' }, '422 invalid-request'],
    [{}, '422 invalid-request'],
    [{ token: tokens.read, name: 'ops' }, '422 invalid-request'],
  ])('with %j comes to %s', async (body, expected) => {
    const { served } = await atTime()
    const answer = await post(served, body)
    expect(answer.headers.has('set-cookie')).toBe(expected === '200 ok')
    expect(await status(Promise.resolve(answer))).toBe(expected)
    expect(JSON.stringify(served.lines)).not.toContain('guess-guess-guess')
  })

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, '403 cross-site'],
    [{ 'sec-fetch-site': 'same-site' }, '403 cross-site'],
    [{ 'sec-fetch-site': 'same-origin' }, '200 ok'],
    [{ 'content-type': 'text/plain' }, '415 not-json'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, '415 not-json'],
    // As a browser goes on sending it to a proxy that asked for it.
    [{ authorization: 'Basic YTpi' }, '200 ok'],
  ])('by a request with %j comes to %s', async (headers: Readonly<Record<string, string>>, expected) => {
    const { served } = await atTime()
    expect(await status(post(served, { token: tokens.read }, headers))).toBe(expected)
  })

  it('costs as much as any other wrong token where it is one, and is logged without it', async () => {
    const { served } = await atTime({ requestsPerSecond: 20 })
    const seen = [await status(post(served, { token: 'guess-1-guess-guess' })), await status(post(served, { token: 'guess-2-guess-guess' })), await status(post(served, { token: tokens.operate }))]
    expect(seen).toEqual(['401 token-unknown', '401 token-unknown', '429 too-many-requests'])
    expect(served.lines.map(({ message }) => message)).toEqual(Array(2).fill('127.0.0.1 tried to sign in with a token that is not known here'))
  })

  it.each([
    [['127.0.0.0/8'], 'https', true],
    [['127.0.0.0/8'], 'HTTPS, http', true],
    [['127.0.0.0/8'], 'http', false],
    [[], 'https', false],
    [['10.0.0.0/8'], 'https', false],
  ])('behind the proxies %j that say %j sets a cookie that is secure: %j', async (trustedProxies, proto, isSecure) => {
    const { served } = await atTime({ trustedProxies })
    for (const answer of [await post(served, { token: tokens.read }, { 'x-forwarded-proto': proto }), await served.ask('DELETE', '/api/v1/session', { headers: { 'x-forwarded-proto': proto } })]) {
      expect((answer.headers.get('set-cookie') ?? '').endsWith('; Secure')).toBe(isSecure)
    }
  })
})

describe('a session', () => {
  it('reads, and gives orders in the name of its token', async () => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    expect(await status(served.ask('GET', '/api/v1/overview', { headers: { cookie } }))).toBe('200 ok')
    expect(await status(served.ask('POST', drain, { body: order, headers: { ...own, cookie } }))).toBe('200 ok')
    expect(await status(served.ask('POST', drain, { body: order, headers: { ...own, cookie, 'sec-fetch-site': 'same-origin' } }))).toBe('200 ok')
    expect(served.operations.calls.map(({ name, args }) => [name, args.at(-1)])).toEqual([1, 2].map(() => ['drain', { name: 'ops', via: 'api' }]))
  })

  it('gives no more than its token may', async () => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.read)
    expect(await status(served.ask('GET', '/api/v1/sites', { headers: { cookie } }))).toBe('200 ok')
    expect(await status(served.ask('POST', drain, { body: order, headers: { ...own, cookie } }))).toBe('403 scope-missing')
    expect(served.operations.calls).toEqual([])
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without the header', {}],
    ['with another header', { 'x-requested-with': 'XMLHttpRequest' }],
    ['from another site', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { ...own, 'sec-fetch-site': 'same-site' }],
    ['from the address bar', { ...own, 'sec-fetch-site': 'none' }],
  ])('moves nothing %s', async (_, headers) => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    for (const [method, body] of [['POST', order], ['DELETE', undefined]] as const) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await status(served.ask(method, drain, { ...(body === undefined ? {} : { body }), headers: { ...headers, cookie } }))).toBe('403 cross-site')
    }
    expect(await status(served.ask('DELETE', '/api/v1/session', { headers: { ...headers, cookie } }))).toBe('403 cross-site')
    expect(served.operations.calls).toEqual([])
  })

  it('gives way to a bearer', async () => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    expect(await status(served.ask('POST', drain, { token: tokens.read, body: order, headers: { ...own, cookie } }))).toBe('403 scope-missing')
    expect(await status(served.ask('GET', '/api/v1/sites', { token: 'guess-guess-guess', headers: { cookie } }))).toBe('401 token-unknown')
    expect(await status(served.ask('GET', '/api/v1/sites', { headers: { cookie, authorization: 'Basic YTpi' } }))).toBe('200 ok')
    expect(await status(served.ask('GET', '/api/v1/sites', { headers: { authorization: 'Basic YTpi' } }))).toBe('401 token-unknown')
  })

  it('speaks for no webhook', async () => {
    const { served } = await atTime({ tokens: [{ name: 'both', token: tokens.read, scopes: ['read', 'webhook:kuma'] }] })
    const cookie = await signIn(served, tokens.read)
    expect(await status(served.ask('POST', '/api/v1/webhooks/kuma', { body: { down: ['msk'] }, headers: { ...own, cookie } }))).toBe('401 not-authenticated')
  })

  it('ends after twelve hours, and its cookie is taken away', async () => {
    const { served, setTime } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    const session = async (): Promise<readonly unknown[]> => {
      const answer = await served.ask('GET', '/api/v1/session', { headers: { cookie } })
      return [await answer.json(), answer.headers.get('set-cookie')]
    }
    setTime(began + sessionMs - 1)
    expect(await session()).toEqual([{ signedIn: true, name: 'ops', mayRead: true, mayOperate: true, expiresAt: '2026-02-01T00:00:00.000Z', version: '1.2.3' }, null])
    setTime(began + sessionMs)
    expect(await session()).toEqual([{ signedIn: false, name: null, mayRead: false, mayOperate: false, expiresAt: null, version: '1.2.3' }, endedCookie(false)])
    expect(await status(served.ask('GET', '/api/v1/sites', { headers: { cookie } }))).toBe('401 token-needed')
    setTime(began - 1)
    expect(await status(served.ask('GET', '/api/v1/sites', { headers: { cookie } }))).toBe('401 token-needed')
  })

  it('outlasts a restart, and ends with its token', async () => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    const { served: after } = await atTime()
    const read = (): Promise<string> => status(after.ask('GET', '/api/v1/sites', { headers: { cookie } }))
    expect(await read()).toBe('200 ok')
    after.api.update({ ...baseOptions, tokens: allTokens.map((each) => (each.name === 'ops' ? { ...each, token: 'another-0123456789' } : each)) })
    expect(await read()).toBe('401 token-needed')
    after.api.update({ ...baseOptions, tokens: allTokens })
    expect(await read()).toBe('200 ok')
    after.api.update({ ...baseOptions, tokens: allTokens.filter(({ name }) => name !== 'ops') })
    expect(await read()).toBe('401 token-needed')
    after.api.update({ ...baseOptions, tokens: allTokens.map((each) => (each.name === 'ops' ? { ...each, scopes: ['webhook:kuma'] } : each)) })
    expect(await read()).toBe('403 scope-missing')
  })

  it('that is forged costs as much as a wrong token; one that has ended does not', async () => {
    const { served, setTime } = await atTime({ requestsPerSecond: 20 })
    const cookie = await signIn(served, tokens.operate)
    const forged = `${cookie.slice(0, -3)}AAA`
    const read = (sent: string, path = '/api/v1/session'): Promise<number> => served.ask('GET', path, { headers: { cookie: sent } }).then(async (answer) => (await answer.text(), answer.status))
    setTime(began + sessionMs)
    for (let count = 0; count < 5; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await read(cookie, '/api/v1/sites')).toBe(401)
    }
    expect([await read(forged), await read(forged, '/api/v1/sites')]).toEqual([200, 401])
    expect(await read(cookie)).toBe(429)
    expect(served.lines.filter(({ message }) => message.includes('cookie')).map(({ message }) => message)).toEqual(['/api/v1/session', '/api/v1/sites'].map((path) => `127.0.0.1 sent the cookie of a session that is not known here, for GET ${path}`))
  })

  it('ends when somebody signs out', async () => {
    const { served } = await atTime()
    const cookie = await signIn(served, tokens.operate)
    const answer = await served.ask('DELETE', '/api/v1/session', { headers: { ...own, cookie } })
    expect([await answer.json(), answer.headers.get('set-cookie')]).toEqual([{ signedIn: false, name: null, mayRead: false, mayOperate: false, expiresAt: null, version: '1.2.3' }, 'dns-failover-session=; Max-Age=0; HttpOnly; SameSite=Strict'])
  })

  it('ends the events that are read by it', async () => {
    const { served, setTime } = await atTime()
    const cookie = await signIn(served, tokens.read)
    const events = (): Promise<Response> => served.ask('GET', '/api/v1/events?after=0', { headers: { cookie, accept: 'text/event-stream' } })
    served.history.add(storedEvent(1))
    setTime(began + sessionMs - 200)
    const text = await (await events()).text()
    expect(text).toContain('id: 1\n')
    setTime(began)
    const reading = (await events()).text()
    served.api.update({ ...baseOptions, tokens: allTokens.filter(({ name }) => name !== 'prom') })
    expect(await reading).toContain('retry: 2000')
  })
})

describe('who asks, without a session', () => {
  it.each([
    ['closed', {}, undefined, { name: null, mayRead: false, mayOperate: false }],
    ['open', { isOpen: true }, undefined, { name: null, mayRead: true, mayOperate: false }],
    ['on this machine without tokens', { tokens: [] }, undefined, { name: null, mayRead: true, mayOperate: false }],
    ['closed, with a bearer', {}, tokens.operate, { name: 'ops', mayRead: true, mayOperate: true }],
    ['closed, with a wrong bearer', {}, 'guess-guess-guess', { name: null, mayRead: false, mayOperate: false }],
  ])('is told when it is %s', async (_, more, token, expected) => {
    const { served } = await atTime(more)
    const answer = await served.ask('GET', '/api/v1/session', token === undefined ? {} : { token })
    expect(await answer.json()).toEqual({ signedIn: false, expiresAt: null, version: '1.2.3', ...expected })
  })
})

describe("a session's cookie", () => {
  const known = knownTokens(allTokens)
  const value = (name: string, at: number): string => sessionCookie(known.find((each) => each.name === name) ?? ({} as never), at, false).split(';')[0] ?? ''
  const good = value('ops', began + sessionMs)

  it.each([
    [undefined, 'none'],
    ['', 'none'],
    ['other=1; another-dns-failover-session=2', 'none'],
    [good, 'valid'],
    [`a=b; ${good}; c=d`, 'valid'],
    [`dns-failover-session=; ${good}`, 'valid'],
    [`${value('ops', began)}; ${good}`, 'valid'],
    [value('ops', began), 'expired'],
    [value('ops', began + sessionMs + 1), 'expired'],
    ['dns-failover-session=', 'unknown'],
    ['dns-failover-session=b3Bz', 'unknown'],
    [good.replace(/=[\w-]+\./, `=${Buffer.from('nobody').toString('base64url')}.`), 'unknown'],
    [good.replace(/=[\w-]+\./, `=${Buffer.from('prom').toString('base64url')}.`), 'forged'],
    [good.replace(/\.\d+\./, `.${began + sessionMs - 1}.`), 'forged'],
    [`${good}A`, 'unknown'],
  ])('%j is %s', (header, kind) => expect(readSession(header, known, began).kind).toBe(kind))

  it('is made by nobody else', () => {
    fc.assert(fc.property(fc.string(), (text) => readSession(`dns-failover-session=${text}`, known, began).kind !== 'valid'), { numRuns: 1_000 })
    const others = knownTokens(allTokens.map((each) => ({ ...each, token: `${each.token}x` })))
    expect(readSession(good, others, began).kind).toBe('forged')
    expect(JSON.stringify(known)).not.toContain('0123456789abcdef')
  })
})
