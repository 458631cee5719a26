import type { Orders } from '../core/orders.ts'
import type { EngineEvent } from './events.ts'

/** The end of a drain is said so long before, or a quarter of its time if that is less. Milliseconds. */
const longestLeadMs = 300_000

type News = EngineEvent extends infer Event ? (Event extends EngineEvent ? Omit<Event, 'site'> : never) : never

/** A region may be called as every object has a property. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

const sameOrder = (a: { readonly since: number; readonly reason: string } | undefined, b: { readonly since: number; readonly reason: string } | undefined): boolean =>
  a !== undefined && b !== undefined && a.reason === b.reason && Math.abs(a.since - b.since) < 5_000

/** What has changed from the orders in force before to those in force now. */
export const orderNews = (before: Orders, now: Orders): readonly News[] => [
  ...Object.entries(now.drains).flatMap(([region, { origin, until, reason, by, ...order }]): readonly News[] =>
    sameOrder(own(before.drains, region), { reason, ...order }) ? [] : [{ kind: 'drained', region, origin, until, reason, by }],
  ),
  ...Object.keys(before.drains).flatMap((region): readonly News[] => (Object.hasOwn(now.drains, region) ? [] : [{ kind: 'undrained', region }])),
  ...Object.entries(now.forces).flatMap(([region, { to, until, reason, by, since }]): readonly News[] =>
    own(before.forces, region)?.to === to && sameOrder(own(before.forces, region), { reason, since }) ? [] : [{ kind: 'forced', region, to, until, reason, by }],
  ),
  ...Object.keys(before.forces).flatMap((region): readonly News[] => (Object.hasOwn(now.forces, region) ? [] : [{ kind: 'unforced', region }])),
]

/** The drains whose end is near. */
export const endingDrains = (orders: Orders, wallNow: number): readonly { readonly region: string; readonly until: number }[] =>
  Object.entries(orders.drains).flatMap(([region, { since, until }]) => {
    if (until === undefined) return []
    return until - wallNow <= Math.min(longestLeadMs, (until - since) / 4) ? [{ region, until }] : []
  })
