import { z } from 'zod'
import type { OrderView, PlannedChangeView, PlanView, RepointView } from '../../engine/views.ts'
import { conforms } from './conforms.ts'
import { family, texts } from './fields.ts'
import { siteSchema } from './site-schema.ts'
import { verificationSchema } from './verification-schema.ts'

const values = z.object({ values: texts, ttl: z.number() })

const plannedChangeSchema = conforms<PlannedChangeView>()(
  z.object({
    name: z.string(),
    type: family,
    before: values,
    after: values,
    reasons: z.array(z.object({ address: z.string().nullable(), action: z.string(), rule: z.string(), text: z.string() })),
    refused: z.string().nullable().meta({ description: 'Why the guard refuses it; null: it does not.' }),
  }),
)

export const planSchema = conforms<PlanView>()(
  z.object({ site: siteSchema, isDryRun: z.boolean(), changes: z.array(plannedChangeSchema), text: z.string() }),
)

export const orderSchema = conforms<OrderView>()(z.object({ ...planSchema.shape, region: z.string() }))

export const repointSchema = conforms<RepointView>()(
  z.object({
    ...orderSchema.shape,
    service: z.string(),
    checks: z.array(z.object({ address: z.string(), ok: z.boolean(), text: z.string() })),
    verification: verificationSchema.nullable(),
  }),
)
