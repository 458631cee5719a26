import * as fc from 'fast-check'

/** One thing that is wrong with some bytes; places count round and round. */
export type Edit =
  | { readonly kind: 'set'; readonly at: number; readonly byte: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }

const place = fc.nat(65_535)

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), at: place, byte: fc.constantFrom(0, 1, 0x0c, 0x7f, 0x80, 0xc0, 0xff, 0x22, 0x2d, 0x30, 0x39, 0x5b, 0x7b) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: place, length: fc.integer({ min: 1, max: 16 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 32 }), times: fc.integer({ min: 1, max: 200 }) }) },
)

/** A few things that are wrong at once. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 4 })

const withEdit = (bytes: Buffer, each: Edit): Buffer => {
  const at = each.at % Math.max(1, bytes.length)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (each.kind) {
    case 'set':
      return Buffer.concat([before, Buffer.from([each.byte]), after.subarray(1)])
    case 'flip':
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << each.bit)]), after.subarray(1)])
    case 'cut':
      return before
    case 'insert':
      return Buffer.concat([before, each.bytes, after])
    case 'remove':
      return Buffer.concat([before, after.subarray(each.length)])
    case 'repeat':
      return Buffer.concat([before, ...Array<Buffer>(each.times).fill(after.subarray(0, each.length)), after])
  }
}

/** The bytes with all that, the first `kept` of them as they are. */
export const edited = (bytes: Buffer, all: readonly Edit[], kept = 0): Buffer =>
  Buffer.concat([bytes.subarray(0, kept), all.reduce(withEdit, Buffer.from(bytes.subarray(kept)))])

/** JSON in which something stands for something else; `value` is what. */
export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', '\u0000', '__proto__', 'A', 'AAAA', 'CNAME', '192.0.2.9', 'failover.example.com', [], {}, [[]], [null]),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Replaces the value at one place of a JSON tree, found by counting. */
export const withValueAt = (json: unknown, nth: number, value: unknown): unknown => {
  let places = 0
  JSON.stringify(json, (_, each: unknown) => ((places += 1), each))
  let left = nth % Math.max(1, places)
  const walk = (each: unknown): unknown => {
    if (left === 0) {
      left -= 1
      return value
    }
    left -= 1
    if (Array.isArray(each)) return each.map(walk)
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(json)
}

/** Rejects if the work takes longer than it ever may. */
export const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
