import { z } from 'zod'
import { instant } from './instant.ts'
import type { Observation, Parsed } from './observation.ts'
import { printable } from './printable.ts'
import { shapeProblem } from './shape-problem.ts'

const advice = 'Its webhook sends what it is told to: see the request body in the documentation.'

const Flip = z.looseObject({
  /** The UUID of the check. */
  code: z.string().min(1).max(100),
  name: z.string(),
  slug: z.string().optional(),
  status: z.enum(['up', 'down']),
  tags: z.string().default(''),
  now: z
    .string()
    .refine((text) => instant(text, false) !== undefined, 'not a time such as 2026-11-22T15:04:05+00:00')
    .optional(),
})

/** What the webhook of Healthchecks.io sends with our template. */
export const parseHealthchecks = (body: unknown, now: number): Parsed => {
  const flip = Flip.safeParse(body)
  if (!flip.success) return shapeProblem('a message of Healthchecks', flip.error, advice)
  const { code, name, slug, status, tags, now: at } = flip.data
  const observation: Observation = {
    fields: { monitor: name, code, status, tags, ...(slug === undefined ? {} : { slug }) },
    opinion: status,
    detail: printable(`${name} is ${status}`, 300),
    eventAt: at === undefined ? now : (instant(at, false) ?? now),
    monitor: printable(code, 100),
  }
  return { kind: 'parsed', observations: [observation], note: undefined }
}
