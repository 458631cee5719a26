import type { Order, Orders } from './orders.ts'
import type { Site } from './site.ts'

/** An order for a region that the config does not have: it does nothing. */
export interface StrayOrder extends Pick<Order, 'until' | 'reason' | 'by'> {
  readonly region: string
  readonly order: 'drain' | 'force up' | 'force down'
}

/** Planned windows are of the config, and never astray. */
export const strayOrders = (orders: Pick<Orders, 'drains' | 'forces'>, { regions }: Pick<Site, 'regions'>): readonly StrayOrder[] => {
  const isStray = (name: string): boolean => regions.every((region) => region.name !== name)
  return [
    ...Object.entries(orders.drains).flatMap(([region, { until, reason, by }]): readonly StrayOrder[] => (isStray(region) ? [{ region, order: 'drain', until, reason, by }] : [])),
    ...Object.entries(orders.forces).flatMap(([region, { to, until, reason, by }]): readonly StrayOrder[] => (isStray(region) ? [{ region, order: `force ${to}`, until, reason, by }] : [])),
  ]
}

const without = <T>(record: Readonly<Record<string, T>>, names: ReadonlySet<string>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)))

export const withoutStray = (orders: Orders, site: Pick<Site, 'regions'>): Orders => {
  const names = new Set(strayOrders(orders, site).map(({ region }) => region))
  return names.size === 0 ? orders : { ...orders, drains: without(orders.drains, names), forces: without(orders.forces, names) }
}

const verbs: Readonly<Record<StrayOrder['order'], string>> = { drain: 'undrain', 'force up': 'unforce', 'force down': 'unforce' }
const participles: Readonly<Record<StrayOrder['order'], string>> = { drain: 'drained', 'force up': 'forced up', 'force down': 'forced down' }

/** What is wrong, for people. */
export const strayText = ({ region, order, by, reason }: StrayOrder): string =>
  `region ${region} is ${participles[order]} by ${by} (${reason}), but the config has no region of that name: the order does nothing, and what the region led to is published as the checks say`

export const strayAdvice = ({ region, order }: StrayOrder): string => `give the order for the region that is meant now; "dns-failover ${verbs[order]} ${region}" takes this one back`
