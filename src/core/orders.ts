import { elapsedMs, type Moment } from './moment.ts'

/** What operators have ordered for one site, beside what the checks say. Times: milliseconds since the epoch, by the clock as it is now. */
export interface Orders {
  readonly pause?: Pause
  /** By region. Planned windows of the config count as well, while they last. */
  readonly drains: Readonly<Record<string, DrainOrder>>
  /** By region. */
  readonly forces: Readonly<Record<string, ForceOrder>>
  /** By region: until when no planned window of it counts. */
  readonly skips?: Readonly<Record<string, number>>
}

export interface Order {
  /**
   * Tells it from another one for the same region, whatever is done to the clock: `since` moves with it. Absent where `since` does
   * not: a planned window begins when the config says.
   */
  readonly id?: string
  readonly since: number
  /** Undefined: until it is taken back. */
  readonly until: number | undefined
  readonly reason: string
  /** Who ordered it, for people. */
  readonly by: string
}

/** Observe only: everything goes on, but nothing is written. */
export interface Pause {
  readonly until: number | undefined
  readonly reason: string
  readonly by: string
}

/** Takes a region out for a while; it still counts as a last resort unless `isForced`. */
export interface DrainOrder extends Order {
  readonly isForced: boolean
  /** A window: planned in the config. */
  readonly origin: 'order' | 'window'
}

/** Publishes or withholds a region whatever the checks say. */
export interface ForceOrder extends Order {
  readonly to: 'up' | 'down'
}

export const noOrders: Orders = { drains: {}, forces: {} }

const isOver = (until: number | undefined, wallNow: number): boolean => until !== undefined && until <= wallNow

/** The pause that is in force, if one is. */
export const pauseAt = ({ pause }: Orders, wallNow: number): Pause | undefined =>
  pause === undefined || isOver(pause.until, wallNow) ? undefined : pause

const inForce = <T extends Order>(orders: Readonly<Record<string, T>>, wallNow: number): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(orders).filter(([, { until }]) => !isOver(until, wallNow)))

/** What is still in force. */
export const ordersAt = (orders: Orders, wallNow: number): Orders => {
  const pause = pauseAt(orders, wallNow)
  return { ...(pause === undefined ? {} : { pause }), drains: inForce(orders.drains, wallNow), forces: inForce(orders.forces, wallNow) }
}

/**
 * Milliseconds since an order was given. A clock that is set, forwards or back, does not change that while the machine
 * runs. After a restart the clock is all there is to go by, but at least as much time has passed as the machine is up: a
 * clock that came back from before the order does not prolong it for ever.
 */
export const passedMs = (orderedAt: Moment, now: Moment): number => {
  const isRestarted = orderedAt.boot !== undefined && now.boot !== undefined && orderedAt.boot.id !== now.boot.id
  return Math.max(elapsedMs(orderedAt, now), isRestarted ? (now.boot?.uptimeMs ?? 0) : 0)
}

/** Milliseconds that are left of an order; 0 once it is over. */
export const leftMs = (orderedAt: Moment, forMs: number, now: Moment): number => Math.max(0, forMs - passedMs(orderedAt, now))

/** A skipped window is skipped to its end, though the order is timed by one clock and the window by another. */
const skipSlackMs = 60_000

/** How long to skip the windows of a region, so that the one that lasts until then does not begin again just before. Milliseconds. */
export const skipForMs = (until: number, wallNow: number): number => Math.max(0, until - wallNow) + skipSlackMs
