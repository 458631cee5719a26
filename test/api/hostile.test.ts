import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpServer, usualBounds } from '../../src/api/http-server.ts'
import { bodyReader } from '../../src/api/read-body.ts'
import { rawConnection } from './event-reading.ts'
import { serving, tokens } from './serving.ts'

/** Well-formed answers, one after the other, or nothing; undefined: it is something else. */
const statusesOf = (text: string): readonly number[] | undefined => {
  const statuses: number[] = []
  let rest = text
  while (rest !== '') {
    const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[\w-]+: [^\r\n]*\r\n)*)\r\n/.exec(rest)
    if (head === null) return undefined
    statuses.push(Number(head[1]))
    rest = rest.slice(head[0].length)
    const length = /^content-length: (\d+)\r$/im.exec(head[2] ?? '')?.[1]
    // Without a length, as for 1xx and HEAD, the next answer follows at once; what Node says by itself has none either.
    rest = rest.slice(Number(length ?? 0) > rest.length ? rest.length : Number(length ?? 0))
  }
  return statuses
}

const host = 'Host: 127.0.0.1\r\n'
const close = 'Connection: close\r\n'
const operator = `Authorization: Bearer ${tokens.operate}\r\n`
const drain = '/api/v1/sites/a.example/regions/msk/drain'
const json = 'Content-Type: application/json\r\n'

/** Node 20 leaves out what is beyond its count of headers; Node 24 refuses the request. */
const tooManyHeaders = process.versions.node.startsWith('20.') ? 401 : 431

