import { z } from 'zod'

/** What Cloudflare's answers have in common. Only what is used is looked at: fields come and go. */

const Message = z.object({ code: z.number(), message: z.string(), error_chain: z.array(z.object({ code: z.number(), message: z.string() })).optional() })

export const Failure = z.object({ errors: z.array(Message).nullish() })

export const ResultInfo = z.object({ page: z.number(), per_page: z.number(), count: z.number(), total_count: z.number() })

/** A list that is not there (`null`), or comes without its counts, is no list. */
export const listOf = <T>(item: z.ZodType<T>) => z.object({ success: z.literal(true), result: z.array(item), result_info: ResultInfo })

export const single = <T>(result: z.ZodType<T>) => z.object({ success: z.literal(true), result })

export const ZoneReply = z.object({ id: z.string().min(1), name: z.string(), status: z.string().optional() })
export type ZoneReply = z.output<typeof ZoneReply>

/** A record as the API gives it. */
export const StoredRecord = z.object({
  id: z.string().min(1),
  name: z.string(),
  /** What names no type (RFC 3597 section 5 and IANA's list) says nothing of what stands there. */
  type: z.string().regex(/^[A-Z][A-Z0-9-]*$/),
  /** Absent in types that have only structured data. */
  content: z.string().prefault(''),
  /** Seconds; 1 is automatic. */
  ttl: z.number(),
  proxied: z.boolean().prefault(false),
  comment: z.string().nullish().transform((comment) => comment ?? ''),
})
export type StoredRecord = z.output<typeof StoredRecord>

/** A record as it was when it was deleted. Only its id is sure to be told. */
export const DeletedRecord = z.object({
  id: z.string(),
  name: z.string().optional(),
  type: z.string().optional(),
  content: z.string().optional(),
  ttl: z.number().optional(),
  proxied: z.boolean().optional(),
  comment: z.string().nullish(),
  tags: z.array(z.string()).nullish().catch(undefined),
  settings: z.object({ ipv4_only: z.boolean().exactOptional(), ipv6_only: z.boolean().exactOptional() }).nullish().catch(undefined),
})
export type DeletedRecord = z.output<typeof DeletedRecord>

export const BatchReply = z.object({
  deletes: z.array(DeletedRecord).nullish(),
  patches: z.array(StoredRecord).nullish(),
  posts: z.array(StoredRecord).nullish(),
})
export type BatchReply = z.output<typeof BatchReply>
