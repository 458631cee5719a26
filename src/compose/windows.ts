import type { Cron } from 'croner'
import type { DrainOrder, Orders } from '../core/orders.ts'
import type { DrainWindow, Site } from '../core/site.ts'
import type { OrderBook } from '../engine/ports.ts'
import type { Log } from './log.ts'
import { cronOf, type Span, windowTimes, type WindowTimes } from './window-times.ts'

export interface PlannedWindow extends Span {
  readonly region: string
  readonly reason: string
}

/** Orders, and with them the planned windows of the config that last. */
export interface PlannedOrderBook extends OrderBook {
  /** The window of a region that begins next, for people; what lasts now is among the orders. Skipped ones are told as well. */
  nextWindow(site: string, region: string): PlannedWindow | undefined
}

/** What is known of a window until one of its edges is passed. */
interface Calendar {
  /** Undefined: its expression cannot be read, which has been said. */
  readonly cron: Cron | undefined
  readonly times: WindowTimes
  readonly from: number
  readonly until: number
}

const never: WindowTimes = { now: undefined, next: undefined }

const calendarAt = (cron: Cron, forMs: number, wallNow: number): Calendar => {
  const times = windowTimes(cron, forMs, wallNow)
  return { cron, times, from: times.now?.since ?? wallNow, until: times.now?.until ?? times.next?.since ?? Infinity }
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined => (record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined)

const isSkipped = ({ skips }: Orders, region: string, wallNow: number): boolean => (own(skips, region) ?? 0) > wallNow

/**
 * Adds to a store's orders the planned windows that last now, unless their region is drained by an order or its windows
 * are skipped. `siteOf` gives the same object for as long as a config lasts: calendars are kept by it, so that a call costs microseconds.
 */
export const createOrderBook = (store: OrderBook, siteOf: (name: string) => Site | undefined, wallNow: () => number, log: Log): PlannedOrderBook => {
  const calendars = new WeakMap<DrainWindow, Calendar>()

  const open = (window: DrainWindow, now: number): Calendar => {
    try {
      return calendarAt(cronOf(window), window.forMs, now)
    } catch (error) {
      log('error', `the planned window of ${window.region} (${window.cron}, ${window.timeZone}) never begins: ${error instanceof Error ? error.message : String(error)}`)
      return { cron: undefined, times: never, from: -Infinity, until: Infinity }
    }
  }

  const timesOf = (window: DrainWindow, now: number): WindowTimes => {
    const known = calendars.get(window)
    if (known !== undefined && now >= known.from && now < known.until) return known.times
    const fresh = known?.cron === undefined ? open(window, now) : calendarAt(known.cron, window.forMs, now)
    calendars.set(window, fresh)
    return fresh.times
  }

  /** Of several windows of a region the one that lasts longest. */
  const drainsOf = (site: Site, orders: Orders, now: number): Readonly<Record<string, DrainOrder>> => {
    const lasting = site.windows.flatMap((window): readonly (readonly [string, DrainOrder & Span])[] => {
      const { region, reason } = window
      if (own(orders.drains, region) !== undefined || isSkipped(orders, region, now)) return []
      const span = timesOf(window, now).now
      return span === undefined ? [] : [[region, { ...span, reason, by: 'the config', isForced: false, origin: 'window' }]]
    })
    return Object.fromEntries(lasting.toSorted(([, a], [, b]) => a.until - b.until))
  }

  return {
    load: async (name) => {
      const orders = await store.load(name)
      const site = siteOf(name)
      if (site === undefined || site.windows.length === 0) return orders
      return { ...orders, drains: { ...drainsOf(site, orders, wallNow()), ...orders.drains } }
    },
    ...(store.rename === undefined ? {} : { rename: store.rename }),
    nextWindow: (name, region) => {
      const windows = siteOf(name)?.windows.filter((window) => window.region === region) ?? []
      const planned = windows.flatMap((window): readonly PlannedWindow[] => {
        const next = timesOf(window, wallNow()).next
        return next === undefined ? [] : [{ ...next, region, reason: window.reason }]
      })
      return planned.toSorted((a, b) => a.since - b.since)[0]
    },
  }
}
