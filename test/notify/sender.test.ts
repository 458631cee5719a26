import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { retryAfterMs } from '../../src/notify/judge-answer.ts'
import { createSender, type SendRequest } from '../../src/notify/sender.ts'
import { startReceiver } from './receiver.ts'

const never = new AbortController().signal
const what = (url: string): SendRequest => ({ method: 'POST', url: `${url}/services/T0KEN/hush?key=s3same`, headers: {}, body: '{}', secret: 'bearer-secret' })

const sent = async (answer: (response: ServerResponse) => void, timeoutMs = 5_000) => {
  await using receiver = await startReceiver(answer)
  const sender = createSender(() => Date.UTC(2026, 0, 1))
  try {
    const delivery = await sender.send(what(receiver.url), timeoutMs, never)
    return { delivery, requests: receiver.received.length }
  } finally {
    await sender.close()
  }
}

const text = { 'content-type': 'text/plain' }
it.each<[string, (response: ServerResponse) => void, object]>([
  ['taken', (r) => r.writeHead(204).end(), { kind: 'delivered', detail: 'HTTP 204' }],
  ['no such hook', (r) => r.writeHead(404, text).end('no_service\n'), { kind: 'rejected', detail: 'HTTP 404 (no_service)' }],
  ['a page for people', (r) => r.writeHead(403, { 'content-type': 'text/html' }).end('<h1>no</h1>'), { kind: 'rejected', detail: 'HTTP 403' }],
  ['an answer that repeats what is secret', (r) => r.writeHead(400, text).end('Cannot POST /services/T0KEN/hush?key=s3same: T0KEN, s3same, bearer-secret'), { kind: 'rejected', detail: 'HTTP 400 (Cannot POST [secret][secret]: [secret], [secret], [secret])' }],
  ['a redirect', (r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), { kind: 'rejected', detail: 'HTTP 302, a redirect, which is not followed; configure the address that it leads to' }],
  ['too many, with seconds', (r) => r.writeHead(429, { 'retry-after': '7' }).end(), { kind: 'failed', detail: 'HTTP 429', retryAfterMs: 7000 }],
  ['busy, with a date', (r) => r.writeHead(503, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }).end(), { kind: 'failed', detail: 'HTTP 503', retryAfterMs: 60_000 }],
  ['too slow', (r) => r.writeHead(408).end(), { kind: 'failed', detail: 'HTTP 408', retryAfterMs: undefined }],
  ['too early', (r) => r.writeHead(425).end(), { kind: 'failed', detail: 'HTTP 425', retryAfterMs: undefined }],
])('%s', async (_, answer, delivery) => expect(await sent(answer)).toEqual({ delivery, requests: 1 }))

it('waits for no answer longer than it may', async () => {
  expect((await sent(() => undefined, 150)).delivery).toEqual({ kind: 'failed', detail: 'no answer within 0.15 s', retryAfterMs: undefined })
})

it('reads no more of an endless answer than it tells', async () => {
  const endless = (status: number) => (response: ServerResponse) => {
    response.writeHead(status, text)
    const more = (): void => {
      if (response.destroyed) return
      response.write('x'.repeat(65_536), () => setImmediate(more))
    }
    more()
  }
  expect((await sent(endless(200), 2_000)).delivery).toEqual({ kind: 'delivered', detail: 'HTTP 200' })
  const { delivery } = await sent(endless(400), 2_000)
  expect([delivery.kind, delivery.detail.length]).toEqual(['rejected', 'HTTP 400 ()'.length + 160])
})

it('judges by the head an answer whose body never comes', async () => {
  const { delivery } = await sent((response) => void response.writeHead(404, { ...text, 'content-length': '9' }).flushHeaders(), 200)
  expect(delivery).toEqual({ kind: 'rejected', detail: 'HTTP 404' })
})

it('tells why nothing was sent, and of the address the host only', async () => {
  const sender = createSender(Date.now)
  const server = createServer((socket) => socket.resume().end('not HTTP\r\n\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const strange = await sender.send(what(url), 2_000, never)
  server.close()
  await once(server, 'close')
  const refused = await sender.send(what(url), 2_000, never)
  expect([strange.kind, refused.kind]).toEqual(['failed', 'failed'])
  expect(refused.detail).toMatch(/ECONNREFUSED/)
  expect(`${strange.detail} ${refused.detail}`).not.toMatch(/T0KEN|s3same|hush/)
  expect(await sender.send({ ...what(url), url: 'nonsense' }, 100, never)).toEqual({ kind: 'rejected', detail: 'its address is no URL' })
  await sender.close()
})

it('ends at once when it is told to', async () => {
  await using receiver = await startReceiver(() => undefined)
  const sender = createSender(Date.now)
  const end = new AbortController()
  const pending = sender.send(what(receiver.url), 60_000, end.signal)
  await receiver.until(1)
  end.abort()
  expect(await pending).toEqual({ kind: 'failed', detail: 'ended before an answer came', retryAfterMs: undefined })
  await sender.close()
})

it.each([
  [undefined, undefined],
  ['0', 0],
  ['1.5', 1500],
  ['soon', undefined],
  ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('Retry-After %s is %s ms', (value, expected) => expect(retryAfterMs(value, Date.UTC(2026, 0, 1))).toBe(expected))
