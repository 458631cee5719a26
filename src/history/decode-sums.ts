import { z } from 'zod'
import { type CheckSums, noChecks } from './check-sums.ts'

const count = z.number()
const Part = z.object({ count, sumMs: z.number() })

const Sums = z.object({
  ok: count,
  failed: count,
  cannotTell: count,
  causes: z.record(z.string(), count),
  latency: z.object({ count, sumMs: z.number(), minMs: z.number(), maxMs: z.number(), buckets: z.array(count) }),
  phases: z.object({ connect: Part.exactOptional(), tls: Part.exactOptional(), headers: Part.exactOptional(), body: Part.exactOptional() }),
  certificateDays: z.number().nullable(),
})

/** JSON of the file; undefined if it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the file has of a stretch of time. Damaged bytes count as nothing: the rest of the file is of use. */
export const decodeSums = (text: string): CheckSums => {
  const read = Sums.safeParse(parseJson(text))
  return read.success ? read.data : noChecks
}
