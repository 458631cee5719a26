import type { Refusal } from './webhook-source.ts'

/** What a monitor has said of one thing that it watches, before it is known which region that is. */
export interface Observation {
  /** What rules look at: `monitor`, `status` (up or down), and what else the type documents. */
  readonly fields: Readonly<Record<string, string>>
  readonly opinion: 'up' | 'down'
  /** One printable line. */
  readonly detail: string
  /** By the monitor's own clock, milliseconds since the epoch. */
  readonly eventAt: number
  /** The same from delivery to delivery, whatever else changes. */
  readonly monitor: string
}

export type Parsed =
  /** May be none: a test message, say. The note tells what was left out, and why. */
  { readonly kind: 'parsed'; readonly observations: readonly Observation[]; readonly note: string | undefined } | Refusal

/** Alerts in one delivery. */
export const mostAtOnce = 1000
