import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, type Zlib } from 'node:zlib'
import type { Transform } from 'node:stream'

/** Reads the beginning of a body, decoded, and never keeps more than that. */
export interface BodyReader {
  /** False once nothing more is wanted, though `onDone` may still be to come. */
  write(chunk: Buffer): boolean
  /** The body is complete. */
  end(): void
  /** Lets go of the decoder; afterwards nothing is reported. */
  stop(): void
}

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'broken'; readonly detail: string }

/** Bytes from the network that a body may take to come to `limit` decoded ones; past them, what is there is judged. */
export const rawLimit = (encoding: string, limit: number): number => (encoding === 'identity' ? limit : 2 * limit + 65_536)

const decoderFor = (encoding: string, first: Buffer): (Transform & Zlib) | undefined => {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  // RFC 9110 section 8.4.1.2: some send deflate without the zlib wrapper.
  if (encoding === 'deflate') return ((first[0] ?? 0) & 0x0f) === 0x08 ? createInflate() : createInflateRaw()
  return undefined
}

/** Appends without keeping the network's buffers, however small the pieces. */
const createCollector = (limit: number): { add(chunk: Buffer): boolean; bytes(): Buffer } => {
  let room: Buffer = Buffer.alloc(0)
  let used = 0
  return {
    add: (chunk) => {
      const wanted = Math.min(limit, used + chunk.length)
      if (wanted > room.length) {
        const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(wanted, room.length * 2)))
        room.copy(larger, 0, 0, used)
        room = larger
      }
      used += chunk.copy(room, used, 0, wanted - used)
      return used >= limit
    },
    bytes: () => room.subarray(0, used),
  }
}

/**
 * Calls `onDone` once: with the whole decoded body or its first `limit` bytes, or with why it cannot be decoded.
 * `encoding` is the response's content-encoding; an unknown one is not decoded.
 */
export const createBodyReader = (encoding: string, limit: number, onDone: (read: BodyRead) => void): BodyReader => {
  const collector = createCollector(limit)
  const longestRaw = rawLimit(encoding, limit)
  let decoder: (Transform & Zlib) | undefined
  let raw = 0
  let done = false
  const stop = (): void => {
    done = true
    decoder?.destroy()
  }
  const finish = (read: BodyRead): void => {
    if (done) return
    stop()
    onDone(read)
  }
  const collect = (chunk: Buffer): void => {
    if (!done && collector.add(chunk)) finish({ kind: 'read', bytes: collector.bytes() })
  }
  const startDecoder = (first: Buffer): void => {
    decoder = decoderFor(encoding, first)
    decoder?.on('data', collect)
    decoder?.once('end', () => finish({ kind: 'read', bytes: collector.bytes() }))
    decoder?.on('error', (error) => {
      // Cut off by ourselves at `longestRaw`: what came out is what there is to judge.
      if (raw >= longestRaw) finish({ kind: 'read', bytes: collector.bytes() })
      else finish({ kind: 'broken', detail: `content-encoding ${encoding}: ${error.message}` })
    })
  }
  const end = (): void => {
    if (done) return
    if (decoder === undefined) finish({ kind: 'read', bytes: collector.bytes() })
    else if (!decoder.writableEnded) decoder.end()
  }
  return {
    stop,
    end,
    write: (chunk) => {
      if (done || raw >= longestRaw) return false
      if (chunk.length === 0) return true
      if (raw === 0) startDecoder(chunk)
      raw += chunk.length
      if (decoder === undefined) collect(chunk)
      else decoder.write(chunk)
      if (raw >= longestRaw) end()
      return !done && raw < longestRaw
    },
  }
}
