import { ordersAt } from '../core/orders.ts'
import { heirOf, withOrdersRenamed, withPlaces, withRegionRenamed } from '../core/region-names.ts'
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
  const count = (name: string): number => stray.filter(({ region }) => region === name).length
  let known = state
  let stray = await load()
  if (!isDryRun) {
    for (const from of new Set(stray.map(({ region }) => region))) {
      const [to, before] = [heirOf(from, known, site), count(from)]
      if (to === undefined || ports.orders.rename === undefined) continue
      try {
        await ports.orders.rename(site.name, from, to)
        stray = await load()
        // Where the heir has such an order of its own, this one does not follow.
        if (count(from) === before) continue
        known = withRegionRenamed(known, from, to)
        ports.report({ site: site.name, kind: 'order-followed', region: to, from })
      } catch {
        // It stays astray, and is said below.
      }
    }
  }
  for (const order of stray) ports.report({ site: site.name, kind: 'order-astray', ...order })
  return withPlaces(known, site)
}

/** The same for whoever holds the lock and is to judge an order on it: what follows is written down before. */
export const followNamesNow = async (site: Site, ports: FollowPorts & Pick<SitePorts, 'store'>): Promise<void> => {
  const before = await ports.store.load(site.name)
  const state = await followNames(site, before, ports)
  if (state !== before) await ports.store.save(site.name, state, true)
}

/**
 * Ports that show all as it is once orders follow the names of their regions, as the next run under the lock has them do. Nothing is
 * written down for that: for who only looks, and plans.
 */
export const withNamesForeseen = (site: Site, ports: SitePorts): SitePorts => {
  if (ports.orders.rename === undefined) return ports
  const load = async () => {
    const [orders, state] = await Promise.all([ports.orders.load(site.name), ports.store.load(site.name)])
    const stray = strayOrders(ordersAt(orders, ports.clock.wallNow()), site)
    const moves = [...new Set(stray.map(({ region }) => region))].flatMap((from): readonly (readonly [string, string])[] => {
      const to = heirOf(from, state, site)
      return to === undefined ? [] : [[from, to]]
    })
    return {
      orders: moves.reduce((all, [from, to]) => withOrdersRenamed(all, from, to), orders),
      state: moves.reduce((all, [from, to]) => withRegionRenamed(all, from, to), state),
    }
  }
  return {
    ...ports,
    store: { load: async () => (await load()).state, save: (name, state, isFlushed) => ports.store.save(name, state, isFlushed) },
    orders: { ...ports.orders, load: async () => (await load()).orders },
  }
}
