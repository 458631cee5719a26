import { z } from 'zod'
import { parseAddress } from '../../core/address.ts'
import { parseSpan, spanPattern } from '../span.ts'

/*
 * What orders are made of, each field with what to write instead.
 */

const dayMs = 86_400_000
const forAdvice = 'write how long, from 1s to 30d, such as 90s, 15m, 1h, 2d or 1h30m'
const reasonAdvice = 'write why, in 1 to 200 printable characters: people will read it'
const addressAdvice = 'write an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8::10'

/** How long: text to milliseconds. */
const span = z
  .string({ error: forAdvice })
  .meta({ pattern: spanPattern, description: 'From 1s to 30d: 90s, 15m, 1h, 2d, 1h30m.' })
  .transform((text, context) => {
    const ms = parseSpan(text)
    if (ms !== undefined && ms >= 1000 && ms <= 30 * dayMs) return ms
    context.addIssue({ code: 'custom', message: forAdvice })
    return z.NEVER
  })

const reason = z
  .string({ error: reasonAdvice })
  .trim()
  .min(1, reasonAdvice)
  .max(200, reasonAdvice)
  .refine((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), reasonAdvice)

const yesOrNo = z.boolean({ error: 'write true or false' })
const flag = yesOrNo.default(false)

const address = z.string({ error: addressAdvice }).transform((text, context) => {
  const parsed = text.length > 60 ? undefined : parseAddress(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: addressAdvice })
  return z.NEVER
})
const addressesAdvice = 'write a list of 1 to 20 addresses'

const dryRun = flag.meta({ description: 'Only say what would happen.' })

export const reconcileRequest = z.strictObject({ dryRun })

export const drainRequest = z.strictObject({
  for: span,
  reason,
  force: flag.meta({ description: 'Also where fewer than minPublished are left; the set is never emptied.' }),
  dryRun,
})

export const forceRequest = z.strictObject({ to: z.enum(['up', 'down'], { error: 'write up or down' }), for: span, reason, dryRun })

export const repointRequest = z.strictObject({
  addresses: z.array(address, { error: addressesAdvice }).min(1, addressesAdvice).max(20, addressesAdvice),
  keepOtherFamily: flag.meta({ description: 'Otherwise a family without an address loses its records: a dead one must not stay.' }),
  unchecked: flag.meta({ description: "Without asking the site's check first." }),
  reason: reason.default('no reason given'),
  dryRun,
})

export const pauseRequest = z.strictObject({ for: span.optional().meta({ description: 'Left out: until it is resumed.' }), reason })

export const alertTestRequest = z.strictObject({ name: z.string({ error: 'write the name of an alert target' }).min(1).max(200).optional().meta({ description: 'Of one target; left out: all.' }) })

/** What takes an order back has no body: some clients and proxies drop one from a DELETE. */
export const dryRunQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'], { error: 'write true or false' })
    .default('false')
    .transform((text) => text === 'true'),
})
