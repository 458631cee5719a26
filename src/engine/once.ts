import type { Address } from '../core/address.ts'
import type { Observer } from '../core/candidates.ts'
import { ordersAt } from '../core/orders.ts'
import { withLastVerdicts } from '../core/last-verdicts.ts'
import { longestPauseMs } from '../core/longest-pause.ts'
import { withResolutions } from '../core/region-claims.ts'
import { regionsOut, withoutIdleLed } from '../core/regions-out.ts'
import type { CheckResult } from '../core/result.ts'
import type { CurrentRRset } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { addressesOf, pruned, resumedState, type SiteState, withOrders, withUndecided } from '../core/site-state.ts'
import { emptyTally, isDecided, type Tally } from '../core/tally.ts'
import { targetsOf, withoutUnasked } from '../core/targets.ts'
import type { Verification } from '../core/verification.ts'
import { currentAfter, type CycleResult, runCycle, save } from './cycle.ts'
import { followNames, withNamesForeseen } from './follow-names.ts'
import { createFreshnessWatch, type FreshnessWatch } from './freshness-watch.ts'
import { createMonitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { resolveRegions } from './resolve-regions.ts'
import { settleFreshness } from './settle-freshness.ts'
import { settleTargets } from './settle-targets.ts'
import { keysOf } from './site-keys.ts'
import { verify } from './verify.ts'
import { readCurrent } from './write.ts'

export interface OnceOptions {
  readonly isDryRun: boolean
  /** Milliseconds for the checks; what is not decided by then stays as it is. */
  readonly checksMs: number
  /** Milliseconds from the write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
}

export interface OnceResult {
  readonly cycle: CycleResult
  readonly state: SiteState
  readonly tallies: ReadonlyMap<Address, Tally>
  /** Addresses that this run could not decide. */
  readonly undecided: readonly Address[]
  readonly verifications: readonly Verification[]
  readonly seen: OnceSeen
}

/** What a run saw, for whoever looks at the site after it. */
export interface OnceSeen {
  /** The records as they stand now, as far as is known; none if they could not be read. */
  readonly current: readonly CurrentRRset[]
  /** When they were first read; engine milliseconds. */
  readonly firstReadAt: number | undefined
  readonly observer: Observer
  readonly results: ReadonlyMap<Address, CheckResult>
}

/** Ends so long after something is there, or has failed. */
const endedAfter = (begin: Promise<unknown>, clock: SitePorts['clock'], ms: number, signal: AbortSignal): { readonly signal: AbortSignal; stop(): void } => {
  const controller = new AbortController()
  const stopWaiting = new AbortController()
  const stopped = AbortSignal.any([signal, stopWaiting.signal])
  const wait = (): Promise<void> => clock.sleep(ms, stopped)
  void begin.then(wait, wait).then(() => controller.abort())
  return { signal: AbortSignal.any([stopped, controller.signal]), stop: () => stopWaiting.abort() }
}

/** A region that is out no more, or was published since, has to become safe anew. */
const withoutStaleSafety = (state: SiteState, seen: readonly CurrentRRset[]): SiteState => {
  const out = regionsOut(state)
  const published = new Set(seen.flatMap(({ values }) => values))
  const isSafe = (region: string): boolean => out.includes(region) && !addressesOf(state, region).some((address) => published.has(address))
  return { ...state, safe: Object.fromEntries(Object.entries(state.safe).filter(([region]) => isSafe(region))) }
}

/** One site, once: resolve, check until decided, look at the regions' heartbeats if they have any, then decide, plan, guard, apply and verify. */
export const runOnce = async (site: Site, given: SitePorts, options: OnceOptions, signal: AbortSignal): Promise<OnceResult> => {
  const ports = options.isDryRun ? withNamesForeseen(site, given) : given
  const watch: { freshness?: FreshnessWatch } = {}
  const report: SitePorts['report'] = (event) => {
    watch.freshness?.hear(event)
    ports.report(event)
  }
  const monitor = createMonitor(site, await followNames(site, resumedState(await ports.store.load(site.name)), ports, options.isDryRun), { ...ports, report }, () => undefined, signal)
  const freshness = site.replication === undefined ? undefined : createFreshnessWatch(site, monitor, ports, () => undefined)
  if (freshness !== undefined) watch.freshness = freshness
  monitor.lookAround()
  const resolving = resolveRegions(site, ports.resolver, signal).then((resolved) => monitor.update((state) => withResolutions(state, resolved)))
  const finding = Promise.all([readCurrent(ports.provider, keysOf(site), signal), resolving]).then(([read]) => {
    if (read.kind === 'read') monitor.setCurrent(read.current)
    const targets = targetsOf(site, monitor.state(), monitor.current())
    monitor.update((state) => withoutUnasked(state, targets))
    return { read, targets }
  })
  const bound = endedAfter(finding, ports.clock, options.checksMs, signal)
  // The regions need not wait for the records, in which others may stand.
  const settling = resolving.then(() => settleTargets(targetsOf(site, monitor.state(), []), finding.then(({ targets }) => targets), site, monitor, ports, bound.signal))
  const [{ read, targets }, tallies] = await Promise.all([finding, settling]).finally(bound.stop)
  await monitor.lookedAround()
  const unjudged = freshness === undefined ? [] : await settleFreshness(site, freshness, targets, monitor, ports, options.checksMs, signal)
  const undecided = targets
    .map((target) => target.address)
    .filter((address) => unjudged.includes(address) || !isDecided(tallies.get(address) ?? emptyTally, monitor.health(address), site.check))

  // A process that was stopped after its last check, or held up by a slow provider, must not act on what it saw then.
  const isStale = (address: Address): boolean => ports.clock.now() - (monitor.health(address).observedAt ?? 0) > longestPauseMs(site.check)
  const stateNow = (): SiteState => withUndecided(monitor.state(), [...undecided, ...targets.map((each) => each.address).filter(isStale)])
  const cycle = await runCycle(site, stateNow, monitor.observer, ports, { isDryRun: options.isDryRun, seen: read }, signal)
  const orders = ordersAt(await ports.orders.load(site.name), ports.clock.wallNow())
  monitor.update((state) => withOrders(withLastVerdicts({ ...state, removals: cycle.removals }, site.check.identity, cycle.judged), orders))
  if (cycle.outcome.kind !== 'read-failed') {
    // One after the other: every version that was there may be in a cache, and is remembered with its TTL.
    for (const current of [...cycle.readings, currentAfter(cycle)]) {
      monitor.update((state) => withoutStaleSafety(state, [...monitor.current(), ...current]))
      monitor.setCurrent(current)
    }
    monitor.update((state) => withoutIdleLed(pruned(state, site, monitor.current())))
  }
  const bounds = { deadlineMs: options.verifyMs, tries: 2 }
  const [verifications] = await Promise.all([
    Promise.all(cycle.writes.map(({ change, writtenAt }) => verify(change, writtenAt, bounds, ports, signal))),
    options.isDryRun ? undefined : save(site, monitor.state(), ports),
  ])
  const seen = { current: monitor.current(), firstReadAt: monitor.firstReadAt(), observer: monitor.observer(), results: monitor.results() }
  return { cycle, state: monitor.state(), tallies, undecided, verifications, seen }
}
