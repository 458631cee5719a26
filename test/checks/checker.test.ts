import type { IncomingMessage, RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { startHttp, startTcp } from '../fakes/region-server.ts'
import { aCheck, aChecker, checkSurely, gist, now } from './checking.ts'

type Changes = Parameters<typeof aCheck>[0]

/** Checks a web server on this machine, under the name failover.test. */
const checking = async (answer: RequestListener, changes: Changes = {}, path = '/'): Promise<CheckResult> => {
  const server = await startHttp(answer)
  return checkSurely(aChecker(), `http://failover.test:${server.port}${path}`, server.address, aCheck(changes))
}

const contains = (text: string): Changes => ({ expect: { body: { kind: 'contains', text } } })
const matches = (text: string): Changes => ({ expect: { body: { kind: 'matches', text } } })
const ok = { kind: 'ok', status: 200 }
const failing = (cause: string, status = 200): object => ({ kind: 'failed', cause, status })

const asking = async (changes: Changes, path = '/'): Promise<{ readonly port: number; readonly head: object }> => {
  const heads: IncomingMessage[] = []
  const server = await startHttp((request, response) => {
    heads.push(request)
    response.end()
  })
  await checkSurely(aChecker(), `http://failover.test:${server.port}${path}`, server.address, aCheck(changes))
  expect(heads).toHaveLength(1)
  return { port: server.port, head: { method: heads[0]?.method, url: heads[0]?.url, headers: heads[0]?.headers } }
}

describe('what is asked', () => {
  it('is a plain request for the name, of the address', async () => {
    const { port, head } = await asking({}, '/healthz?deep=1#part')
    const headers = { host: `failover.test:${port}`, connection: 'close', accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'dns-failover' }
    expect(head).toEqual({ method: 'GET', url: '/healthz?deep=1', headers })
  })

  it('has the method and headers of the check', async () => {
    const { head } = await asking({ method: 'POST', headers: { 'User-Agent': 'me', Host: 'else.test', 'X-Probe': '1' } })
    const headers = {
      host: 'else.test',
      connection: 'close',
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'me',
      'x-probe': '1',
      'content-length': '0',
    }
    expect(head).toEqual({ method: 'POST', url: '/', headers })
  })

  it('goes to IPv6 as well', async () => {
    const server = await startHttp((request, response) => response.end(request.headers.host), '::1')
    const result = await checkSurely(aChecker(), `http://[2001:db8::1]:${server.port}/`, server.address, aCheck(contains('[2001:db8::1]')))
    expect(gist(result)).toEqual(ok)
  })

  it('goes over a connection of its own each time', async () => {
    const ports = new Set<number | undefined>()
    const server = await startHttp((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    const checker = aChecker()
    for (let left = 5; left > 0; left -= 1) await checkSurely(checker, `http://failover.test:${server.port}/`, server.address, aCheck())
    expect(ports.size).toBe(5)
  })
})

describe('what is reported', () => {
  it('are all parts that were reached, and when', async () => {
    const before = now()
    const result = await checking((_, response) => response.end('Hello'))
    expect(result).toEqual({
      kind: 'ok',
      startedAt: expect.any(Number),
      finishedAt: expect.any(Number),
      timing: { connectMs: expect.any(Number), headersMs: expect.any(Number), bodyMs: expect.any(Number), totalMs: result.finishedAt - result.startedAt },
      status: 200,
    })
    expect(result.startedAt).toBeGreaterThanOrEqual(before)
    expect(result.finishedAt).toBeLessThanOrEqual(now())
    const { connectMs = 0, headersMs = 0, bodyMs = 0, totalMs } = result.timing
    expect(connectMs + headersMs + bodyMs).toBeLessThanOrEqual(totalMs)
  })

  it('says what was expected', async () => {
    const changes = { expect: { status: [{ from: 200, to: 299 }, { from: 404, to: 404 }] } }
    expect(await checking((_, response) => response.writeHead(503).end(), changes)).toMatchObject({
      cause: 'status',
      detail: 'status 503, expected 200-299, 404',
    })
    expect(await checking((_, response) => response.end('Hallo'), contains('Hello'))).toMatchObject({
      cause: 'body',
      detail: 'the expected text is not in the first 5 bytes of the body (status 200)',
    })
  })
})

const saying =
  (text: string | Buffer, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, headers).end(text)
const piecemeal: RequestListener = (_, response) => {
  const pieces = [...Buffer.from('Grüß Gott').values()].map((byte) => Buffer.from([byte]))
  const next = (): void => {
    const piece = pieces.shift()
    if (piece === undefined) response.end()
    else response.write(piece, () => setImmediate(next))
  }
  next()
}

describe('an answer', () => {
  const late = `${'x'.repeat(70_000)}Hello`
  it.each<readonly [string, RequestListener, Changes, object]>([
    ['with the text', saying('Say Hello'), contains('Hello'), ok],
    ['with the text in many pieces', piecemeal, contains('Grüß Gott'), ok],
    ['without the text', saying('Goodbye'), contains('Hello'), failing('body')],
    ['without any body', saying(''), contains('Hello'), failing('body')],
    ['with the text too far in', saying(late), contains('Hello'), failing('body')],
    ['with the text within a wider limit', saying(late), { expect: { body: { kind: 'contains', text: 'Hello' }, bodyBytes: 80_000 } }, ok],
    ['that matches', saying('version 1.23\n'), matches('(?m)^version \\d+\\.\\d+$'), ok],
    ['that does not match', saying('version x'), matches('^version \\d+'), failing('body')],
    ['that would take a backtracking engine for ever', saying(`${'a'.repeat(60_000)}!`), matches('^(a+)+$'), failing('body')],
    ['with bytes that are no UTF-8', saying(Buffer.from([0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0xc3])), contains('Hello'), ok],
    ['in gzip all the same', saying(gzipSync(late), { 'content-encoding': 'gzip' }), { expect: { body: { kind: 'contains', text: 'Hello' }, bodyBytes: 80_000 } }, ok],
    ['in a coding nobody knows', saying('Hello', { 'content-encoding': 'rot13' }), {}, ok],
    ['to HEAD', saying('Hello'), { method: 'HEAD' }, ok],
    ['with a status out of range', (_, response) => response.writeHead(500).end(), {}, failing('status', 500)],
    ['with a redirect that is expected', (_, response) => response.writeHead(301, { location: '/x' }).end(), { expect: { status: [{ from: 301, to: 301 }] } }, { kind: 'ok', status: 301 }],
    ['with a redirect that is not', (_, response) => response.writeHead(301, { location: '/x' }).end(), {}, failing('status', 301)],
    ['while no byte of the body matters', (_, response) => response.writeHead(200, { 'content-length': '10' }).flushHeaders(), { expect: { bodyBytes: 0 } }, ok],
  ])('%s', async (_, answer, changes, expected) => {
    expect(gist(await checking(answer, changes))).toEqual(expected)
  })

  it('with a pattern that does not compile is our own fault', async () => {
    expect(gist(await checking(saying('Hello'), matches('(')))).toEqual({ kind: 'cannot-tell', cause: 'local-error', status: 200 })
  })
})

const routes =
  (places: Readonly<Record<string, string>>): RequestListener =>
  (request, response) => {
    const location = places[request.url ?? '']
    if (location === undefined) response.end(`${request.method} ${request.url}`)
    else response.writeHead(request.url === '/see' ? 303 : 302, { location }).end('moved')
  }

const movingOn: RequestListener = (request, response) => {
  setTimeout(() => response.writeHead(302, { location: `${request.url}a` }).end(), 60)
}
const toItself: RequestListener = (request, response) => response.writeHead(302, { location: request.url }).end()

describe('redirects', () => {
  it.each<readonly [string, string, string, Changes, object]>([
    ['are followed to the same host', '/b', 'GET /b', {}, ok],
    ['are followed only as often as allowed', '/a', '', {}, failing('redirect', 302)],
    ['do not lead to another host', 'http://other.test/', '', {}, failing('redirect', 302)],
    ['do not lead to another scheme', 'ftp://failover.test/', '', {}, failing('redirect', 302)],
    ['do not lead to what is no URL', 'http://[', '', {}, failing('redirect', 302)],
    ['turn POST into GET', '/b', 'GET /b', { method: 'POST' }, ok],
  ])('%s', async (_, location, text, changes, expected) => {
    const result = await checking(routes({ '/a': location }), { ...changes, ...contains(text), maxRedirects: 3 }, '/a')
    expect(gist(result)).toEqual(expected)
  })

  it('go to another port of the same address, without credentials', async () => {
    const target = await startHttp((request, response) => response.end(`${request.headers.host} ${request.headers.authorization}`))
    const server = await startHttp((_, response) => response.writeHead(307, { location: `http://failover.test:${target.port}/` }).end())
    const check = aCheck({ maxRedirects: 1, headers: { Authorization: 'Bearer x' }, ...contains(`failover.test:${target.port} undefined`) })
    expect(gist(await checkSurely(aChecker(), `http://failover.test:${server.port}/`, server.address, check))).toEqual(ok)
  })

  it('share one total bound', async () => {
    const result = await checking(movingOn, { maxRedirects: 1000, bounds: { headersMs: 5000, totalMs: 300 } })
    expect(gist(result)).toMatchObject({ kind: 'failed', cause: 'timeout' })
    expect(result.timing.totalMs).toBeLessThan(550)
  })

  it('in a loop end', async () => {
    const result = await checking(toItself, { maxRedirects: 20 })
    expect(result).toMatchObject({ cause: 'redirect', detail: 'more than 20 redirects, the last to /' })
  })
})

it('a connection that is refused', async () => {
  const server = await startTcp(() => {}, '127.0.0.2')
  const result = await checkSurely(aChecker(), `http://failover.test:${server.port}/`, '127.0.0.3' as Address, aCheck())
  expect(gist(result)).toEqual({ kind: 'failed', cause: 'refused' })
})

it('a URL that is none is our own fault', async () => {
  const server = await startTcp(() => {})
  const result = await checkSurely(aChecker(), 'failover', server.address, aCheck())
  expect(gist(result)).toEqual({ kind: 'cannot-tell', cause: 'local-error' })
})

it('a header that is none is our own fault', async () => {
  expect(gist(await checking((_, response) => response.end(), { headers: { 'x y': 'z' } }))).toEqual({ kind: 'cannot-tell', cause: 'local-error' })
})
