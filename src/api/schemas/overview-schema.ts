import { z } from 'zod'
import type { AnswersView, OverviewView, ResultsView, SiteSummaryView } from '../../engine/views.ts'
import { conforms } from './conforms.ts'
import { family, opinion, texts, time } from './fields.ts'
import { conditionSchema } from './site-schema.ts'

const regionSummary = z.object({
  region: z.string(),
  role: z.enum(['active', 'standby']),
  state: z.enum(['up', 'down', 'mixed', 'unknown']).meta({ description: 'Of its addresses; mixed: they differ.' }),
  publishing: z.enum(['published', 'partly', 'withheld', 'none']).meta({ description: 'none: it has no address.' }),
  isDrained: z.boolean(),
  forced: opinion.nullable(),
  isStale: z.boolean(),
})

export const siteSummarySchema = conforms<SiteSummaryView>()(
  z.object({
    site: z.string(),
    at: time,
    condition: conditionSchema,
    text: z.string(),
    regions: z.array(regionSummary),
    sets: z.array(z.object({ name: z.string(), type: family, published: texts, wanted: texts })),
    verified: z
      .object({ at: time, outcome: z.enum(['agreed', 'disagreed', 'unconfirmed']) })
      .nullable()
      .meta({ description: 'The worst of the latest verifications of its RRsets; null: none was made.' }),
    lastChange: z.object({ at: time, text: z.string(), timeToEffectMs: z.number().nullable(), movedAt: time.nullable() }).nullable(),
  }),
)

export const overviewSchema = conforms<OverviewView>()(z.object({ at: time, sites: z.array(siteSummarySchema) }))

export const resultsSchema = conforms<ResultsView>()(
  z.object({
    site: z.string(),
    addresses: z.array(
      z.object({
        address: z.string(),
        results: z.array(z.object({ at: time, kind: z.enum(['ok', 'failed', 'cannot-tell']), cause: z.string().nullable(), ms: z.number() })).meta({ description: 'Of the last checks, oldest first.' }),
      }),
    ),
  }),
)

const serverAnswer = z.object({
  name: z.string(),
  address: z.string(),
  standing: z.enum(['agrees', 'differs', 'lame', 'unreachable']),
  values: texts.nullable(),
  ttl: z.number().nullable().meta({ description: 'Seconds, as it was answered.' }),
  ms: z.number().nullable(),
  detail: z.string().nullable(),
})

export const answersSchema = conforms<AnswersView>()(
  z.object({
    site: z.string(),
    at: time,
    sets: z.array(
      z.object({
        name: z.string(),
        type: family,
        published: texts.meta({ description: 'As it was last read at the provider, or written there.' }),
        servers: z.array(serverAnswer).meta({ description: 'Empty where the name servers do not show the set, as behind a proxy.' }),
        cachedUntil: time.nullable().meta({ description: 'When the last cache lets go of what was there before.' }),
      }),
    ),
  }),
)
