/*
 * Times of day, as the reader's own clock shows them; always with 24 hours, for logs and colleagues say them so.
 */

const timeOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const shortOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const dayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const longDayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const weekdayOf = new Intl.DateTimeFormat('en-GB', { weekday: 'long' })
const utcDayOf = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const utcWeekdayOf = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' })

export const timeText = (iso: string): string => timeOf.format(new Date(iso))

export const shortTimeText = (iso: string): string => shortOf.format(new Date(iso))

export const dayText = (iso: string): string => dayOf.format(new Date(iso))

export const longDayText = (iso: string): string => `${weekdayOf.format(new Date(iso))} ${longDayOf.format(new Date(iso))}`

/** Of a day in UTC, `2026-01-31`. */
export const utcDayText = (day: string): string => {
  const at = new Date(`${day}T00:00:00Z`)
  return `${utcWeekdayOf.format(at)} ${utcDayOf.format(at)}`
}

const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString()

/** `14:02:11` today, `31 Jan 14:02:11` otherwise. */
export const momentText = (iso: string, nowMs: number): string => (isSameDay(new Date(iso), new Date(nowMs)) ? timeText(iso) : `${dayText(iso)} ${timeText(iso)}`)

/** The same without seconds. */
export const shortMomentText = (iso: string, nowMs: number): string => (isSameDay(new Date(iso), new Date(nowMs)) ? shortTimeText(iso) : `${dayText(iso)} ${shortTimeText(iso)}`)
