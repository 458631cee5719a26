import { z } from 'zod'
import type { IncidentView, ReportView, SiteReportView, StoredEvent } from '../../engine/history-port.ts'
import { conforms } from './conforms.ts'
import { share, time } from './fields.ts'

/** Kinds are open: a newer service may have more of them. */
export const eventSchema = z.object({
  id: z.number(),
  at: time,
  site: z.string().nullable(),
  region: z.string().nullable(),
  address: z.string().nullable(),
  kind: z.string(),
  level: z.enum(['info', 'warn', 'error']),
  text: z.string(),
  data: z.unknown(),
})

/** An event as it goes over the wire. */
export type EventView = Omit<StoredEvent, 'kind'> & { readonly kind: string }

export const eventPageSchema = z.object({
  events: z.array(conforms<EventView>()(eventSchema)),
  next: z.string().nullable().meta({ description: 'Where the next page is, relative to this one; null: there is none.' }),
  trouble: z.string().nullable().meta({ description: 'Why something is missing.' }),
})

export const incidentSchema = conforms<IncidentView>()(
  z.object({
    id: z.number(),
    site: z.string(),
    region: z.string().nullable(),
    address: z.string().nullable(),
    kind: z.enum(['down', 'fail-open', 'fail-closed', 'blind', 'provider-failed', 'disagreed']),
    cause: z.string(),
    startedAt: time,
    endedAt: time.nullable(),
    durationMs: z.number(),
    detectMs: z.number().nullable(),
    withdrawMs: z.number().nullable(),
    effectMs: z.number().nullable(),
  }),
)

const siteReportSchema = conforms<SiteReportView>()(
  z.object({
    site: z.string(),
    availability: share.nullable(),
    coverage: share,
    regions: z.array(z.object({ region: z.string(), availability: share.nullable(), coverage: share, incidents: z.number(), downMs: z.number() })),
    incidents: z.array(incidentSchema),
  }),
)

export const reportSchema = conforms<ReportView>()(
  z.object({ since: time, until: time, sites: z.array(siteReportSchema), trouble: z.string().nullable() }),
)
