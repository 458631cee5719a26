import type { Socket } from 'node:net'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { onRequest, startTcp } from '../fakes/region-server.ts'
import { aCheck, aChecker, checkSurely, gist } from './checking.ts'

type Changes = Parameters<typeof aCheck>[0]
type Case = readonly [name: string, serve: (socket: Socket) => void, expected: object, changes?: Changes]

/** Writes again and again, as fast as it is read or every so many milliseconds, until the other side goes. */
const pour = (socket: Socket, piece: string | Buffer, everyMs?: number): void => {
  if (everyMs !== undefined) {
    const timer = setInterval(() => socket.write(piece), everyMs)
    socket.once('close', () => clearInterval(timer))
    return
  }
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
}

const answering =
  (answer: (socket: Socket) => void) =>
  (socket: Socket): void =>
    onRequest(socket, () => answer(socket))

const saying = (text: string | Buffer, end = true): ((socket: Socket) => void) =>
  answering((socket) => (end ? socket.end(text) : socket.write(text)))

const head = (fields: string): string => `HTTP/1.1 200 OK\r\n${fields}\r\n`
const gzipHead = (length: number): string => head(`content-encoding: gzip\r\ncontent-length: ${length}\r\n`)
const failing = (cause: string, status?: number): object => ({ kind: 'failed', cause, ...(status === undefined ? {} : { status }) })
const fine = (status = 200): object => ({ kind: 'ok', status })
const bomb = gzipSync(Buffer.alloc(50_000_000))
const brokenGzip = Buffer.concat([gzipSync('Hello').subarray(0, 12), Buffer.from('garbage, certainly')])
const cutGzip = gzipSync('Hello '.repeat(1000)).subarray(0, 40)
/** Deflate blocks that hold nothing: input without end, and no output. */
const nothing = Buffer.concat(Array<Buffer>(8192).fill(Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff])))
const short = { bounds: { headersMs: 250, bodyMs: 250, totalMs: 1000 } }
const totalFirst = { bounds: { headersMs: 5000, bodyMs: 5000, totalMs: 300 } }

