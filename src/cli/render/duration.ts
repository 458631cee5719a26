import { momentText, spanText } from './moment.ts'

/** How long something took, for people: `3.2 ms`, `45 ms`, `2.5 s`, `90 s`. */
export const tookText = (ms: number): string => {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`
}

/** A moment as local time, with its date unless that is today's: `14:03:12`, `2026-11-23 13:12:38`. */
export const whenText = (iso: string, nowMs: number): string =>
  new Date(iso).toDateString() === new Date(nowMs).toDateString() ? clockText(iso) : momentText(iso)

/** How long from now, for people: to the second where that is short, otherwise as one would say it. */
export const inText = (ms: number): string => (ms < 600_000 ? tookText(ms) : spanText(ms))

/** A moment as the local time of day: `14:03:12`. */
export const clockText = (iso: string): string => {
  const date = new Date(iso)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
