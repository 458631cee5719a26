/** A text read at the edge: the value, or what is wrong with it and what to write instead. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
type Unit = keyof typeof units

/** How people write the units elsewhere. */
const spellings: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/i, 'ms'],
  [/^(?:s|secs?|seconds?)$/i, 's'],
  [/^(?:m|mins?|minutes?)$/i, 'm'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
  [/^(?:d|days?)$/i, 'd'],
]

const wellFormed = /^(?:(?<d>\d+(?:\.\d+)?)d)?(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m)?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+(?:\.\d+)?)ms)?$/

/** The pattern of a duration, for the JSON Schema. */
export const durationPattern = String.raw`^(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?(\d+(\.\d+)?ms)?$`

const nearMiss = (text: string): string | undefined => {
  const match = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(text.trim())
  const { amount, unit } = match?.groups ?? {}
  if (amount === undefined) return undefined
  if (unit === '') return `${amount}s`
  const known = spellings.find(([spelling]) => spelling.test(unit ?? ''))
  return known === undefined ? undefined : `${amount}${known[1]}`
}

/** Milliseconds from `250ms`, `5s`, `2m`, `1h`, `1d`, `1m30s` or `0`. */
export const parseDuration = (raw: string | number): Parsed<number> => {
  if (raw === 0 || raw === '0') return { ok: true, value: 0 }
  const text = String(raw)
  const parts = text.length > 0 && text.length <= 40 ? wellFormed.exec(text)?.groups : undefined
  if (parts !== undefined) {
    const value = Object.entries(units).reduce((sum, [unit, ms]) => sum + Number(parts[unit] ?? 0) * ms, 0)
    return { ok: true, value: Math.round(value) }
  }
  const near = nearMiss(text.slice(0, 40))
  if (near === undefined) return { ok: false, message: `${JSON.stringify(text.slice(0, 40))} is not a duration; write one such as 250ms, 5s, 2m, 1h or 1m30s` }
  const problem = /^[\d.]+$/.test(text) ? `${text} has no unit` : `${JSON.stringify(text)} is not a duration`
  return { ok: false, message: `${problem}; did you mean ${near}?` }
}

/** The shortest way to write a duration: `250ms`, `5s`, `1m30s`. */
export const durationText = (ms: number): string => {
  if (ms === 0) return '0s'
  const parts: string[] = []
  let rest = ms
  for (const [unit, size] of Object.entries(units)) {
    const whole = Math.floor(rest / size)
    if (whole > 0) parts.push(`${whole}${unit}`)
    rest -= whole * size
  }
  return parts.join('')
}