const cases: readonly Case[] = [
  ['accepts and is silent', () => {}, failing('headers-timeout'), short],
  ['accepts and is silent, the total being shorter', () => {}, failing('timeout'), totalFirst],
  ['drips its headers', answering((socket) => pour(socket, 'H', 20)), failing('protocol'), short],
  ['drips a header field', answering((socket) => (socket.write('HTTP/1.1 200 OK\r\nx: '), pour(socket, 'y', 20))), failing('headers-timeout'), short],
  ['drips its body', answering((socket) => (socket.write(head('content-length: 1000\r\n')), pour(socket, 'y', 20))), failing('body-timeout', 200), short],
  ['drips its body, the total being shorter', answering((socket) => (socket.write(head('')), pour(socket, 'y', 20))), failing('timeout', 200), totalFirst],
  ['stalls in the body', saying(`${head('content-length: 10\r\n')}Hello`, false), failing('body-timeout', 200), short],
  ['sends a body without end, fast', answering((socket) => (socket.write(head('')), pour(socket, 'y'.repeat(10_000)))), fine()],
  ['sends chunks without end, one byte each', answering((socket) => (socket.write(head('transfer-encoding: chunked\r\n')), pour(socket, '1\r\ny\r\n'.repeat(1000)))), fine()],
  ['sends a chunk extension without end', answering((socket) => (socket.write(`${head('transfer-encoding: chunked\r\n')}1;`), pour(socket, 'x'.repeat(10_000)))), failing('protocol', 200)],
  ['sends a reason phrase without end', answering((socket) => (socket.write('HTTP/1.1 200 '), pour(socket, 'x'.repeat(10_000)))), failing('headers-too-large')],
  ['resets in the body', answering((socket) => socket.write(`${head('content-length: 10\r\n')}Hello`, () => socket.resetAndDestroy())), failing('reset', 200)],
  ['resets in a body that ends with the connection', answering((socket) => socket.write(`${head('connection: close\r\n')}Hello`, () => setTimeout(() => socket.resetAndDestroy(), 50))), failing('reset', 200)],
  ['closes before the headers', saying(''), failing('reset')],
  ['closes within the headers', saying('HTTP/1.1 200 OK\r\nx: y'), failing('reset')],
  ['closes at once', (socket) => socket.end(), failing('reset')],
  ['resets at once', (socket) => socket.resetAndDestroy(), failing('reset')],
  ['sends less than its content-length', saying(`${head('content-length: 10\r\n')}Hello`), failing('reset', 200)],
  ['sends less than its content-length, and says close', saying(`${head('content-length: 10\r\nconnection: close\r\n')}Hello`), failing('reset', 200)],
  ['sends chunks that do not end', saying(`${head('transfer-encoding: chunked\r\n')}5\r\nHello\r\n`), failing('reset', 200)],
  ['sends chunks that do not end, and says close', saying(`${head('transfer-encoding: chunked\r\nconnection: close\r\n')}5\r\nHello\r\n`), failing('reset', 200)],
  ['sends garbage chunks', saying(`${head('transfer-encoding: chunked\r\n')}zz\r\nHello\r\n`), failing('protocol', 200)],
  ['sends a huge header', saying(head(`x: ${'y'.repeat(200_000)}\r\n`), false), failing('headers-too-large')],
  ['sends headers of no size', answering((socket) => (socket.write('HTTP/1.1 200 OK\r\n'), pour(socket, 'x:\r\n'.repeat(1000)))), failing('headers-too-large')],
  ['sends a million headers', answering((socket) => (socket.write('HTTP/1.1 200 OK\r\n'), pour(socket, 'x: y\r\n'.repeat(1000)))), failing('headers-too-large')],
  ['floods with 100 continue', answering((socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))), failing('protocol')],
  ['floods with 103 early hints', answering((socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100))), failing('protocol')],
  ['drips 103 early hints', answering((socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 50)), failing('headers-timeout'), short],
  ['answers after an early hint', saying(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${head('content-length: 2\r\n')}ok`), fine()],
  ['switches protocols unasked', saying('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n', false), failing('protocol')],
  ['offers an upgrade with its answer', saying(`${head('upgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 2\r\n')}ok`), fine()],
  ['sends a gzip bomb', answering((socket) => socket.end(Buffer.concat([Buffer.from(gzipHead(bomb.length)), bomb]))), failing('body', 200), { expect: { body: { kind: 'contains', text: 'Hello' } } }],
  ['sends gzip that never comes to anything', answering((socket) => (socket.write(head('content-encoding: deflate\r\n')), pour(socket, nothing))), fine()],
  ['sends broken gzip', saying(Buffer.concat([Buffer.from(gzipHead(brokenGzip.length)), brokenGzip])), failing('protocol', 200)],
  ['sends half a gzip', saying(Buffer.concat([Buffer.from(gzipHead(cutGzip.length)), cutGzip])), failing('protocol', 200)],
  ['sends raw deflate', saying(Buffer.concat([Buffer.from(head('content-encoding: deflate\r\n')), deflateRawSync('Hello')])), fine(), { expect: { body: { kind: 'contains', text: 'Hello' } } }],
  ['says gzip and sends nothing', saying(gzipHead(0)), fine()],
  ['speaks something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), failing('protocol')],
  ['sends bytes of no kind', saying(Buffer.from([0, 1, 2, 3, 255, 254])), failing('protocol')],
  // Found by test/fuzz/http-answers.test.ts: it counted as a fault of our own, so that no such region was ever withdrawn.
  ['answers with a status below 100', saying('HTTP/1.1 099 What\r\ncontent-length: 2\r\n\r\nok'), failing('protocol')],
  ['answers with the status 0', saying('HTTP/1.1 000 \r\ncontent-length: 2\r\n\r\nok', false), failing('protocol')],
  ['has length and chunks both', saying(`${head('content-length: 5\r\ntransfer-encoding: chunked\r\n')}5\r\nHello\r\n0\r\n\r\n`), failing('protocol')],
  ['speaks HTTP/1.0', saying('HTTP/1.0 200 OK\r\n\r\nHello'), fine(), { expect: { body: { kind: 'contains', text: 'Hello' } } }],
  ['answers 204', saying('HTTP/1.1 204 No Content\r\n\r\n', false), fine(204)],
  ['answers 304', saying('HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n', false), failing('status', 304)],
  ['answers 304 as expected', saying('HTTP/1.1 304 Not Modified\r\ncontent-length: 100\r\n\r\n', false), fine(304), { expect: { status: [{ from: 304, to: 304 }] } }],
]

describe('a server that', () => {
  for (const [name, serve, expected, changes] of cases) {
    it(name, async () => {
      const server = await startTcp(serve)
      const check = aCheck(changes)
      const result = await checkSurely(aChecker(), `http://failover.test:${server.port}/`, server.address, check)
      expect(gist(result)).toEqual(expected)
      expect(result.timing.totalMs).toBeLessThan(check.bounds.totalMs + 250)
      await server.idle()
    })
  }
})
