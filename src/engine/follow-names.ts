import { ordersAt } from '../core/orders.ts'
import { heirOf, withPlaces, withRegionRenamed } from '../core/region-names.ts'
import type { Site } from '../core/site.ts'
import type { SiteState } from '../core/site-state.ts'
import { strayOrders } from '../core/stray-orders.ts'
import type { SitePorts } from './ports.ts'

type FollowPorts = Pick<SitePorts, 'orders' | 'clock' | 'report'>

/**
 * What is known of a site, under the names that its regions have now. Where an order is for a region that the config does not have,
 * and the only region at the same place goes by another name, the order goes on for that one; every other such order is said. In a dry
 * run nothing is written down.
 */
export const followNames = async (site: Site, state: SiteState, ports: FollowPorts, isDryRun = false): Promise<SiteState> => {
  const load = async () => strayOrders(ordersAt(await ports.orders.load(site.name), ports.clock.wallNow()), site)
  let known = state
  let stray = await load()
  if (!isDryRun) {
    for (const from of new Set(stray.map(({ region }) => region))) {
      const to = heirOf(from, known, site)
      if (to === undefined || ports.orders.rename === undefined) continue
      try {
        await ports.orders.rename(site.name, from, to)
        known = withRegionRenamed(known, from, to)
        ports.report({ site: site.name, kind: 'order-followed', region: to, from })
      } catch {
        // It stays astray, and is said below.
      }
    }
    if (known !== state) stray = await load()
  }
  for (const order of stray) ports.report({ site: site.name, kind: 'order-astray', ...order })
  return withPlaces(known, site)
}
