const pattern = /^(?<date>\d{4}-\d\d-\d\d)[Tt ](?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,12}))?(?<zone>[Zz]|[+-]\d\d:?\d\d)?$/

/**
 * A time as RFC 3339 writes it, in milliseconds since the epoch: what is finer is cut off. Without a zone it is UTC where
 * `isUtcWithoutZone`, and otherwise undefined, as is everything that is no such time.
 */
export const instant = (text: string, isUtcWithoutZone: boolean): number | undefined => {
  const parts = pattern.exec(text)?.groups
  if (parts === undefined) return undefined
  const { date = '', time = '', fraction = '', zone = isUtcWithoutZone ? 'Z' : '' } = parts
  if (zone === '') return undefined
  const offset = /^(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)$/.exec(zone)?.groups
  const hours = Number(offset?.['hours'] ?? 0)
  const minutes = Number(offset?.['minutes'] ?? 0)
  if (hours > 23 || minutes > 59) return undefined
  const local = Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  // Date.parse takes 31 April for 1 May, and 24:00:00 for the next day.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${date}T${time}`)) return undefined
  const ahead = (hours * 60 + minutes) * 60_000
  return offset?.['sign'] === '-' ? local + ahead : local - ahead
}
