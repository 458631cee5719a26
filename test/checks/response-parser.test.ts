import { once } from 'node:events'
import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createResponseParser } from '../../src/checks/response-parser.ts'

type Read = { readonly kind: 'answer'; readonly status: number; readonly body: string } | { readonly kind: 'none' }

interface Own {
  readonly read: Read
  readonly isReusable: boolean
  /** Bytes that were taken until it was complete. */
  readonly taken: number
}

/** What our parser makes of pieces that are followed by the end of the connection. */
const readPieces = (pieces: readonly Buffer[], isHead = false): Own => {
  const body: Buffer[] = []
  let [status, taken, isReusable]: [number, number, boolean] = [0, 0, false]
  let read: Read | undefined
  const parser = createResponseParser(isHead, {
    onHead: (head) => (status = head.status),
    onData: (data) => body.push(Buffer.from(data)),
    onEnd: (mayGoOn) => {
      isReusable = mayGoOn
      read = { kind: 'answer', status, body: Buffer.concat(body).toString('latin1') }
    },
    onNonsense: () => (read = { kind: 'none' }),
  })
  for (const piece of pieces) {
    if (read !== undefined) break
    parser.write(piece)
    taken += piece.length
  }
  if (read === undefined) parser.end()
  return { read: read ?? { kind: 'none' }, isReusable, taken }
}

const bytewise = (bytes: Buffer): readonly Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))

/** Node's own client, with llhttp, as the judge. */
const startJudge = async (): Promise<(bytes: Buffer) => Promise<Read>> => {
  let answer: Buffer = Buffer.alloc(0)
  const server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return (bytes) =>
    new Promise((resolve) => {
      answer = bytes
      const none = (): void => resolve({ kind: 'none' })
      const asking = request({ host: '127.0.0.1', port, agent: false }, (response) => {
        const body: Buffer[] = []
        response.on('data', (data: Buffer) => body.push(data)).on('error', none)
        response.on('end', () => (response.complete ? resolve({ kind: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(body).toString('latin1') }) : none()))
      })
      asking.on('upgrade', none).on('error', none).on('close', none).end()
    })
}

const sound = [
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n3\r\nabc\r\n0\r\n\r\n',
  'HTTP/1.0 200 OK\r\n\r\nHello',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\ncontent-length: 5\r\n\r\nHello',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: gzip\r\n\r\nHello',
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nHello',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\nHello',
]
const strange = ['\r', '\n', '\r\n', ' ', '\t', ':', '0', 'f', '\0', '\u007f', 'ÿ', ',', '-', 'chunked', 'content-length: 3\r\n', 'transfer-encoding: chunked\r\n', '\r\n ', 'connection: close\r\n']

interface Edit {
  readonly at: number
  readonly drop: number
  readonly insert: string
}

const editOf = fc.record({ at: fc.nat(200), drop: fc.nat(2), insert: fc.constantFrom('', ...strange) })

const edited = (text: string, edits: readonly Edit[]): Buffer =>
  Buffer.from(
    edits.reduce((before, { at, drop, insert }) => before.slice(0, at % (before.length + 1)) + insert + before.slice((at % (before.length + 1)) + drop), text),
    'latin1',
  )

/** Which llhttp reads as well, or refuses where nobody reads: extensions of chunks, trailers. */
const mayDiffer = (text: string): boolean => /chunked/i.test(text) && /\r\n[\dA-Fa-f]+[^\r\n\dA-Fa-f]|\r\n0+\r\n(?!\r\n)/.test(text)

describe('an answer, sound or damaged', () => {
  it('is understood as llhttp understands it', async () => {
    const judge = await startJudge()
    let answers = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sound), fc.array(editOf, { maxLength: 2 }), async (text, edits) => {
        const bytes = edited(text, edits)
        const own = readPieces(bytewise(bytes))
        // What comes after the end belongs to no answer; Node's client would not show it then.
        if (own.taken < bytes.length || mayDiffer(bytes.toString('latin1'))) return
        expect({ bytes: bytes.toString('latin1'), ...own.read }).toEqual({ bytes: bytes.toString('latin1'), ...(await judge(bytes)) })
        if (own.read.kind === 'answer') answers += 1
      }),
      { numRuns: 1500 },
    )
    expect(answers).toBeGreaterThan(300)
  }, 120_000)

  it('is the same however it is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sound), fc.array(editOf, { maxLength: 3 }), fc.array(fc.nat(60), { maxLength: 6 }), (text, edits, cuts) => {
        const bytes = edited(text, edits)
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
        const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place))
        expect(readPieces(pieces).read).toEqual(readPieces([bytes]).read)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a connection', () => {
  it.each<readonly [string, string, boolean, boolean]>([
    ['may serve another request after an answer with a length', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello', false, true],
    ['may after chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n', false, true],
    ['may after no body', 'HTTP/1.1 204 No Content\r\n\r\n', false, true],
    ['may after HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', true, true],
    ['may not where the server says close', 'HTTP/1.1 200 OK\r\nconnection: Foo, Close\r\ncontent-length: 5\r\n\r\nHello', false, false],
    ['may not with HTTP/1.0', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nHello', false, false],
    ['may not where the body ends with it', 'HTTP/1.1 200 OK\r\n\r\nHello', false, false],
    ['may not after more than was asked for', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello!', false, false],
    ['may not after more than the chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n!', false, false],
    ['may not after a body to HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello', true, false],
  ])('%s', (_, text, isHead, isReusable) => {
    const own = readPieces([Buffer.from(text, 'latin1')], isHead)
    expect({ kind: own.read.kind, isReusable: own.isReusable }).toEqual({ kind: 'answer', isReusable })
  })
})
