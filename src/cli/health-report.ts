import type { Pulse } from '../engine/fleet.ts'

/** A loop goes round every second; a cycle whose provider is slow at every step still takes less. Milliseconds. */
const stalledMs = 180_000

/** What a running service answers to `health`, as one line of JSON. */
export interface HealthReport {
  readonly version: 1
  readonly ok: boolean
  /** Sites whose loop stands still, with seconds since it last went round. */
  readonly stalled: readonly { readonly site: string; readonly seconds: number }[]
  readonly sites: number
}

export const healthReport = (pulses: readonly Pulse[]): HealthReport => {
  const stalled = pulses.flatMap(({ site, sinceMs }) => (sinceMs === undefined || sinceMs < stalledMs ? [] : [{ site, seconds: Math.round(sinceMs / 1000) }]))
  return { version: 1, ok: stalled.length === 0, stalled, sites: pulses.length }
}
