import type { DrainOrder, ForceOrder, Order, Orders } from '../core/orders.ts'
import type { EngineEvent } from './events.ts'

/** The end of a drain is said so long before, or a quarter of its time if that is less. Milliseconds. */
const longestLeadMs = 300_000

type News = EngineEvent extends infer Event ? (Event extends EngineEvent ? Omit<Event, 'site'> : never) : never

/** A region may be called as every object has a property. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** Two clocks, or a count from now, may be so far apart on when the same order was given. Milliseconds. */
const slackMs = 5_000

type Identity = Pick<Order, 'id' | 'since' | 'reason' | 'by'> & { readonly origin?: DrainOrder['origin']; readonly to?: ForceOrder['to'] }

/** Of one region. By what was written down: `since` moves when somebody sets the clock, and it is the same order all the same. */
const isSameOrder = (a: Identity | undefined, b: Identity): boolean =>
  a !== undefined &&
  a.origin === b.origin &&
  a.to === b.to &&
  a.reason === b.reason &&
  a.by === b.by &&
  (a.id === undefined || b.id === undefined ? a.id === b.id && Math.abs(a.since - b.since) < slackMs : a.id === b.id)

/** What has changed from the orders in force before to those in force now. */
export const orderNews = (before: Orders, now: Orders): readonly News[] => [
  ...Object.entries(now.drains).flatMap(([region, order]): readonly News[] => {
    const { origin, until, reason, by } = order
    return isSameOrder(own(before.drains, region), order) ? [] : [{ kind: 'drained', region, origin, until, reason, by }]
  }),
  ...Object.keys(before.drains).flatMap((region): readonly News[] => (Object.hasOwn(now.drains, region) ? [] : [{ kind: 'undrained', region }])),
  ...Object.entries(now.forces).flatMap(([region, order]): readonly News[] => {
    const { to, until, reason, by } = order
    return isSameOrder(own(before.forces, region), order) ? [] : [{ kind: 'forced', region, to, until, reason, by }]
  }),
  ...Object.keys(before.forces).flatMap((region): readonly News[] => (Object.hasOwn(now.forces, region) ? [] : [{ kind: 'unforced', region }])),
]

/** The drains whose end is near, with what tells this end from another of the region. */
export const endingDrains = (orders: Orders, wallNow: number): readonly { readonly region: string; readonly until: number; readonly end: string }[] =>
  Object.entries(orders.drains).flatMap(([region, { id, since, until }]) => {
    if (until === undefined) return []
    return until - wallNow <= Math.min(longestLeadMs, (until - since) / 4) ? [{ region, until, end: id ?? String(until) }] : []
  })
