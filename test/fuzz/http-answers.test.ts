import type { Socket } from 'node:net'
import { deflateRawSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { aCheck, aChecker } from '../checks/checking.ts'
import { onRequest, startTcp } from '../fakes/region-server.ts'
import { type Edit, edited, edits, within } from './edits.ts'

const head = (fields: string): Buffer => Buffer.from(`HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 15:00:00 GMT\r\n${fields}\r\n`)
const zipped = gzipSync('Hello '.repeat(50))
const deflated = deflateRawSync('Hello '.repeat(50))

const sound: readonly Buffer[] = [
  Buffer.concat([head('content-length: 5\r\n'), Buffer.from('Hello')]),
  Buffer.concat([head('transfer-encoding: chunked\r\n'), Buffer.from('3\r\nHel\r\n2;x=y\r\nlo\r\n0\r\nserver-timing: a\r\n\r\n')]),
  Buffer.concat([head(`content-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n`), zipped]),
  Buffer.concat([head(`content-encoding: deflate\r\ncontent-length: ${deflated.length}\r\n`), deflated]),
  Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), head('connection: close\r\n'), Buffer.from('Hello')]),
  Buffer.from('HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n'),
]

const totalMs = 250
const check = aCheck({ maxRedirects: 3, expect: { body: { kind: 'matches', text: 'He(l+)o' } }, bounds: { headersMs: 150, bodyMs: 150, totalMs } })

interface Wrong {
  readonly answer: number
  readonly edits: readonly Edit[]
  /** After how many bytes the rest comes in a packet of its own. */
  readonly split: number
  readonly ends: boolean
}

const wrong: fc.Arbitrary<Wrong> = fc.record({ answer: fc.nat(sound.length - 1), edits, split: fc.nat(400), ends: fc.boolean() })

it('whatever a region answers, there is a result, in time, and no more is held of it', async () => {
  let [wrongs, asked]: [readonly Wrong[], number] = [[], 0]
  const serve = (socket: Socket): void =>
    onRequest(socket, () => {
      const each = wrongs[(asked += 1) % wrongs.length]
      const bytes = edited(sound[each?.answer ?? 0] ?? Buffer.alloc(0), each?.edits ?? [])
      socket.write(bytes.subarray(0, each?.split))
      setImmediate(() => (each?.ends === false ? socket.write(bytes.subarray(each.split)) : socket.end(bytes.subarray(each?.split ?? 0))))
    })
  const server = await startTcp(serve)
  const checker = aChecker()
  const kinds = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(wrong, { minLength: 16, maxLength: 16 }), async (all) => {
      wrongs = all
      const url = `http://region.test:${server.port}/`
      const results = await within(5 * totalMs, Promise.all(all.map(() => checker.check({ url, address: server.address, check }, new AbortController().signal))))
      for (const result of results) {
        expect(['ok', 'failed', 'cannot-tell']).toContain(result.kind)
        // What is wrong with an answer is never our own fault; a machine that was too busy to listen is.
        if (result.kind === 'cannot-tell') expect(result.cause, result.detail).toBe('late')
        if (result.kind !== 'ok') expect(result.detail.length).toBeLessThan(1000)
        kinds.set(result.kind, (kinds.get(result.kind) ?? 0) + 1)
      }
    }),
    { numRuns: 25 },
  )
  expect(kinds.get('ok')).toBeGreaterThan(0)
  expect(kinds.get('failed')).toBeGreaterThan(0)
  await within(2000, server.idle())
})
