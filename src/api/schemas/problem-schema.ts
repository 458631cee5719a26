import { z } from 'zod'

/** RFC 9457, with a `code` for programs and, where there is one, what to do about it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  instance: z.string().optional(),
  code: z.string(),
  advice: z.string().optional(),
  errors: z
    .array(z.object({ field: z.string(), text: z.string() }))
    .optional()
    .meta({ description: 'What is wrong in the request, by field.' }),
})

export type Problem = z.infer<typeof problemSchema>