describe('what is no request', () => {
  it.each<[string, string, number]>([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no host', `GET /healthz HTTP/1.1\r\n${close}\r\n`, 400],
    ['an old version without a host', 'GET /healthz HTTP/1.0\r\n\r\n', 400],
    ['two hosts that make no URL', `GET /healthz HTTP/1.1\r\nHost: a b\r\n${close}\r\n`, 400],
    ['a host that is a path', `GET /healthz HTTP/1.1\r\nHost: a/b?c\r\n${close}\r\n`, 400],
    ['a target that is none', `GET ?x HTTP/1.1\r\n${host}${close}\r\n`, 400],
    ['a head without end', `GET /healthz HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an authorization behind many headers', `GET /api/v1/sites HTTP/1.1\r\n${host}${close}${'X: y\r\n'.repeat(300)}Authorization: Bearer ${tokens.read}\r\n\r\n`, tooManyHeaders],
    ['a body of two lengths', `POST ${drain} HTTP/1.1\r\n${host}${operator}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`, 400],
    ['a length and chunks', `POST ${drain} HTTP/1.1\r\n${host}${operator}${json}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a chunk that is none', `POST ${drain} HTTP/1.1\r\n${host}${operator}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['a length below zero', `POST ${drain} HTTP/1.1\r\n${host}${operator}${json}Content-Length: -1\r\n\r\n`, 400],
    ['a header folded', `GET /api/v1/sites HTTP/1.1\r\n${host}Authorization: Bearer\r\n ${tokens.read}\r\n\r\n`, 400],
    ['an expectation', `POST ${drain} HTTP/1.1\r\n${host}${close}Expect: wonders\r\n\r\n`, 417],
    ['an upgrade', `GET /api/v1/sites HTTP/1.1\r\n${host}Connection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n`, 401],
  ])('%s is answered with an error, and closed', async (_what, bytes, status) => {
    const { port, operations, lines } = await serving()
    const { closed } = await rawConnection(port, Buffer.from(bytes, 'latin1'))
    const text = await closed
    expect([statusesOf(text), text.slice(0, 300)]).toEqual([[status], expect.any(String)])
    expect([operations.calls, lines]).toEqual([[], []])
  })

  it('CONNECT is closed', async () => {
    const { port } = await serving()
    expect(await (await rawConnection(port, `CONNECT a.example:443 HTTP/1.1\r\n${host}\r\n`)).closed).toBe('')
  })

  it('is no request that hides in the body of another', async () => {
    const { port, operations } = await serving()
    const hidden = `DELETE ${drain} HTTP/1.1\r\n${host}${operator}\r\n`
    const { closed } = await rawConnection(port, `POST ${drain} HTTP/1.1\r\n${host}Content-Type: text/plain\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`)
    expect(statusesOf(await closed)).toEqual([401])
    expect(operations.calls).toEqual([])
  })

  it('is each its own when many come at once', async () => {
    const { port, operations } = await serving()
    const one = `DELETE ${drain} HTTP/1.1\r\n${host}${operator}\r\n`
    const { closed } = await rawConnection(port, `${one}${one}GET /healthz HTTP/1.1\r\n${host}${close}\r\n`)
    expect(statusesOf(await closed)).toEqual([200, 200, 200])
    expect(operations.calls.length).toBe(2)
  })
})

describe('whoever is slow', () => {
  const slowly = async (listener: Parameters<typeof createHttpServer>[0], bytes: string): Promise<string> => {
    const server = createHttpServer(listener, 10, { headersTimeout: 100, requestTimeout: 200, keepAliveTimeout: 100, timeout: 400 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { closed, socket } = await rawConnection((server.address() as AddressInfo).port, bytes)
    const drip = setInterval(() => socket.write('x'), 50)
    onTestFinished(() => clearInterval(drip))
    return closed
  }

  it('in sending a head is cut off', async () => {
    expect(await slowly(() => undefined, 'GET / HTTP/1.1\r\nX: ')).toMatch(/^HTTP\/1\.1 408 [^]*"code":"too-slow"/)
  })

  it('in sending a body is cut off, and what came of it is no body', async () => {
    const read = bodyReader(1_000)
    let tell = (_kind: string): void => undefined
    const kind = new Promise<string>((resolve) => (tell = resolve))
    const text = await slowly((incoming) => void read(incoming, 1_000).then((each) => tell(each.kind)), `POST / HTTP/1.1\r\n${host}Content-Length: 999\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(await kind).toBe('broken')
  })

  it('in reading is cut off', async () => {
    const server = createHttpServer((_incoming, outgoing) => void outgoing.end(Buffer.alloc(50_000_000)), 10, { ...usualBounds, timeout: 200 })
    const gone = new Promise<void>((resolve) => server.on('connection', (served) => served.once('close', () => resolve())))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { socket } = await rawConnection((server.address() as AddressInfo).port, `GET / HTTP/1.1\r\n${host}\r\n`)
    socket.pause()
    await gone
  })
})

it('holds no more of all bodies together than its limit', async () => {
  const read = bodyReader(10_000)
  const kinds: string[] = []
  let wake = (): void => undefined
  const server = createHttpServer(
    async (incoming, outgoing) => {
      kinds.push((await read(incoming, 8_000)).kind)
      outgoing.setHeader('connection', 'close').end()
      wake()
    },
    10,
    usualBounds,
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const begin = `POST / HTTP/1.1\r\n${host}Content-Length: 8000\r\n\r\n${'x'.repeat(7_000)}`
  const first = await rawConnection(port, begin)
  const refused = new Promise<void>((resolve) => (wake = resolve))
  await rawConnection(port, begin)
  await refused
  const done = new Promise<void>((resolve) => (wake = resolve))
  first.socket.write('x'.repeat(1_000))
  await done
  expect(kinds).toEqual(['busy', 'read'])
})

describe('whatever comes', () => {
  const path = fc.oneof(
    fc.constantFrom('/', '/healthz', '/metrics', '/api/v1/sites', '/api/v1/events', '/api/v1/report', drain, `${drain}/../force`, '/api/v1/sites/a.example/pause', '/api/v1/webhooks/kuma', '/api/v1/alerts/test'),
    fc.webPath(),
    fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((text) => `/${text}`),
    fc.string({ maxLength: 20 }).map((text) => `/api/v1/events?${text}`),
    fc.string({ maxLength: 20 }).map((text) => `/api/v1/sites/${text}/regions/${text}/drain`),
  )
  const method = fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'), fc.stringMatching(/^[A-Z]{1,8}$/), fc.string({ maxLength: 5 }))
  const header = fc.oneof(
    fc.tuple(fc.constantFrom('Host', 'Content-Type', 'Content-Length', 'Transfer-Encoding', 'Accept', 'Expect', 'Last-Event-ID', 'X-Forwarded-For', 'X-Actor'), fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('application/json', 'chunked', '5', '127.0.0.1', '__proto__'))),
    fc.tuple(fc.stringMatching(/^[\w-]{1,12}$/), fc.string({ maxLength: 30 })),
    // Wrong in the least: one character less, or more, of a token that may operate.
    fc.tuple(fc.constant('Authorization'), fc.constantFrom(`Bearer ${tokens.operate}x`, `Bearer ${tokens.operate.slice(1)}`, `Basic ${tokens.operate}`, tokens.operate, `Bearer ${tokens.read}`, `Bearer ${tokens.read},${tokens.operate}`)),
  )
  const body = fc.oneof(fc.constant(''), fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom('{"for":"1h","reason":"r"}', '{"down":["msk"]}', '{"__proto__":{"dryRun":true}}', '['.repeat(5_000)))
  const request = fc.record({ method, path, headers: fc.array(header, { maxLength: 6 }), body })

  it('is answered in form or closed, and moves nothing', async () => {
    const { port, operations, lines } = await serving()
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const lengths = each.headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name))
        const head = [`${each.method} ${each.path} HTTP/1.1`, 'Host: 127.0.0.1', ...each.headers.map(([name, value]) => `${name}: ${value}`), ...(lengths ? [] : [`Content-Length: ${Buffer.byteLength(each.body)}`]), 'Connection: close']
        const { socket, closed } = await rawConnection(port, `${head.join('\r\n')}\r\n\r\n${each.body}`)
        // Nothing more comes: what was announced and is not there need not be waited for.
        socket.end()
        const text = await closed
        const isStream = /^content-type: text\/event-stream\r$/m.test(text)
        // Some expectations Node answers by itself, without a body.
        expect(isStream || statusesOf(text) !== undefined || text.startsWith('HTTP/1.1 417 Expectation Failed\r\n'), text.slice(0, 500)).toBe(true)
        expect(text).not.toMatch(/^HTTP\/1\.1 500/)
      }),
      { numRuns: 400 },
    )
    expect(operations.calls).toEqual([])
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('as bytes is answered in form or closed', async () => {
    const { port, operations } = await serving()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const { socket, closed } = await rawConnection(port, bytes)
        socket.end()
        expect(statusesOf(await closed)).toBeDefined()
      }),
      { numRuns: 200 },
    )
    expect(operations.calls).toEqual([])
  })
})
