import { z } from 'zod'
import type { DayView, SeriesPoint, StoryView } from '../../engine/history-port.ts'
import { conforms } from './conforms.ts'
import { share, time } from './fields.ts'
import { type EventView, eventSchema, incidentSchema } from './history-schema.ts'

const trouble = z.string().nullable().meta({ description: 'Why something is missing.' })
const ms = z.number()
const phase = ms.exactOptional()

const pointSchema = conforms<SeriesPoint>()(
  z.object({
    at: time,
    ok: z.number(),
    failed: z.number(),
    cannotTell: z.number(),
    causes: z.record(z.string(), z.number()),
    latency: z.object({ minMs: ms, meanMs: ms, p50Ms: ms, p95Ms: ms, maxMs: ms }).nullable().meta({ description: 'Of the checks that passed, in milliseconds.' }),
    phases: z.object({ connect: phase, tls: phase, headers: phase, body: phase }).meta({ description: 'Means of those that passed, in milliseconds.' }),
    certificateDays: z.number().nullable(),
  }),
)

export const seriesSchema = z.object({ points: z.array(pointSchema).meta({ description: 'Steps without a check are missing.' }), trouble })

const daySchema = conforms<DayView>()(
  z.object({
    day: z.string().meta({ format: 'date', description: 'In UTC.' }),
    region: z.string().nullable().meta({ description: 'Null: of the site itself.' }),
    availability: share.nullable(),
    coverage: share,
    downMs: ms,
    degradedMs: ms,
  }),
)

export const daysSchema = z.object({ days: z.array(daySchema), trouble })

export const incidentsSchema = z.object({ incidents: z.array(incidentSchema).meta({ description: 'Newest first.' }), trouble })

export const storySchema = z.object({
  story: conforms<Omit<StoryView, 'events'> & { readonly events: readonly EventView[] }>()(
    z.object({
      incident: incidentSchema,
      events: z.array(eventSchema).meta({ description: 'Of its site, oldest first.' }),
      isCut: z.boolean().meta({ description: 'There were more, between those of its beginning and those of its end.' }),
      points: z.array(pointSchema).meta({ description: 'The checks of its address.' }),
    }),
  ),
  trouble,
})
