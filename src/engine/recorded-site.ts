import { recordedWitnesses } from '../core/explain.ts'
import { ordersAt } from '../core/orders.ts'
import { withResolutions } from '../core/region-claims.ts'
import type { Site } from '../core/site.ts'
import { withOrders } from '../core/site-state.ts'
import { decideNow } from './cycle.ts'
import { createDrainWatch } from './drain-watch.ts'
import { withNamesForeseen } from './follow-names.ts'
import type { SitePorts } from './ports.ts'
import { resolveRegions } from './resolve-regions.ts'
import { keysOf } from './site-keys.ts'
import { siteView } from './site-view.ts'
import { initialStanding } from './standing.ts'
import type { SiteView } from './views.ts'
import { readCurrent } from './write.ts'

/** How a site stands by what was written down of it, and by its records and name servers as they are now. Nothing is checked, and nothing written. */
export const recordedSite = async (site: Site, given: SitePorts, signal: AbortSignal): Promise<SiteView> => {
  const ports = withNamesForeseen(site, given)
  const { clock } = ports
  const [stored, loaded, resolved, read] = await Promise.all([
    ports.store.load(site.name),
    ports.orders.load(site.name),
    resolveRegions(site, ports.resolver, signal),
    readCurrent(ports.provider, keysOf(site), signal),
  ])
  const orders = ordersAt(loaded, clock.wallNow())
  let state = withOrders(withResolutions(stored, resolved), orders)
  const current = read.kind === 'read' ? read.current : []
  const readAt = read.kind === 'read' ? clock.now() : undefined
  const observer = { vantage: ports.vantage, references: recordedWitnesses(state, clock.now()), local: ports.local }
  const update = (change: (before: typeof state) => typeof state): void => {
    state = change(state)
  }
  const drains = createDrainWatch(site, { state: () => state, update, current: () => current, firstReadAt: () => readAt }, ports)
  await drains.look(signal)
  const text = read.kind === 'failed' ? read.error.message : read.obstacles[0]?.message
  return siteView({
    site,
    state,
    current,
    readAt,
    decision: decideNow(site, state, current, observer, clock.now()),
    observer,
    orders,
    results: new Map(),
    standing: { ...initialStanding, trouble: text === undefined ? undefined : { text, since: clock.wallNow() } },
    retryAt: undefined,
    drains,
    // Nobody promotes one while no service runs.
    replacement: () => null, freshness: () => null,
    clock,
  })
}
