import { z } from 'zod'
import { type Address, parseAddress } from '../core/address.ts'
import type { SiteState } from '../core/site-state.ts'
import { elapsedMs, type Moment } from '../core/moment.ts'
import { shifted } from '../core/state-time.ts'
import { newerVersion } from './newer-version.ts'
import { withPlausibleTimes } from './plausible-times.ts'

/** The version of the file's shape; raised when it changes in a way that an older program cannot read. */
const version = 1

const address = z.string().transform((text, context): Address => {
  const parsed = parseAddress(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: `"${text}" is not an address` })
  return z.NEVER
})

/** By a name that may be one that every object has a property of: zod's records leave "__proto__" out. */
const byName = <T extends z.ZodType>(value: T) =>
  z.unknown().transform((given, context): Readonly<Record<string, z.output<T>>> => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      context.addIssue({ code: 'custom', message: 'expected object' })
      return z.NEVER
    }
    const read = Object.entries(given).map(([name, each]) => [name, value.safeParse(each)] as const)
    for (const [name, { error }] of read) for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', message, path: [name, ...path] })
    return Object.fromEntries(read.map(([name, { data }]) => [name, data as z.output<T>]))
  })

const byAddress = <T extends z.ZodType>(value: T) => z.record(z.string().refine((text) => parseAddress(text) !== undefined), value)

const time = z.number()
const FailingRun = z.object({
  firstAt: time,
  previousAt: time,
  lastAt: time,
  starts: z.array(time),
  count: z.number().int().min(1),
  cause: z.string(),
  detail: z.string(),
})
const Health = z.object({
  identity: z.string(),
  state: z.enum(['unknown', 'up', 'down']),
  since: time,
  decided: z.enum(['up', 'down']).optional(),
  judged: z.enum(['up', 'down']).optional(),
  hasPassed: z.boolean(),
  failing: FailingRun.optional(),
  passing: z.number().int().min(0),
  passingSince: time,
  observedAt: time.optional(),
  falls: z.object({ weight: z.number(), at: time }),
  isFallUnseen: z.boolean(),
  readmitAt: time.optional(),
})
const Word = z.object({
  source: z.string(),
  monitor: z.string(),
  opinion: z.enum(['up', 'down']),
  detail: z.string(),
  since: time,
  heardAt: time,
  expiresAt: time,
  eventAt: time,
})
/** What has no default was always there; what has one is missing where an older program wrote the file. */
const State = z.object({
  regions: byName(z.object({ addresses: z.array(address), problems: z.record(z.string(), z.string()) })),
  retired: byAddress(z.string()),
  health: byAddress(Health),
  removals: z.array(z.object({ address, at: time, isUncertain: z.boolean() })),
  words: byName(z.array(Word)).default({}),
  exposures: byName(byAddress(time)).default({}),
  versions: byName(z.array(z.object({ ttl: z.number().min(0), values: z.array(address), replacedAt: time.optional() }))).default({}),
  led: byName(z.array(address)).default({}),
  places: byName(z.string()).default({}),
  safe: byName(time).default({}),
  promotions: byName(z.object({ downMs: z.number().min(0), countedAt: time.optional() })).default({}),
})
const Document = z.object({
  version: z.literal(version),
  site: z.string(),
  savedAt: z.object({ wallMs: z.number(), boot: z.object({ id: z.string(), uptimeMs: z.number() }).optional() }),
  state: State,
})

/**
 * One site's state as text. Times in it are milliseconds relative to the moment of saving. The operators' orders have
 * files of their own, which alone count; programs that know no such files look for `drains`. Who is stale a new process
 * finds out by itself.
 */
export const encodeState = (site: string, state: SiteState, now: number, moment: Moment): string => {
  const { drains: _, forces: __, stale: ___, catchingUp: ____, suspected: _____, differing: ______, ...kept } = shifted(state, -now)
  return `${JSON.stringify({ version, site, savedAt: moment, state: { ...kept, drains: {} } }, undefined, 2)}\n`
}

export type DecodedState =
  | { readonly kind: 'state'; readonly state: SiteState }
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'newer'; readonly detail: string }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The state back from text, on the clock of this process; anything that is not a whole state is damaged, and times that cannot be are dropped. */
export const decodeState = (text: string, site: string, now: number, moment: Moment): DecodedState => {
  const json = parse(text)
  if (json instanceof Error) return { kind: 'damaged', detail: json.message }
  const newer = newerVersion(json, version)
  if (newer !== undefined) return { kind: 'newer', detail: newer }
  const parsed = Document.safeParse(json)
  if (!parsed.success) return { kind: 'damaged', detail: z.prettifyError(parsed.error).replaceAll('\n', ' ') }
  if (parsed.data.site !== site) return { kind: 'damaged', detail: `it holds the state of ${parsed.data.site}` }
  const from: Moment = { wallMs: parsed.data.savedAt.wallMs, boot: parsed.data.savedAt.boot }
  return { kind: 'state', state: withPlausibleTimes(shifted({ ...parsed.data.state, drains: {}, forces: {}, stale: {}, catchingUp: {}, suspected: [], differing: [] } as SiteState, now - elapsedMs(from, moment)), now) }
}
