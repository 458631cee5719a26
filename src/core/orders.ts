import { elapsedMs, type Moment } from './state-time.ts'

/** What operators have ordered for one site, beside what the checks say. */
export interface Orders {
  readonly pause?: Pause
}

/** Observe only: everything goes on, but nothing is written. */
export interface Pause {
  /** Milliseconds since the epoch, by the clock as it is now; undefined: until it is taken back. */
  readonly until: number | undefined
  readonly reason: string
  /** Who ordered it, for people. */
  readonly by: string
}

export const noOrders: Orders = {}

/** The pause that is in force, if one is. */
export const pauseAt = ({ pause }: Orders, wallNow: number): Pause | undefined =>
  pause === undefined || (pause.until !== undefined && pause.until <= wallNow) ? undefined : pause

/**
 * Milliseconds that are left of an order; 0 once it is over. A clock that is set, forwards or back, does not change
 * that while the machine runs. After a restart the clock is all there is to go by, but at least as much time has
 * passed as the machine is up: a clock that came back from before the order does not prolong it for ever.
 */
export const leftMs = (orderedAt: Moment, forMs: number, now: Moment): number => {
  const isRestarted = orderedAt.boot !== undefined && now.boot !== undefined && orderedAt.boot.id !== now.boot.id
  const passed = Math.max(elapsedMs(orderedAt, now), isRestarted ? (now.boot?.uptimeMs ?? 0) : 0)
  return Math.max(0, forMs - passed)
}
