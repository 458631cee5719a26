import { didYouMean } from './suggest.ts'

const isKnown = (timeZone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/** What is wrong with the name of a time zone; undefined: nothing. */
export const timeZoneProblem = (timeZone: string): string | undefined => {
  // Intl knows offsets such as +02:00 as well, which are no zone: they do not change with the season.
  if (/^[A-Za-z]/.test(timeZone) && isKnown(timeZone)) return undefined
  const all = ['UTC', ...Intl.supportedValuesOf('timeZone')]
  const city = timeZone.toLowerCase().replaceAll(' ', '_')
  const meant = all.find((name) => name.toLowerCase().endsWith(`/${city}`))
  const near = meant === undefined ? didYouMean(timeZone, all, '').replace(/^; : .*$/s, '; write one such as Europe/Amsterdam, or UTC') : `; did you mean "${meant}"?`
  return `there is no time zone ${JSON.stringify(timeZone.slice(0, 60))}${near}`
}
