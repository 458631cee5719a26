import { z } from 'zod'
import type { AddressView } from '../../engine/views.ts'
import { conforms } from './conforms.ts'
import { family, state, time } from './fields.ts'

const ballot = z.object({
  vantage: z.string(),
  opinion: z.enum(['up', 'down', 'abstain']),
  since: time,
  expiresAt: time.nullable(),
  text: z.string(),
})

const membership = z.object({
  name: z.string(),
  type: family,
  isPublished: z.boolean(),
  isWanted: z.boolean(),
  isOurs: z.boolean(),
  rule: z.string(),
  text: z.string().meta({ description: 'Why it is, or is not, in this set.' }),
  removedAt: time.nullable(),
})

export const addressSchema = conforms<AddressView>()(
  z.object({
    address: z.string(),
    standing: z.enum(['configured', 'retired', 'foreign']),
    state,
    since: time.nullable(),
    checkedAt: time.nullable(),
    hasPassed: z.boolean(),
    failures: z.number().meta({ description: 'The failures that are not forgiven yet.' }),
    cause: z.string().nullable(),
    detail: z.string().nullable(),
    latencyMs: z.number().nullable(),
    certificateDays: z.number().nullable(),
    readmitAt: time.nullable().meta({ description: 'It is up, but not re-admitted before.' }),
    verdict: z.enum(['up', 'down', 'undecided']),
    ballots: z.array(ballot),
    sets: z.array(membership),
  }),
)
