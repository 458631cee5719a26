import { noOrders, type Orders, ordersAt } from '../core/orders.ts'
import type { Site } from '../core/site.ts'
import { withoutStray } from '../core/stray-orders.ts'
import type { SitePorts } from './ports.ts'
import { endingDrains, orderNews } from './order-news.ts'

/** The operators' orders for one site, as they were last read; says what comes into force and what ends. */
export interface OrderKeeper {
  /** In force now. */
  orders(): Orders
  /** Reads them again. */
  refresh(): Promise<Orders>
}

export const createOrderKeeper = ({ name: site, regions }: Pick<Site, 'name' | 'regions'>, ports: Pick<SitePorts, 'orders' | 'clock' | 'report'>): OrderKeeper => {
  let known: Orders = noOrders
  let told: Orders = noOrders
  let begun = 0
  let latest = 0
  /** Ends of drains that were said, by region. */
  const ending = new Map<string, string>()

  const tell = (all: Orders, wallNow: number): void => {
    const now = withoutStray(all, { regions })
    for (const event of orderNews(told, now)) ports.report({ site, ...event })
    for (const region of ending.keys()) if (!Object.hasOwn(now.drains, region)) ending.delete(region)
    for (const { region, until, end } of endingDrains(now, wallNow)) {
      if (ending.get(region) === end) continue
      ending.set(region, end)
      ports.report({ site, kind: 'drain-ending', region, until })
    }
    told = now
  }

  return {
    orders: () => ordersAt(known, ports.clock.wallNow()),
    refresh: async () => {
      begun += 1
      const turn = begun
      const loaded = await ports.orders.load(site)
      const wallNow = ports.clock.wallNow()
      // A reading that began before one that is known already says what was: a drain just given is not taken back by it.
      if (turn < latest) return ordersAt(known, wallNow)
      latest = turn
      known = loaded
      const now = ordersAt(known, wallNow)
      tell(now, wallNow)
      return now
    },
  }
}
