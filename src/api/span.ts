const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }
const wellFormed = /^(?=.)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/

/** The pattern of a span of time, for the OpenAPI document. */
export const spanPattern = String.raw`^(?=.)(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,7}s)?$`

/** Milliseconds from `90s`, `15m`, `1h`, `2d` or `1h30m`; undefined: it is none. */
export const parseSpan = (text: string): number | undefined => {
  const parts = text.length > 40 ? null : wellFormed.exec(text)
  if (parts === null) return undefined
  return ['d', 'h', 'm', 's'].reduce((sum, unit, at) => sum + Number(parts[at + 1] ?? 0) * (unitMs[unit] ?? 0), 0)
}
