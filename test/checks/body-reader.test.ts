import * as fc from 'fast-check'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type BodyRead, createBodyReader, rawLimit } from '../../src/checks/body-reader.ts'

/** Feeds the pieces in one go, up to where no more is wanted. */
const read = (encoding: string, limit: number, pieces: readonly Buffer[]): Promise<BodyRead> =>
  new Promise((resolve) => {
    const reader = createBodyReader(encoding, limit, resolve)
    if (pieces.every((piece) => reader.write(piece))) reader.end()
  })

/** The same bytes, cut at arbitrary places. */
const cut = (bytes: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return [...pieces, bytes.subarray(at)]
}

const codings: Readonly<Record<string, readonly [string, (bytes: Buffer) => Buffer]>> = {
  none: ['identity', (bytes) => bytes],
  gzip: ['gzip', gzipSync],
  'x-gzip': ['x-gzip', gzipSync],
  deflate: ['deflate', deflateSync],
  'raw deflate': ['deflate', deflateRawSync],
  brotli: ['br', brotliCompressSync],
}

describe('a body', () => {
  it.each(Object.entries(codings))('in %s is its first bytes, however it is cut', async (_, [encoding, encode]) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.array(fc.nat({ max: 3000 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 25_000 }),
        async (content, sizes, limit) => {
          const bytes = Buffer.from(content)
          expect(await read(encoding, limit, cut(encode(bytes), sizes))).toEqual({ kind: 'read', bytes: bytes.subarray(0, limit) })
        },
      ),
      { numRuns: 50 },
    )
  })

  it('that grows out of all proportion stops at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const before = process.memoryUsage().arrayBuffers
    const result = await read('gzip', 65_536, cut(bomb, [50_000]))
    expect(result).toEqual({ kind: 'read', bytes: Buffer.alloc(65_536) })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('that comes to nothing ends where no body of that size should', async () => {
    const nothing = Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff])))
    expect(nothing.length).toBeGreaterThan(rawLimit('deflate', 1000))
    expect(await read('deflate', 1000, cut(nothing, [1000, 100_000]))).toEqual({ kind: 'read', bytes: Buffer.alloc(0) })
  })

  it.each([
    ['gzip', Buffer.from('no gzip at all'), 'content-encoding gzip: incorrect header check'],
    ['gzip', gzipSync('Hello, world').subarray(0, 15), 'content-encoding gzip: unexpected end of file'],
    // Brotli's words differ between versions of Node.
    ['br', Buffer.from([0xff, 0xff, 0xff]), expect.stringMatching(/^content-encoding br: ./)],
  ])('that is broken %s', async (encoding, bytes, detail) => {
    expect(await read(encoding, 1000, [bytes])).toEqual({ kind: 'broken', detail })
  })
})

it('a reader that was stopped says nothing more', async () => {
  const seen: BodyRead[] = []
  const reader = createBodyReader('gzip', 1000, (result) => seen.push(result))
  reader.write(gzipSync('Hello'))
  reader.stop()
  expect(reader.write(Buffer.from('x'))).toBe(false)
  reader.end()
  await read('gzip', 1000, [gzipSync('something else')])
  expect(seen).toEqual([])
})
