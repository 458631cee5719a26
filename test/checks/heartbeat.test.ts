import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createHeartbeats } from '../../src/checks/heartbeat.ts'
import type { Copy } from '../../src/core/heartbeat.ts'
import type { PageDigest } from '../../src/engine/ports.ts'
import { startHttp, startTcp } from '../fakes/region-server.ts'
import { aCheck, now } from './checking.ts'

const heartbeats = createHeartbeats({ now })
const never = new AbortController().signal
const sound = { version: 1, region: 'msk', counter: 7, boot: 'b1', writtenAt: '2026-11-22T15:00:00.000Z', content: 'c7' }

type Changes = Parameters<typeof aCheck>[0]
const read = async (answer: RequestListener, changes: Changes = {}, signal = never): Promise<Omit<Copy, 'askedAt'>> => {
  const server = await startHttp(answer)
  const url = `http://failover.test:${server.port}/.dns-failover/msk.json`
  const { askedAt, ...copy } = await heartbeats.read({ url, address: server.address, check: aCheck(changes), writer: 'msk' }, signal)
  expect(askedAt).toBeLessThanOrEqual(now())
  return copy
}
const json = (body: unknown, status = 200): RequestListener => (_, response) => void response.writeHead(status).end(JSON.stringify(body))

describe('a copy', () => {
  it('is found, by the name and at the address of the region, uncached and with the headers of the check', async () => {
    const asked: unknown[] = []
    const copy = await read(
      (request, response) => {
        asked.push([request.method, request.url, request.headers.host?.replace(/:\d+$/, ''), request.headers['cache-control'], request.headers.authorization])
        json(sound)(request, response)
      },
      { method: 'HEAD', headers: { Authorization: 'Basic eDp5' } },
    )
    expect(copy).toEqual({ kind: 'found', heartbeat: { region: 'msk', counter: 7, boot: 'b1', writtenAt: Date.UTC(2026, 10, 22, 15), content: 'c7' } })
    expect(asked).toEqual([['GET', '/.dns-failover/msk.json', 'failover.test', 'no-cache', 'Basic eDp5']])
  })

  it.each<[string, RequestListener, object]>([
    ['not there', json('', 404), { kind: 'missing', detail: 'status 404' }],
    ['gone', json('', 410), { kind: 'missing', detail: 'status 410' }],
    ['a page instead', (_, response) => response.end('<html>'), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ["another region's", json({ ...sound, region: 'ams' }), { kind: 'failed', detail: 'what is there is the heartbeat of "ams"', hasAnswered: true }],
    ['of another version', json({ ...sound, version: 2 }), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ['with a counter that is none', json({ ...sound, counter: -1 }), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ['far too long', (_, response) => response.end(JSON.stringify({ ...sound, more: 'x'.repeat(20_000) })), { kind: 'failed', detail: 'what is there is longer than 16384 bytes: no heartbeat', hasAnswered: true }],
    ['nothing at all', (_, response) => response.end(), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ['an endless answer', (_, response) => { const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more))); more() }, { kind: 'failed', detail: 'what is there is longer than 16384 bytes: no heartbeat', hasAnswered: true }],
    ['a counter beyond what a number can hold', (_, response) => response.end(JSON.stringify(sound).replace('7', '9'.repeat(30))), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ['brackets without end', (_, response) => response.end('['.repeat(16_000)), { kind: 'failed', detail: 'what is there is no heartbeat', hasAnswered: true }],
    ['called another type', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(sound)), { kind: 'found', heartbeat: { region: 'msk', counter: 7, boot: 'b1', writtenAt: Date.UTC(2026, 10, 22, 15), content: 'c7' } }],
    ['round in a circle', (_, response) => response.writeHead(301, { location: '/.dns-failover/msk.json' }).end(), { kind: 'failed', detail: 'status 301', hasAnswered: true }],
    ['refused', json('', 403), { kind: 'failed', detail: 'status 403', hasAnswered: true }],
    ['in trouble', json('', 503), { kind: 'failed', detail: 'status 503', hasAnswered: true }],
    ['elsewhere', (_, response) => response.writeHead(302, { location: 'http://else.test/' }).end(), { kind: 'failed', detail: 'status 302', hasAnswered: true }],
  ])('%s', async (_, answer, expected) => expect(await read(answer)).toEqual(expected))

  it('is followed to where the check may follow', async () => {
    const moved: RequestListener = (request, response) => (request.url === '/new' ? json(sound)(request, response) : response.writeHead(301, { location: '/new' }).end())
    expect(await read(moved, { maxRedirects: 1 })).toMatchObject({ kind: 'found' })
  })

  it.each<[string, Changes, object]>([
    ['that does not come ends with the bounds', { bounds: { totalMs: 80 } }, { kind: 'failed', detail: expect.stringMatching(/^(?:timeout|headers-timeout|late): /) }],
  ])('%s', async (_, changes, expected) => expect(await read(() => {}, changes)).toEqual(expected))

  it('is given up when the caller is', async () => {
    const stop = new AbortController()
    const asked = read(() => stop.abort(), {}, stop.signal)
    expect(await asked).toEqual({ kind: 'failed', detail: expect.stringMatching(/^aborted: /) })
  })

  it('that nobody hands out, or that is no HTTP, is none', async () => {
    const server = await startTcp((socket) => socket.end('garbage\r\n\r\n'))
    const ask = (port: number) => heartbeats.read({ url: `http://failover.test:${port}/`, address: server.address, check: aCheck(), writer: 'msk' }, never)
    expect(await ask(server.port)).toMatchObject({ kind: 'failed', detail: expect.stringMatching(/^protocol: /) })
    expect(await ask(1)).toMatchObject({ kind: 'failed', detail: expect.stringMatching(/^refused: /) })
    expect(await heartbeats.read({ url: 'no url', address: server.address, check: aCheck(), writer: 'msk' }, never)).toMatchObject({ kind: 'failed', detail: expect.stringMatching(/^local-error: /) })
  })
})

describe('a page', () => {
  const digest = async (answer: RequestListener): Promise<PageDigest> => {
    const server = await startHttp(answer)
    return heartbeats.digest({ url: `http://failover.test:${server.port}/`, address: server.address, check: aCheck({ expect: { bodyBytes: 4 } }) }, never)
  }
  const text = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}, status = 200): RequestListener => (_, response) => void response.writeHead(status, headers).end(body)

  it('is told by its bytes, however they are sent', async () => {
    const plain = await digest(text('hello'))
    expect(plain).toEqual({ kind: 'read', digest: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' })
    expect(await digest(text(gzipSync('hello'), { 'content-encoding': 'gzip' }))).toEqual(plain)
    expect(await digest(text('hellO'))).not.toEqual(plain)
  })

  it('is compared as far as its first MiB', async () => {
    const long = 'x'.repeat(1_048_576)
    expect(await digest(text(`${long}one`))).toEqual(await digest(text(`${long}other`)))
    expect(await digest(text(`y${long}`))).not.toEqual(await digest(text(long)))
  })

  it('that is an error is none', async () => expect(await digest(text('hello', {}, 500))).toEqual({ kind: 'failed', detail: 'status 500' }))
})
