import { type Address, addressSet } from '../core/address.ts'
import type { SiteDecision } from '../core/decide-site.ts'
import type { Orders } from '../core/orders.ts'
import type { CurrentRRset } from '../core/rrset.ts'
import type { Region, Site } from '../core/site.ts'
import { configuredAddresses, type SiteState, withOrders } from '../core/site-state.ts'
import type { NewWord, SourceMode } from '../core/word.ts'
import type { SitePorts } from './ports.ts'
import { decideNow } from './cycle.ts'
import type { DrainWatch } from './drain-watch.ts'
import type { Monitor } from './monitor.ts'
import type { HeardView } from './operations.ts'
import type { RecentResult } from './recent-results.ts'
import type { ClaimsOfSite } from './replacement-claims.ts'
import { createShownView } from './shown-view.ts'
import { siteView } from './site-view.ts'
import type { Standing } from './standing.ts'
import type { FreshnessView, ReplacementView, SiteView } from './views.ts'

/** What can be asked of a site while it is watched. */
export interface LiveSite {
  readonly site: Site
  readonly ports: SitePorts
  /** Ends when the site is watched no more. */
  readonly signal: AbortSignal
  readonly claims: ClaimsOfSite
  state(): SiteState
  orders(): Orders
  /** What its regions lead to, and what its records hold besides. */
  addresses(): readonly Address[]
  view(): SiteView
  /** The RRsets as last read. */
  current(): readonly CurrentRRset[]
  /** What the last checks of one of its addresses saw, oldest first. */
  recent(address: Address): readonly RecentResult[]
  /** What would be decided now under other orders. */
  planUnder(change: (orders: Orders) => Orders): SiteDecision
  /** The orders have changed: they are read, and decided by at once. */
  ordersChanged(): Promise<void>
  /** Resolves, checks and reads now, whatever was to be waited for; settles once the records were read and decided on, or the signal aborts. */
  reconcile(signal: AbortSignal): Promise<void>
  /** An outside monitor's word. A hint only starts checks. */
  hear(word: NewWord, mode: SourceMode): Pick<HeardView, 'effect' | 'expiresAt'>
  /** Whether the records have been read and decided on since the start. */
  isReady(): boolean
}

export interface LiveParts {
  readonly site: Site
  readonly ports: SitePorts
  readonly monitor: Monitor
  decideOnKnown(): SiteDecision
  readonly reconcile: LiveSite['reconcile']
  readonly takeOrders: LiveSite['ordersChanged']
  readonly drains: DrainWatch
  readonly signal: AbortSignal
  readonly claims: ClaimsOfSite
  replacement(region: Region): ReplacementView | null
  readonly hear: LiveSite['hear']
  freshness(region: string): FreshnessView | null
  readonly orders: LiveSite['orders']
  standing(): Standing
  retryAt(): number | undefined
}

export const createLiveSite = (parts: LiveParts): LiveSite => {
  const { site, ports, monitor, drains, signal, claims } = parts
  const { clock } = ports
  const make = (): SiteView =>
    siteView({
      site,
      state: monitor.state(),
      current: monitor.current(),
      readAt: monitor.readAt(),
      decision: parts.decideOnKnown(),
      observer: monitor.observer(),
      orders: parts.orders(),
      results: monitor.results(),
      standing: parts.standing(),
      retryAt: parts.retryAt(),
      drains,
      replacement: parts.replacement,
      freshness: parts.freshness,
      clock,
    })
  return {
    site,
    ports,
    signal,
    claims,
    state: monitor.state,
    orders: parts.orders,
    addresses: () => addressSet([...configuredAddresses(site, monitor.state()), ...monitor.current().flatMap(({ values }) => values)]),
    view: createShownView(make, () => [monitor.state(), monitor.current(), parts.standing(), parts.retryAt()], clock.now),
    current: monitor.current,
    recent: monitor.recent,
    planUnder: (change) => decideNow(site, withOrders(monitor.state(), change(parts.orders())), monitor.current(), monitor.observer(), clock.now()),
    ordersChanged: parts.takeOrders,
    reconcile: parts.reconcile,
    hear: parts.hear,
    isReady: () => parts.standing().lastCycleAt !== undefined,
  }
}
