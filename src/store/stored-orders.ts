import { type DrainOrder, type ForceOrder, leftMs, type Orders, passedMs } from '../core/orders.ts'
import type { Moment } from '../core/moment.ts'
import type { StoredOrder, StoredOrders } from './order-document.ts'

type Timed = Pick<StoredOrder, 'orderedAt' | 'forMs'>

const isInForce = ({ orderedAt, forMs }: Timed, now: Moment): boolean => forMs === undefined || leftMs(orderedAt, forMs, now) > 0

/** What identifies it is the clock as it was when the order was given; its times are on the clock as it is now. */
const span = ({ orderedAt, forMs }: Timed, now: Moment): { readonly id: string; readonly since: number; readonly until: number | undefined } => ({
  id: String(orderedAt.wallMs),
  since: now.wallMs - passedMs(orderedAt, now),
  until: forMs === undefined ? undefined : now.wallMs + leftMs(orderedAt, forMs, now),
})

/** What is over is forgotten. */
export const stillInForce = ({ pause, drains, forces, skips }: StoredOrders, now: Moment): StoredOrders => ({
  pause: pause !== undefined && isInForce(pause, now) ? pause : undefined,
  drains: drains.filter((each) => isInForce(each, now)),
  forces: forces.filter((each) => isInForce(each, now)),
  skips: skips.filter((each) => isInForce(each, now)),
})

/** The orders that are in force now. */
export const ordersIn = (stored: StoredOrders, now: Moment): Orders => {
  const { pause, drains, forces, skips } = stillInForce(stored, now)
  const drainOrders = drains.map((each): [string, DrainOrder] => {
    const { region, reason, by, isForced } = each
    return [region, { ...span(each, now), reason, by, isForced, origin: 'order' }]
  })
  const forceOrders = forces.map((each): [string, ForceOrder] => {
    const { region, reason, by, to } = each
    return [region, { ...span(each, now), reason, by, to }]
  })
  const skipped = skips.map(({ region, orderedAt, forMs }): [string, number] => [region, now.wallMs + leftMs(orderedAt, forMs, now)])
  return {
    ...(pause === undefined ? {} : { pause: { until: span(pause, now).until, reason: pause.reason, by: pause.by } }),
    drains: Object.fromEntries(drainOrders),
    forces: Object.fromEntries(forceOrders),
    ...(skipped.length === 0 ? {} : { skips: Object.fromEntries(skipped) }),
  }
}

/** A list with the order for a region replaced, or taken back; the very same list if there was none to take back. */
export const withRegion = <T extends { readonly region: string }>(list: readonly T[], region: string, order: T | undefined): readonly T[] => {
  if (order === undefined && list.every((each) => each.region !== region)) return list
  return [...list.filter((each) => each.region !== region), ...(order === undefined ? [] : [order])]
}

const renamed = <T extends { readonly region: string }>(list: readonly T[], from: string, to: string): readonly T[] =>
  list.some((each) => each.region === to) || list.every((each) => each.region !== from) ? list : list.map((each) => (each.region === from ? { ...each, region: to } : each))

/** What is ordered for one region as an order for another, where that has none of the kind; the very same orders if nothing changes. */
export const withRegionCalled = (orders: StoredOrders, from: string, to: string): StoredOrders => {
  const [drains, forces, skips] = [renamed(orders.drains, from, to), renamed(orders.forces, from, to), renamed(orders.skips, from, to)]
  return drains === orders.drains && forces === orders.forces && skips === orders.skips ? orders : { ...orders, drains, forces, skips }
}
