import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connect, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ResponseEvents, sendRequest } from '../../src/checks/request.ts'
import { onRequest, startTcp } from '../fakes/region-server.ts'

type Told =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly isReusable: boolean }
  | { readonly kind: 'error'; readonly code: unknown }
  | { readonly kind: 'nonsense'; readonly detail: string }

interface Asking {
  readonly method?: string
  readonly keepsOpen?: boolean
}

/** What is told of a request that is answered so, and then nothing more; `ends`: the server closes. */
const asking = async (text: string, ends: boolean, { method = 'GET', keepsOpen = true }: Asking = {}): Promise<Told> => {
  const server = await startTcp((socket) => onRequest(socket, () => (ends ? socket.end(text, 'latin1') : socket.write(text, 'latin1'))))
  const socket = await new Promise<Socket>((resolve) => {
    const opened = connect({ host: server.address, port: server.port }, () => resolve(opened))
    opened.on('error', () => {})
  })
  onTestFinished(() => void socket.destroy())
  return new Promise((resolve) => {
    let [status, body] = [0, '']
    const events: ResponseEvents = {
      onHead: (head) => (status = head.status),
      onData: (data) => (body += data.toString('latin1')),
      onEnd: (isReusable) => resolve({ kind: 'answer', status, body, isReusable }),
      onError: (error) => resolve({ kind: 'error', code: (error as NodeJS.ErrnoException).code }),
      onNonsense: (detail) => resolve({ kind: 'nonsense', detail }),
    }
    sendRequest(socket, { url: new URL('http://failover.test/'), method, headers: {}, keepsOpen }, events)
  })
}

const hello = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello'
const chunks = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n'
const until = 'HTTP/1.1 200 OK\r\n\r\nHello'
const closing = 'HTTP/1.1 200 OK\r\nconnection: Foo, Close\r\ncontent-length: 5\r\n\r\nHello'

describe('a connection', () => {
  it.each<readonly [string, string, string, boolean, Asking]>([
    ['may serve another request after an answer with a length', hello, 'Hello', true, {}],
    ['may after chunks', chunks, 'Hello', true, {}],
    ['may after no body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', '', true, {}],
    ['may after HEAD', hello.slice(0, -5), '', true, { method: 'HEAD' }],
    ['may not where we said close', hello, 'Hello', false, { keepsOpen: false }],
    ['may not where the server says close', closing, 'Hello', false, {}],
    ['may not with HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nHello', 'Hello', false, {}],
    ['may not after more than was asked for', `${hello}!`, 'Hello', false, {}],
    ['may not after an answer too many', `${hello}${hello}`, 'Hello', false, {}],
    ['may not after more than the chunks', `${chunks}!`, 'Hello', false, {}],
    ['may not after a body to HEAD', hello, '', false, { method: 'HEAD' }],
  ])('%s', async (_, text, body, isReusable, how) => {
    expect(await asking(text, false, how)).toEqual({ kind: 'answer', status: 200, body, isReusable })
  })

  it('may not where the body ends with it', async () => {
    expect(await asking(until, true)).toEqual({ kind: 'answer', status: 200, body: 'Hello', isReusable: false })
  })
})

it.each([100, 102, 103, 199])('an answer with %d before it that nobody asked for is the answer (RFC 9110 section 15.2)', async (status) => {
  expect(await asking(`HTTP/1.1 ${status} Wait\r\n\r\n${hello}`, false)).toEqual({ kind: 'answer', status: 200, body: 'Hello', isReusable: true })
})

/** By llhttp; what exactly it says differs between versions of Node. */
const refused: Told = { kind: 'error', code: expect.stringMatching(/^HPE_/) }

describe('no answer', () => {
  it.each<readonly [string, string]>([
    ['has lengths that differ', 'content-length: 5\r\ncontent-length: 6\r\n'],
    ['has a length and chunks both', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'],
    ['has chunks and a length both', 'transfer-encoding: chunked\r\ncontent-length: 5\r\n'],
    ['has a length that is none', 'content-length: 5x\r\n'],
    ['has two lengths in one', 'content-length: 5, 5\r\n'],
    ['has a length beyond all numbers', 'content-length: 99999999999999999999\r\n'],
    ['has a blank before the colon', 'content-length : 5\r\n'],
    ['has a control character in a field', 'x: a\0b\r\ncontent-length: 5\r\n'],
    ['has a line that is no field', 'x\r\ncontent-length: 5\r\n'],
  ])('%s', async (_, fields) => {
    expect(await asking(`HTTP/1.1 200 OK\r\n${fields}\r\nHello`, true)).toEqual(refused)
  })

  it.each<readonly [string, string, Told]>([
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n', { kind: 'nonsense', detail: '101 switching protocols, which was not asked for' }],
    ['only says 101', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', { kind: 'nonsense', detail: 'the status 101, which is none of an answer' }],
    ['has a status of no class', 'HTTP/1.1 099 What\r\ncontent-length: 0\r\n\r\n', { kind: 'nonsense', detail: 'the status 99, which is none of an answer' }],
    ['never comes', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(17), { kind: 'nonsense', detail: 'more than 16 informational responses' }],
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', refused],
    ['is shorter than it says', hello.slice(0, -1), { kind: 'error', code: 'ECONNRESET' }],
    ['lacks the last chunk', chunks.slice(0, -5), { kind: 'error', code: 'ECONNRESET' }],
    ['has a chunk longer than it says', chunks.replace('Hello', 'Hello!'), refused],
  ])('%s', async (_, text, told) => {
    expect(await asking(text, true)).toEqual(told)
  })
})

it.each<readonly [string, Readonly<Record<string, string>>]>([
  ['a name', { 'x y': '1' }],
  ['a value', { x: 'a\r\nb: c' }],
])('a header with %s that cannot be sent is refused at once', (_, headers) => {
  const silent: ResponseEvents = { onHead: () => {}, onData: () => {}, onEnd: () => {}, onError: () => {}, onNonsense: () => {} }
  expect(() => sendRequest(new Socket(), { url: new URL('http://failover.test/'), method: 'GET', headers, keepsOpen: false }, silent)).toThrow(TypeError)
})

/** What Node's client has started meanwhile, kept alive by nobody here. */
const requestsDuring = async (run: () => Promise<unknown>): Promise<readonly WeakRef<object>[]> => {
  const seen: WeakRef<object>[] = []
  const see = (message: unknown): void => void seen.push(new WeakRef((message as { readonly request: object }).request))
  subscribe('http.client.request.start', see)
  await run()
  unsubscribe('http.client.request.start', see)
  return seen
}

it('an idle connection keeps nothing of the request before', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // Stays open until the end of the test.
  const requests = await requestsDuring(() => asking(hello, false))
  for (let turns = 0; turns < 200 && requests.some((request) => request.deref() !== undefined); turns += 1) {
    await turn()
    collect()
  }
  expect(requests.map((request) => request.deref())).toEqual([undefined])
})
