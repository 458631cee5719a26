import { z } from 'zod'
import { instant } from './instant.ts'
import { mostAtOnce, type Observation, type Parsed } from './observation.ts'
import { printable } from './printable.ts'
import { shapeProblem } from './shape-problem.ts'

const advice = 'Send {"site": ..., "region": ..., "status": "up" or "down"}, or a list of these; monitor, detail, at and labels are optional.'

// Strict: a misspelt `at` would count as now, and nobody would notice.
const Word = z.strictObject({
  site: z.string().optional(),
  region: z.string().optional(),
  status: z.enum(['up', 'down']),
  /** Whose word it is, where one source has several. */
  monitor: z.string().min(1).max(200).optional(),
  detail: z.string().optional(),
  at: z
    .string()
    .refine((text) => instant(text, false) !== undefined, 'not a time such as 2026-11-22T15:04:05Z')
    .optional(),
  labels: z.record(z.string(), z.string()).optional(),
})

const Words = z.array(Word).max(mostAtOnce)

const observe = ({ site, region, status, monitor = 'default', detail = '', at, labels = {} }: z.infer<typeof Word>, now: number): Observation => ({
  fields: {
    monitor,
    status,
    ...(site === undefined ? {} : { site }),
    ...(region === undefined ? {} : { region }),
    ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`labels.${name}`, value])),
  },
  opinion: status,
  detail: printable(detail, 300),
  eventAt: at === undefined ? now : (instant(at, false) ?? now),
  monitor: printable(monitor, 200),
})

/** Our own format: one word, or a list of them. */
export const parseJson = (body: unknown, now: number): Parsed => {
  const words = Words.safeParse(Array.isArray(body) ? body : [body])
  if (!words.success) return shapeProblem('a word on a region', words.error, advice)
  return { kind: 'parsed', observations: words.data.map((word) => observe(word, now)), note: words.data.length === 0 ? 'An empty list.' : undefined }
}
