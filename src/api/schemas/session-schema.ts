import { z } from 'zod'
import { time } from './fields.ts'

const tokenAdvice = 'write a token of the config'

export const sessionRequest = z.strictObject({ token: z.string({ error: tokenAdvice }).min(1, tokenAdvice).max(4096, tokenAdvice) })

export const sessionSchema = z.object({
  signedIn: z.boolean(),
  name: z.string().nullable().meta({ description: "The token's." }),
  mayRead: z.boolean(),
  mayOperate: z.boolean(),
  expiresAt: time.nullable(),
  version: z.string().meta({ description: 'Of the program.' }),
})

export type SessionView = z.infer<typeof sessionSchema>
