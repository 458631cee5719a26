import type { Orders } from '../../src/core/orders.ts'
import type { Moment } from '../../src/core/moment.ts'
import { nothingStored, type StoredOrders } from '../../src/store/order-document.ts'
import type { SimulatedOrder } from './operations-schedule.ts'
import type { Schedule } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The orders as they are written down, outside of the process: they survive it. */
export interface OrderBook {
  load(now: Moment): Orders
}

/** Far longer than a run: such an order ends because it is taken back. */
const longMs = 3_600_000

/** Gives the schedule's orders when they are due. `onOrder` is called with those that go through the service. */
export const createOrderBook = (
  schedule: Schedule,
  time: VirtualTime,
  moment: () => Moment,
  ordersIn: (stored: StoredOrders, now: Moment) => Orders,
  onOrder: () => void,
): OrderBook => {
  let stored: StoredOrders = nothingStored
  const who = { reason: 'simulated', by: 'an operator' }
  const without = <T extends { readonly region: string }>(list: readonly T[], region: string): readonly T[] => list.filter((each) => each.region !== region)

  const put = ({ region, kind, from, until, isTakenBack }: SimulatedOrder, isGiven: boolean): void => {
    const timed = { ...who, region, orderedAt: moment(), forMs: isTakenBack ? longMs : until - from }
    if (kind === 'drain' || kind === 'forced-drain') {
      stored = { ...stored, drains: [...without(stored.drains, region), ...(isGiven ? [{ ...timed, isForced: kind === 'forced-drain' }] : [])] }
    } else stored = { ...stored, forces: [...without(stored.forces, region), ...(isGiven ? [{ ...timed, to: kind }] : [])] }
  }

  for (const order of schedule.operations.orders) {
    const change = (isGiven: boolean) => (): void => {
      put(order, isGiven)
      if (order.isTold) onOrder()
    }
    time.at(order.from, change(true))
    if (order.isTakenBack) time.at(order.until, change(false))
  }
  for (const { from, until } of schedule.pauses) {
    time.at(from, () => {
      stored = { ...stored, pause: { ...who, orderedAt: moment(), forMs: until - from } }
    })
  }
  return { load: (now) => ordersIn(stored, now) }
}

const isOut = ({ kind }: SimulatedOrder): boolean => kind !== 'up'

/** What operators have ordered, by the schedule alone. */
export interface OrdersInForce {
  /** The orders for a region at a time, sharply: an order that begins or ends just then is not among them. */
  at(region: string, time: number): readonly SimulatedOrder[]
  isOrderedOut(region: string, time: number): boolean
  /** At the time or a little earlier: what was written by it may have been on its way. */
  wasOrderedOut(region: string, from: number, until: number): boolean
  isForcedUp(region: string, time: number): boolean
  /** Also by an order that begins or ends just then: on records that were read ahead, what is ordered is written at once. */
  mayBeForcedUp(region: string, time: number): boolean
  isPaused(time: number): boolean
}

export const ordersInForce = (schedule: Schedule): OrdersInForce => {
  const { orders } = schedule.operations
  const at = (region: string, time: number): readonly SimulatedOrder[] => orders.filter((each) => each.region === region && each.from < time && time < each.until)
  const isForcedUp = (region: string, time: number): boolean => at(region, time).some(({ kind }) => kind === 'up')
  return {
    at,
    isForcedUp,
    mayBeForcedUp: (region, time) => orders.some((each) => each.region === region && each.kind === 'up' && each.from <= time && each.until >= time),
    isOrderedOut: (region, time) => !isForcedUp(region, time) && at(region, time).some(isOut),
    wasOrderedOut: (region, from, until) => orders.some((each) => each.region === region && isOut(each) && each.from <= until && each.until >= from),
    isPaused: (time) => schedule.pauses.some((pause) => pause.from < time && time < pause.until),
  }
}
