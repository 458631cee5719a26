import { compilePattern } from '../checks/body-pattern.ts'
import type { Expectation } from '../core/site.ts'
import { didYouMean } from './suggest.ts'
import { durationPattern, durationText, parseDuration, type Parsed } from './duration.ts'
import { leaf, shown, variablePattern } from './leaf.ts'

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

const hourMs = 3_600_000

/** Milliseconds from a duration between two bounds. */
export const duration = (minMs: number, maxMs: number) =>
  leaf({ anyOf: [{ type: 'string', pattern: `${durationPattern}|${variablePattern}` }, { const: 0 }], examples: ['250ms', '5s', '1m30s'] }, (raw): Parsed<number> => {
    if (typeof raw !== 'string' && typeof raw !== 'number') return fail(`must be a duration such as 5s, not ${shown(raw)}`)
    const parsed = parseDuration(raw)
    if (!parsed.ok || (parsed.value >= minMs && parsed.value <= maxMs)) return parsed
    return fail(`must be from ${durationText(minMs)} to ${durationText(maxMs)}, not ${raw}`)
  })

/** Seconds, as a number or a duration of whole seconds. The upper bound is a day: longer defeats failover. */
export const ttl = () =>
  leaf({ anyOf: [{ type: 'integer', minimum: 1, maximum: 86_400 }, { type: 'string', pattern: `${durationPattern}|${variablePattern}` }] }, (raw): Parsed<number> => {
    if (typeof raw !== 'string' && typeof raw !== 'number') return fail(`must be a number of seconds, not ${shown(raw)}`)
    const isNumber = typeof raw === 'number' || /^-?\d+(?:\.\d+)?$/.test(raw)
    const parsed: Parsed<number> = isNumber ? { ok: true, value: Number(raw) * 1000 } : parseDuration(raw)
    if (!parsed.ok) return parsed
    const seconds = parsed.value / 1000
    const isFine = Number.isInteger(seconds) && seconds >= 1 && parsed.value <= 24 * hourMs
    return isFine ? { ok: true, value: seconds } : fail(`must be from 1 to 86400 whole seconds, not ${raw}`)
  })

const sizes: ReadonlyMap<string, number> = new Map([['b', 1], ['kib', 1024], ['mib', 1_048_576]])
const maxSize = 16 * 1_048_576

/** Bytes from `64KiB`, `1MiB` or a number. */
export const size = () =>
  leaf({ anyOf: [{ type: 'string', pattern: `^\\d+(B|KiB|MiB)$|${variablePattern}` }, { type: 'integer', minimum: 1, maximum: maxSize }] }, (raw): Parsed<number> => {
    const match = /^(?<amount>\d{1,9})\s*(?<unit>[a-z]*)$/i.exec(String(raw))?.groups
    const { amount = '', unit = '' } = match ?? {}
    const factor = unit === '' ? 1 : sizes.get(unit.toLowerCase())
    if (match === undefined || factor === undefined) {
      const near = /^[km]b?$/i.test(unit) ? `; did you mean ${amount}${unit.slice(0, 1).toUpperCase()}iB?` : '; write one such as 64KiB or 1MiB'
      return fail(`${shown(raw)} is not a size${near}`)
    }
    const bytes = Number(amount) * factor
    return bytes >= 1 && bytes <= maxSize ? { ok: true, value: bytes } : fail(`must be from 1B to 16MiB, not ${shown(raw)}`)
  })

/** One of a few words. */
export const word = <const W extends string>(words: readonly [W, ...W[]], refused: Readonly<Record<string, string>> = {}) =>
  leaf({ anyOf: [{ enum: [...words] }, { type: 'string', pattern: variablePattern }] }, (raw): Parsed<W> => {
    const found = words.find((each) => each === raw)
    if (found !== undefined) return { ok: true, value: found }
    const reason = typeof raw === 'string' && Object.hasOwn(refused, raw.toLowerCase()) ? refused[raw.toLowerCase()] : undefined
    if (reason !== undefined) return fail(`${shown(raw)} ${reason}`)
    const end = typeof raw === 'string' || typeof raw === 'boolean' ? didYouMean(String(raw), words, 'choose from') : `; choose from: ${words.join(', ')}`
    return fail(`${shown(raw)} is not one of the choices${end}`)
  }, words)

type StatusRange = Expectation['status'][number]

/** HTTP status codes: `200`, `200-204` or `2xx`. */
export const statusRange = () =>
  leaf({ anyOf: [{ type: 'integer', minimum: 100, maximum: 599 }, { type: 'string', pattern: `^[1-5]\\d\\d(-[1-5]\\d\\d)?$|^[1-5]xx$|${variablePattern}` }] }, (raw): Parsed<StatusRange> => {
    const match = /^(?:(?<hundred>[1-5])xx|(?<from>[1-5]\d\d)(?:\s*-\s*(?<to>[1-5]\d\d))?)$/i.exec(String(raw))?.groups
    if (match === undefined) return fail(`${shown(raw)} is not an HTTP status; write one such as 200, 200-204 or 2xx`)
    const from = Number(match['from'] ?? `${match['hundred']}00`)
    const to = Number(match['to'] ?? (match['from'] === undefined ? from + 99 : from))
    return from <= to ? { ok: true, value: { from, to } } : fail(`${shown(raw)} is the wrong way round; write ${to}-${from}`)
  })

/** A regular expression of the linear-time engine that reads foreign bodies. */
export const pattern = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (typeof raw !== 'string' || raw === '') return fail(`must be a regular expression in quotes, not ${shown(raw)}`)
    const compiled = compilePattern(raw)
    if (compiled.kind === 'pattern') return { ok: true, value: raw }
    const advice = /\(\?[=!<]/.test(raw) || /\\[1-9]/.test(raw) ? '; look-around and back-references are not supported (RE2 syntax)' : ''
    return fail(`the regular expression is not valid: ${compiled.error.replace(/^error parsing regexp: /, '')}${advice}`)
  })
