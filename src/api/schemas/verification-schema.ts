import { z } from 'zod'
import type { VerificationView } from '../../engine/views.ts'
import { conforms } from './conforms.ts'
import { texts, time } from './fields.ts'

const server = z.object({
  name: z.string(),
  address: z.string(),
  standing: z.enum(['agrees', 'differs', 'lame', 'unreachable']),
  values: texts.nullable(),
  detail: z.string().nullable(),
})

export const verificationSchema = conforms<VerificationView>()(
  z.object({
    at: time,
    outcome: z.enum(['agreed', 'disagreed', 'unconfirmed']),
    timeToEffectMs: z.number().nullable(),
    movedAt: time.nullable(),
    servers: z.array(server),
  }),
)
