import { z } from 'zod'
import type { Moment } from '../core/moment.ts'
import { newerVersion } from './newer-version.ts'

/** The version of the file's shape; raised when it changes in a way that an older program would misread. */
const version = 1

/** Milliseconds; from now on still a time that a Date takes. */
export const longestOrderMs = 8e15
const time = z.number().min(0).max(longestOrderMs)
const moment = z
  .object({ wallMs: time, boot: z.object({ id: z.string(), uptimeMs: time }).optional() })
  .transform(({ wallMs, boot }): Moment => ({ wallMs, boot }))

const order = { orderedAt: moment, forMs: time.optional(), reason: z.string(), by: z.string() }
const region = z.string()

/** Lists, for a region may be called as every object has a property. */
const Document = z.strictObject({
  version: z.literal(version),
  site: z.string(),
  pause: z.strictObject(order).optional(),
  drains: z.array(z.strictObject({ region, ...order, isForced: z.boolean() })).optional(),
  forces: z.array(z.strictObject({ region, ...order, to: z.enum(['up', 'down']) })).optional(),
  skips: z.array(z.strictObject({ region, orderedAt: moment, forMs: time })).optional(),
})

/** An order as it is written down: when it was given, and for how long. */
export interface StoredOrder {
  readonly orderedAt: Moment
  /** Milliseconds; undefined: until it is taken back. */
  readonly forMs?: number | undefined
  readonly reason: string
  readonly by: string
}

export type StoredDrain = StoredOrder & { readonly region: string; readonly isForced: boolean }
export type StoredForce = StoredOrder & { readonly region: string; readonly to: 'up' | 'down' }

export interface StoredSkip {
  readonly region: string
  readonly orderedAt: Moment
  readonly forMs: number
}

/** All orders for one site; of each kind one a region at most. */
export interface StoredOrders {
  readonly pause: StoredOrder | undefined
  readonly drains: readonly StoredDrain[]
  readonly forces: readonly StoredForce[]
  readonly skips: readonly StoredSkip[]
}

export const nothingStored: StoredOrders = { pause: undefined, drains: [], forces: [], skips: [] }

export const isNothing = ({ pause, drains, forces, skips }: StoredOrders): boolean =>
  pause === undefined && drains.length + forces.length + skips.length === 0

/** A kind without orders leaves no trace: a program that knows only pauses reads a file that holds only one. */
export const encodeOrders = (site: string, { pause, drains, forces, skips }: StoredOrders): string => {
  const lists = Object.entries({ drains, forces, skips }).filter(([, list]) => list.length > 0)
  return `${JSON.stringify({ version, site, pause, ...Object.fromEntries(lists) }, undefined, 2)}\n`
}

export type DecodedOrders =
  | { readonly kind: 'orders'; readonly orders: StoredOrders }
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'newer'; readonly detail: string }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

export const decodeOrders = (text: string, site: string): DecodedOrders => {
  const json = parse(text)
  if (json instanceof Error) return { kind: 'damaged', detail: json.message }
  const newer = newerVersion(json, version)
  if (newer !== undefined) return { kind: 'newer', detail: newer }
  const parsed = Document.safeParse(json)
  if (!parsed.success) return { kind: 'damaged', detail: z.prettifyError(parsed.error).replaceAll('\n', ' ') }
  const { site: whose, pause, drains = [], forces = [], skips = [] } = parsed.data
  if (whose !== site) return { kind: 'damaged', detail: `it holds the orders for ${whose}` }
  return { kind: 'orders', orders: { pause, drains, forces, skips } }
}
