import { z } from 'zod'
import { parseAddress } from '../../core/address.ts'
import { parseSpan, spanPattern } from '../span.ts'

const momentAdvice = 'write a time such as 2026-01-31T12:00:00Z, or how long ago, such as 90m, 24h or 30d (at most 3650d)'
const longestMs = 3650 * 86_400_000
const iso = z.iso.datetime({ offset: true })

/** A time, or how long ago: as a function of now, milliseconds since the epoch. */
const moment = z
  .string()
  .max(60, momentAdvice)
  .meta({ description: 'ISO 8601, or how long ago: 90m, 24h, 30d.' })
  .transform((text, context) => {
    const ago = parseSpan(text)
    if (ago !== undefined && ago <= longestMs) return (wallNow: number) => wallNow - ago
    const at = iso.safeParse(text).success ? Date.parse(text) : Number.NaN
    if (Number.isFinite(at)) return () => at
    context.addIssue({ code: 'custom', message: momentAdvice })
    return z.NEVER
  })

const name = z.string().min(1, 'must not be empty').max(260)

const list = (what: string, most: number) =>
  z
    .string()
    .max(4000)
    .meta({ description: `${what}; several: repeated, or with commas.` })
    .transform((text) => text.split(',').filter((each) => each !== ''))
    .refine((all) => all.length <= most, `write at most ${most}`)

const idAdvice = "write an event's id, a whole number"
const id = z
  .string()
  .regex(/^\d{1,15}$/, idAdvice)
  .transform(Number)

const limitAdvice = 'write a number from 1 to 1000'
const limit = z
  .string()
  .regex(/^\d{1,4}$/, limitAdvice)
  .transform(Number)
  .refine((value) => value >= 1 && value <= 1000, limitAdvice)

export const eventsQuery = z.strictObject({
  site: name.optional(),
  region: name.optional(),
  kind: list('Kinds of events', 50).optional(),
  since: moment.optional(),
  until: moment.optional(),
  after: id.optional().meta({ description: 'Only events after this one, the oldest first; otherwise the newest first.' }),
  before: id.optional().meta({ description: 'Only events before this one.' }),
  limit: limit.default(100).meta({ description: '1 to 1000.' }),
})

export const reportQuery = z.strictObject({ since: moment.optional(), until: moment.optional(), site: list('Sites', 1000).optional() })

const addressAdvice = 'write an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8::10'
const address = z.string({ error: addressAdvice }).transform((text, context) => {
  const parsed = text.length > 60 ? undefined : parseAddress(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: addressAdvice })
  return z.NEVER
})

const stepAdvice = 'write how long, from 1m to 30d, such as 5m or 1h'
const step = z
  .string()
  .meta({ pattern: spanPattern, description: 'Of a point, from 1m to 30d; longer where it would make more than 2000 points.' })
  .transform((text, context) => {
    const ms = parseSpan(text)
    if (ms !== undefined && ms >= 60_000 && ms <= 30 * 86_400_000) return ms
    context.addIssue({ code: 'custom', message: stepAdvice })
    return z.NEVER
  })

export const seriesQuery = z.strictObject({ address, since: moment.optional(), until: moment.optional(), step: step.optional() })

export const daysQuery = z.strictObject({ since: moment.optional(), until: moment.optional() })

const incidentKind = z.enum(['down', 'fail-open', 'fail-closed', 'blind', 'provider-failed', 'disagreed'])

const kindsAdvice = `there are ${incidentKind.options.join(', ')}`

export const incidentsQuery = z.strictObject({
  site: list('Sites', 1000).optional(),
  region: name.optional(),
  kind: list('Kinds of incidents', 10).pipe(z.array(z.enum(incidentKind.options, { error: kindsAdvice }))).optional(),
  since: moment.optional(),
  until: moment.optional(),
  limit: limit.default(200).meta({ description: '1 to 1000.' }),
})

export const explainQuery = z.strictObject({ address: z.string().max(60).optional() })
