import { join } from 'node:path'
import { type ForceOrder, noOrders } from '../core/orders.ts'
import type { Moment } from '../core/moment.ts'
import type { OrderBook } from '../engine/ports.ts'
import { momentOf, readBootId } from './boot.ts'
import { isNothing, longestOrderMs, type StoredOrder, type StoredOrders } from './order-document.ts'
import { createOrderFiles, lostOrders } from './order-files.ts'
import { createRememberedFiles } from './remembered-files.ts'
import { siteFile } from './site-file.ts'
import { ordersIn, withRegion, withRegionCalled } from './stored-orders.ts'

export interface OrderStoreOptions {
  /** The state directory. */
  readonly dir: string
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number
  /** Monotonic milliseconds; by default this process's. */
  readonly now?: () => number
  /** One line for people. */
  readonly log: (level: 'warn', message: string) => void
  /** Touches nothing, damaged files included: for a dry run. */
  readonly isReadOnly?: boolean
}

export interface NewOrder {
  /** Milliseconds; undefined: until it is taken back. */
  readonly forMs: number | undefined
  readonly reason: string
  readonly by: string
}

export type NewPause = NewOrder

export interface NewDrain extends NewOrder {
  readonly isForced: boolean
}

export interface NewForce extends NewOrder, Pick<ForceOrder, 'to'> {}

/** Each order replaces the one before; undefined takes it back. An order counts once the promise has resolved, and survives the end of the machine. */
export interface OrderStore extends OrderBook {
  /** @throws StateError */
  rename(site: string, from: string, to: string): Promise<void>
  /** @throws StateError */
  setPause(site: string, pause: NewPause | undefined): Promise<void>
  /** @throws StateError */
  setDrain(site: string, region: string, drain: NewDrain | undefined): Promise<void>
  /** @throws StateError */
  setForce(site: string, region: string, force: NewForce | undefined): Promise<void>
  /** No planned window of the region counts for so many milliseconds from now on. @throws StateError */
  skipWindow(site: string, region: string, forMs: number): Promise<void>
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const bounded = (forMs: number): number => Math.min(Math.max(0, forMs), longestOrderMs)

const stored = ({ forMs, reason, by }: NewOrder, orderedAt: Moment): StoredOrder => ({ orderedAt, forMs: forMs === undefined ? undefined : bounded(forMs), reason, by })

const withList = <K extends 'drains' | 'forces' | 'skips'>(orders: StoredOrders, kind: K, list: StoredOrders[K]): StoredOrders =>
  list === orders[kind] ? orders : { ...orders, [kind]: list }

/**
 * Operators' orders, `orders/<site>.json`: apart from the state, so that they can be given while a service holds the
 * lock, by as many processes at once as please. A file that is damaged is set aside as `<file>.damaged-<time>`, one of a
 * newer version of this program as `<file>.newer-version-<time>`, one that may not be read stays; each counts as no
 * order, and is said once. `load` never rejects, and is cheap enough to be called every second for every site.
 */
export const createOrderStore = (options: OrderStoreOptions): OrderStore => {
  const { wallNow, now = () => performance.now(), log, isReadOnly = false } = options
  const dir = join(options.dir, 'orders')
  const said = new Set<string>()
  let bootId: Promise<string | undefined> | undefined
  let last: Promise<void> = Promise.resolve()

  const moment = async (): Promise<Moment> => {
    bootId ??= readBootId()
    return momentOf(wallNow(), await bootId)
  }

  const say = (message: string): void => {
    if (said.has(message)) return
    said.add(message)
    log('warn', message)
  }

  const files = createOrderFiles({ stateDir: options.dir, isReadOnly, moment, say })
  const remembered = createRememberedFiles({ dir, now, fileOf: siteFile, read: files.read })

  /** One after the other: they would only wait for each other's lock. */
  const update = (site: string, change: Parameters<typeof files.update>[1]): Promise<void> => {
    const mine = last.then(() => files.update(site, change)).finally(() => remembered.forget(site))
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    load: async (site) => {
      try {
        const written = await remembered.get(site)
        return isNothing(written) ? noOrders : ordersIn(written, await moment())
      } catch (error) {
        const known = remembered.last(site)
        const so = known === undefined ? `${lostOrders(site)}, as the user that runs this program` : 'those that were read last go on to count until they are over'
        say(`the orders for ${site} in ${join(dir, siteFile(site))} cannot be read (${textOf(error)}); ${so}`)
        return known === undefined ? noOrders : ordersIn(known, await moment())
      }
    },
    rename: (site, from, to) => update(site, (orders) => withRegionCalled(orders, from, to)),
    setPause: (site, pause) =>
      update(site, (orders, at) => (pause === undefined && orders.pause === undefined ? orders : { ...orders, pause: pause && stored(pause, at) })),
    setDrain: (site, region, drain) =>
      update(site, (orders, at) => withList(orders, 'drains', withRegion(orders.drains, region, drain && { region, ...stored(drain, at), isForced: drain.isForced }))),
    setForce: (site, region, force) =>
      update(site, (orders, at) => withList(orders, 'forces', withRegion(orders.forces, region, force && { region, ...stored(force, at), to: force.to }))),
    skipWindow: (site, region, forMs) =>
      update(site, (orders, at) => withList(orders, 'skips', withRegion(orders.skips, region, { region, orderedAt: at, forMs: bounded(forMs) }))),
  }
}
