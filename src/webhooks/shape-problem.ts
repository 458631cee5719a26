import type { z } from 'zod'
import { printable } from './printable.ts'
import type { Refusal } from './webhook-source.ts'

const shown = 3

const place = (path: readonly PropertyKey[]): string =>
  path.map((each) => (typeof each === 'number' ? `[${each}]` : `.${String(each)}`)).join('').replace(/^\./, '')

/** What is wrong with a payload's shape, and where to look up what it should be. */
export const shapeProblem = (what: string, error: z.ZodError, advice: string): Refusal => {
  const problems = error.issues.slice(0, shown).map(({ path, message }) => (path.length === 0 ? message : `${place(path)}: ${message}`))
  const more = error.issues.length > shown ? `; and ${error.issues.length - shown} more` : ''
  return { kind: 'refused', status: 400, code: 'malformed', text: printable(`This is not ${what}: ${problems.join('; ')}${more}. ${advice}`, 800) }
}
