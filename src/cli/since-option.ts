import { InvalidArgumentError } from 'commander'
import { durationText, parseDuration } from '../config/duration.ts'

/** A time in the past, as an option has it: how long ago, or a moment. */
export interface Since {
  /** As the API reads it. */
  readonly text: string
  /** Milliseconds since the epoch. */
  at(wallNow: number): number
}

const longestMs = 3650 * 86_400_000
const advice = 'write how long ago, such as 90m, 24h or 30d, or a time such as 2026-01-31T12:00:00Z'

/** @throws InvalidArgumentError, which commander turns into wrong usage. */
export const sinceOption = (text: string): Since => {
  const ago = parseDuration(text)
  if (ago.ok && ago.value > 0 && ago.value <= longestMs) {
    const ms = Math.max(1000, Math.floor(ago.value / 1000) * 1000)
    return { text: durationText(ms), at: (wallNow) => wallNow - ms }
  }
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isFinite(at)) throw new InvalidArgumentError(advice)
  return { text: new Date(at).toISOString(), at: () => at }
}
