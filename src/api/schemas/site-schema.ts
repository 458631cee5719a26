import { z } from 'zod'
import type { ChangeView, Condition, ProviderView, SetView, SiteView } from '../../engine/views.ts'
import { addressSchema } from './address-schema.ts'
import { conforms } from './conforms.ts'
import { family, texts, time } from './fields.ts'
import { regionSchema } from './region-schema.ts'
import { verificationSchema } from './verification-schema.ts'

export const conditionSchema = conforms<Condition>()(
  z.enum(['failed', 'blind', 'provider-failing', 'fail-closed', 'fail-open', 'paused', 'undecided', 'degraded', 'drained', 'healthy']),
)

const providerSchema = conforms<ProviderView>()(
  z.object({ name: z.string(), trouble: z.string().nullable(), since: time.nullable(), retryAt: time.nullable() }),
)

const setSchema = conforms<SetView>()(
  z.object({
    name: z.string(),
    type: family,
    mode: z.string(),
    ttl: z.number().meta({ description: 'Seconds.' }),
    published: texts,
    wanted: texts,
    readAt: time.nullable(),
    verification: verificationSchema.nullable(),
    refused: z.string().nullable().meta({ description: 'Why the change that is wanted was refused by the guard.' }),
  }),
)

const changeSchema = conforms<ChangeView>()(
  z.object({
    at: time,
    text: z.string(),
    changes: z.array(z.object({ name: z.string(), type: family, added: texts, removed: texts, reasons: texts })),
  }),
)

export const siteSchema = conforms<SiteView>()(
  z.object({
    site: z.string(),
    names: texts,
    at: time,
    condition: conditionSchema,
    text: z.string(),
    pause: z.object({ until: time.nullable(), reason: z.string(), by: z.string() }).nullable(),
    provider: providerSchema,
    regions: z.array(regionSchema),
    strayOrders: z
      .array(z.object({ region: z.string(), order: z.enum(['drain', 'force up', 'force down']), until: time.nullable(), reason: z.string(), by: z.string(), text: z.string() }))
      .optional()
      .meta({ description: 'Orders in force for regions that the config does not have: they do nothing.' }),
    others: z.array(addressSchema).meta({ description: 'Published at the main domain, but of no region.' }),
    sets: z.array(setSchema),
    lastChange: changeSchema.nullable(),
    lastCycleAt: time.nullable(),
  }),
)
