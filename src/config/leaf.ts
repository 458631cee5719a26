import { z } from 'zod'
import type { Parsed } from './duration.ts'

/** Accepted by the JSON Schema wherever a value is not text: the editor sees the file before variables are replaced. */
export const variablePattern = String.raw`\$\{`
const variable = { type: 'string', pattern: variablePattern } as const

export type JsonShape = Readonly<Record<string, unknown>>

/** What a message calls a value that is not what it should be. Long texts are cut. */
export const shown = (raw: unknown): string => {
  if (raw === null || raw === undefined || raw === '') return 'nothing'
  if (Array.isArray(raw)) return 'a list'
  if (typeof raw === 'object') return 'a map'
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
  const text = String(raw)
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}

/**
 * A single value of the config: its JSON Schema beside the function that reads it. Going through here, rather
 * than zod's own scalars, gives each kind of value its own message and the text form of a replaced variable.
 * `choices` are told where it is missing.
 */
export const leaf = <T>(schema: JsonShape, parse: (raw: unknown) => Parsed<T>, choices?: readonly string[]) =>
  z.unknown().meta(schema).transform((raw, context): T => {
    const parsed: Parsed<T> = raw === undefined ? { ok: false, message: 'missing' } : parse(raw)
    if (parsed.ok) return parsed.value
    context.issues.push({ code: 'custom', input: raw, message: parsed.message, params: { isMissing: raw === undefined, choices } })
    return z.NEVER
  })

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

/** Any text of one to `max` characters. */
export const text = (max = 1000) =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (typeof raw === 'number' || typeof raw === 'boolean') return fail(`must be text: put it in quotes`)
    if (typeof raw !== 'string' || raw === '') return fail(`must be text, not ${shown(raw)}`)
    return raw.length <= max ? { ok: true, value: raw } : fail(`must be at most ${max} characters long, not ${raw.length}`)
  })

export const integer = (min: number, max: number, why = '') =>
  leaf({ anyOf: [{ type: 'integer', minimum: min, maximum: max }, variable] }, (raw): Parsed<number> => {
    const value = typeof raw === 'string' && /^-?\d{1,15}$/.test(raw.trim()) ? Number(raw) : raw
    const isFine = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    return isFine ? { ok: true, value } : fail(`must be a whole number from ${min} to ${max}${why}, not ${shown(raw)}`)
  })

export const flag = () =>
  leaf({ anyOf: [{ type: 'boolean' }, variable] }, (raw): Parsed<boolean> => {
    if (typeof raw === 'boolean') return { ok: true, value: raw }
    if (raw === 'true' || raw === 'false') return { ok: true, value: raw === 'true' }
    const meant = /^(?:yes|y|on|1)$/i.test(String(raw)) ? 'true' : /^(?:no|n|off|0)$/i.test(String(raw)) ? 'false' : undefined
    return fail(`must be true or false, not ${shown(raw)}${meant === undefined ? '' : `; did you mean ${meant}?`}`)
  })
