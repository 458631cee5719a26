import { z } from 'zod'
import type { DrainProgressView, DrainView, FreshnessView, RegionView, ReplacementView } from '../../engine/views.ts'
import { addressSchema } from './address-schema.ts'
import { conforms } from './conforms.ts'
import { opinion, state, texts, time } from './fields.ts'

const drainProgressSchema = conforms<DrainProgressView>()(
  z.object({
    phase: z.enum(['held', 'withdrawing', 'spreading', 'expiring', 'safe']),
    text: z.string(),
    servers: z.array(z.object({ name: z.string(), address: z.string(), standing: z.enum(['without', 'with', 'lame', 'unreachable']), detail: z.string().nullable() })),
    expiresAt: time.nullable().meta({ description: 'When the last copy in a cache expires.' }),
    safeSince: time.nullable(),
  }),
)

const drainSchema = conforms<DrainView>()(
  z.object({
    region: z.string(),
    origin: z.enum(['order', 'window']),
    since: time,
    until: time.nullable(),
    reason: z.string(),
    by: z.string(),
    isForced: z.boolean(),
    progress: drainProgressSchema,
  }),
)

const force = z.object({ to: opinion, since: time, until: time.nullable(), reason: z.string(), by: z.string() })

const word = z.object({
  source: z.string(),
  mode: z.enum(['hint', 'vote', 'override']),
  monitor: z.string(),
  opinion,
  detail: z.string(),
  heardAt: time,
  expiresAt: time,
})

const replacementSchema = conforms<ReplacementView>()(
  z.object({
    candidates: z.array(z.object({ addresses: texts, state, takenBy: z.string().nullable() })),
    promoteAfterMs: z.number(),
    downForMs: z.number(),
    dueAt: time.nullable(),
    heldBy: z.string().nullable(),
    isPromoted: z.boolean(),
  }),
)

const lagMs = z.number().nullable().meta({ description: 'Behind the furthest copy of the heartbeat, in milliseconds.' })

const freshnessSchema = conforms<FreshnessView>()(
  z.object({
    state: z.enum(['fresh', 'behind', 'stale', 'catching-up', 'unknown']).meta({ description: 'stale: withdrawn for old content. behind: nobody is withdrawn for it. catching-up: it came back, and waits for what the others have.' }),
    text: z.string(),
    writer: z.string().nullable(),
    lagMs,
    contentId: z.string().nullable(),
    lags: z.array(z.object({ writer: z.string(), lagMs })),
    heartbeatAgeMs: z.number().nullable().meta({ description: 'Since its own heartbeat advanced, in milliseconds.' }),
  }),
)

export const regionSchema = conforms<RegionView>()(
  z.object({
    region: z.string(),
    role: z.enum(['active', 'standby']),
    service: z.string().nullable(),
    addresses: z.array(addressSchema),
    problems: texts,
    drain: drainSchema.nullable(),
    force: force.nullable(),
    words: z.array(word),
    replacement: replacementSchema.nullable(),
    freshness: freshnessSchema.nullable(),
  }),
)
