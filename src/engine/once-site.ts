import { addressSet } from '../core/address.ts'
import { ordersAt } from '../core/orders.ts'
import { keyText } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { configuredAddresses, type SiteState, withOrders, withUndecided } from '../core/site-state.ts'
import { decideNow } from './cycle.ts'
import { createDrainWatch } from './drain-watch.ts'
import { followNamesNow, withNamesForeseen } from './follow-names.ts'
import type { LiveSite } from './live-site.ts'
import { type OnceResult, runOnce } from './once.ts'
import type { Clock, SitePorts } from './ports.ts'
import type { ClaimsOfSite } from './replacement-claims.ts'
import { siteView } from './site-view.ts'
import { initialStanding, type Standing } from './standing.ts'

/** A site of which nobody makes the rounds: what is known of it is what checks made just now have said. */
export interface OnceSite extends LiveSite {
  /** What is known of regions that are out: to be written down, so that another process need not begin anew. */
  outcome(): Pick<SiteState, 'safe'>
  /** Reads the orders again, and asks the name servers about regions that are out. */
  look(signal: AbortSignal): Promise<void>
}

export interface OnceSiteOptions {
  /** Milliseconds for the checks of each run, and from a write until a name server that still differs counts as disagreeing. */
  readonly checksMs: number
  readonly verifyMs: number
  /** Nothing is ordered, only planned. */
  readonly isDryRun: boolean
  /** Which servers other sites have. */
  readonly claims: ClaimsOfSite
}

const troubleOf = ({ cycle: { outcome, obstacles } }: OnceResult): string | undefined => {
  switch (outcome.kind) {
    case 'read-failed':
    case 'write-failed':
    case 'write-unknown':
      return outcome.error.message
    case 'contended':
      return outcome.text
    case 'steady':
    case 'planned':
    case 'applied':
    case 'refused':
      return obstacles[0]?.message
  }
}

/** What a run adds up to, as the events of a service would. */
const standingOf = (result: OnceResult, { wallNow }: Pick<Clock, 'wallNow'>): Standing => {
  const { writes, planned } = result.cycle
  const at = wallNow()
  const text = troubleOf(result)
  return {
    ...initialStanding,
    trouble: text === undefined ? undefined : { text, since: at },
    lastChange: writes.length === 0 ? undefined : { at, changes: writes.map(({ change }) => change) },
    verifications: Object.fromEntries(result.verifications.map((verification) => [keyText(verification.key), { at, verification }])),
    refused: Object.fromEntries(planned.flatMap(({ change, verdict }) => (verdict.kind === 'refused' ? [[keyText(change.key), verdict.text] as const] : []))),
    lastCycleAt: text === undefined ? at : undefined,
  }
}

/**
 * Resolves, checks and reads once, without writing; then orders can be planned on what was seen. `ordersChanged` and
 * `reconcile` run once more, and write. The caller holds the lock for that.
 */
export const createOnceSite = async (site: Site, ports: SitePorts, options: OnceSiteOptions, signal: AbortSignal): Promise<OnceSite> => {
  const { clock } = ports
  // An order for a region under its former name is to be judged, replaced and taken back like one for the region.
  if (!options.isDryRun) await followNamesNow(site, ports)
  const seen = withNamesForeseen(site, ports)
  const loadOrders = async () => ordersAt(await seen.orders.load(site.name), clock.wallNow())
  let orders = await loadOrders()
  let last = await runOnce(site, ports, { ...options, isDryRun: true }, signal)
  let standing = standingOf(last, clock)
  let state: SiteState = last.state

  const stateNow = (): SiteState => withUndecided(withOrders(state, orders), last.undecided)
  const decide = (under: SiteState) => decideNow(site, under, last.seen.current, last.seen.observer, clock.now())
  const drains = createDrainWatch(
    site,
    {
      state: () => withOrders(state, orders),
      update: (change) => {
        state = change(state)
      },
      current: () => last.seen.current,
      firstReadAt: () => last.seen.firstReadAt,
    },
    ports,
  )
  const runNow = async (): Promise<void> => {
    // The versions that are there now may still be about, with their TTLs, after the run has replaced them.
    await drains.look(signal)
    last = await runOnce(site, ports, { ...options, isDryRun: false }, signal)
    orders = await loadOrders()
    standing = standingOf(last, clock)
    state = last.state
  }

  return {
    site,
    ports,
    signal,
    claims: options.claims,
    state: stateNow,
    orders: () => ordersAt(orders, clock.wallNow()),
    addresses: () => addressSet([...configuredAddresses(site, state), ...last.seen.current.flatMap(({ values }) => values)]),
    view: () =>
      siteView({
        site,
        state: stateNow(),
        current: last.seen.current,
        readAt: last.seen.firstReadAt,
        decision: decide(stateNow()),
        observer: last.seen.observer,
        orders: ordersAt(orders, clock.wallNow()),
        results: last.seen.results,
        standing,
        retryAt: undefined,
        drains,
        // Nobody promotes one while no service runs.
        replacement: () => null, freshness: () => null,
        clock,
      }),
    current: () => last.seen.current,
    recent: () => [],
    planUnder: (change) => decide(withUndecided(withOrders(state, change(orders)), last.undecided)),
    ordersChanged: runNow,
    reconcile: runNow,
    hear: (word) => ({ effect: 'checking', expiresAt: new Date(clock.wallNow() + word.forMs).toISOString() }),
    isReady: () => last.seen.firstReadAt !== undefined,
    outcome: () => state,
    look: async (until) => {
      orders = await loadOrders()
      await drains.look(until)
    },
  }
}
