import { z } from 'zod'
import type { PublicStatusView } from '../../engine/views.ts'
import { conforms } from './conforms.ts'
import { share, time } from './fields.ts'

/** What visitors may see of a site. */
export const publicStatusSchema = conforms<PublicStatusView>()(
  z.object({
    site: z.string(),
    at: time,
    title: z.string(),
    state: z.enum(['available', 'degraded', 'unavailable', 'unknown']),
    regions: z.array(z.object({ region: z.string(), state: z.enum(['available', 'maintenance', 'unavailable', 'unknown']) })),
    isPastKnown: z.boolean().meta({ description: 'False: the history cannot be read now, so that there are neither days nor incidents here.' }),
    days: z.array(z.object({ day: z.string().meta({ format: 'date' }), availability: share.nullable().meta({ description: 'Null: not watched.' }) })).meta({ description: 'By UTC day, oldest first.' }),
    incidents: z.array(z.object({ startedAt: time, endedAt: time.nullable(), text: z.string() })).meta({ description: 'Newest first.' }),
  }),
)
