import { z } from 'zod'
import type { HeardView } from '../../engine/operations.ts'
import { addressSchema } from './address-schema.ts'
import { daysSchema, incidentsSchema, seriesSchema, storySchema } from './chart-schema.ts'
import { conforms } from './conforms.ts'
import { opinion, time } from './fields.ts'
import { eventPageSchema, eventSchema, reportSchema } from './history-schema.ts'
import { answersSchema, overviewSchema, resultsSchema, siteSummarySchema } from './overview-schema.ts'
import { orderSchema, planSchema, repointSchema } from './plan-schema.ts'
import { problemSchema } from './problem-schema.ts'
import { publicStatusSchema } from './public-status-schema.ts'
import { regionSchema } from './region-schema.ts'
import { sessionSchema } from './session-schema.ts'
import { conditionSchema, siteSchema } from './site-schema.ts'

export const sitesSchema = z.object({ sites: z.array(siteSchema) })

/** Why each address is, or is not, published. */
export const explanationSchema = z.object({
  site: z.string(),
  at: time,
  condition: conditionSchema,
  text: z.string(),
  addresses: z.array(z.object({ region: z.string().nullable(), ...addressSchema.shape })),
})

const heardSchema = conforms<HeardView>()(
  z.object({ site: z.string(), region: z.string(), monitor: z.string(), opinion, effect: z.enum(['checking', 'news', 'renewed', 'older']), expiresAt: time.nullable() }),
)

export const receiptSchema = z.object({ words: z.array(heardSchema), note: z.string().nullable() })

export const alertTestSchema = z.object({ results: z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() })) })

export const healthSchema = z.object({ ok: z.boolean(), sites: z.number(), failing: z.number() })

export const readinessSchema = z.object({ ok: z.boolean(), waiting: z.number() })

/** By the name under which the OpenAPI document knows them. */
export const answerSchemas = {
  Site: siteSchema,
  Sites: sitesSchema,
  Region: regionSchema,
  Address: addressSchema,
  Explanation: explanationSchema,
  Plan: planSchema,
  Order: orderSchema,
  Repoint: repointSchema,
  Event: eventSchema,
  EventPage: eventPageSchema,
  Report: reportSchema,
  Overview: overviewSchema,
  SiteSummary: siteSummarySchema,
  Results: resultsSchema,
  Answers: answersSchema,
  Series: seriesSchema,
  Days: daysSchema,
  Incidents: incidentsSchema,
  Story: storySchema,
  Session: sessionSchema,
  PublicStatus: publicStatusSchema,
  Receipt: receiptSchema,
  AlertTest: alertTestSchema,
  Health: healthSchema,
  Readiness: readinessSchema,
  Problem: problemSchema,
} as const

export type AnswerName = keyof typeof answerSchemas
