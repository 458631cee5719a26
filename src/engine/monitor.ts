import { type Address, sameAddresses } from '../core/address.ts'
import { type Observer, withFallsSeen, witnessesOf, witnessOf } from '../core/candidates.ts'
import { withExposure, withoutOldExposures } from '../core/exposure.ts'
import { type Health, isAny, unknownHealth } from '../core/health.ts'
import { longestPauseMs } from '../core/longest-pause.ts'
import { heardAnewAt, type Overlap } from '../core/overlap.ts'
import type { CheckResult } from '../core/result.ts'
import { type CurrentRRset, sameKey } from '../core/rrset.ts'
import { joined, type Witness } from '../core/sight.ts'
import type { Site } from '../core/site.ts'
import { regionOf, type SiteState, withResult, withVersion } from '../core/site-state.ts'
import type { Target } from '../core/targets.ts'
import { createCertificateWatch } from './certificate-watch.ts'
import { createRecentResults, type RecentResult } from './recent-results.ts'
import type { SitePorts, Watch } from './ports.ts'

/** What is known of one site while it is watched: the only place where it changes. */
export interface Monitor {
  state(): SiteState
  update(change: (state: SiteState) => SiteState): void
  observer(): Observer
  health(address: Address): Health
  /** The RRsets as last read. */
  current(): readonly CurrentRRset[]
  setCurrent(current: readonly CurrentRRset[]): void
  /** When they were read last, and first; engine milliseconds. */
  readAt(): number | undefined
  firstReadAt(): number | undefined
  /** The latest check of each address. */
  results(): ReadonlyMap<Address, CheckResult>
  /** The last 60 of one address, oldest first. */
  recent(address: Address): readonly RecentResult[]
  /** One health check, whose result is to join. */
  ask(target: Target, signal: AbortSignal, watch?: Watch): Promise<CheckResult>
  /** Takes a result into the state: those of an address in the order of their starts. After a failure the reference targets are asked. */
  join(target: Target, result: CheckResult): void
  /** Both, one after the other. */
  check(target: Target, signal: AbortSignal): Promise<CheckResult>
  /** Asks the reference targets. */
  lookAround(): void
  /** The same, as a check has been started beside another of its address: who is not heard of at that moment bears witness anew. */
  lookBeside(overlap: Overlap): void
  /** Whether an address is down, and nothing shows that the fault is not ours. */
  lacksWitness(address: Address): boolean
  /** Settles when the reference targets that were to be asked have answered or not. */
  lookedAround(): Promise<void>
}

const mostRecent = 60

/** Another success of such an address decides nothing, unless it bears witness against one that fails. */
const isQuietlyUp = (health: Health): boolean => health.state === 'up' && health.failing === undefined

/** Whether failures of late are among what is known; after twice as many as make a verdict, none counts any more of which the checks ran beside each other. */
const isJudging = ({ health }: SiteState, { check }: Site): boolean => isAny(health, ({ failing }) => failing !== undefined && failing.count < 2 * check.fall)

/** `life` ends when the site is watched no more; a question to a reference outlives the check that gave rise to it. */
export const createMonitor = (
  site: Site,
  initial: SiteState,
  ports: SitePorts,
  onChange: () => void,
  life: AbortSignal,
): Monitor => {
  let state = initial
  let current: readonly CurrentRRset[] = []
  let firstReadAt: number | undefined
  let readAt: number | undefined
  const results = new Map<Address, CheckResult>()
  const recent = createRecentResults(mostRecent)
  const certificates = createCertificateWatch(site.name, ports.report)
  let references: readonly Witness[] = []
  /** Recent ones. */
  let overlaps: readonly Overlap[] = []
  /** What is taken over does not say who was not heard of meanwhile: all begin anew then. */
  const heardAnew = new Map(isJudging(initial, site) ? (Object.keys(initial.health) as Address[]).map((address) => [address, ports.clock.now()]) : [])
  let isWanted = false
  let looking: Promise<void> | undefined

  const health = (address: Address): Health => {
    const known = state.health[address]
    return known?.identity === site.check.identity ? known : unknownHealth(site.check.identity, ports.clock.now())
  }

  const observer = (): Observer => ({ vantage: ports.vantage, references, local: ports.local, heardAnew })
  const countFalls = (): void => {
    state = withFallsSeen(state, site, observer(), ports.clock.now())
  }

  const look = async (): Promise<void> => {
    while (isWanted && !life.aborted) {
      isWanted = false
      references = joined(references, await ports.references.ask(life), overlaps)
      countFalls()
      onChange()
    }
  }

  /** One round at a time; asked for during a round, another follows, so that some round began after every failure. */
  const lookAround = (): void => {
    isWanted = true
    looking ??= look().finally(() => {
      looking = undefined
    })
  }

  const lookBeside = (overlap: Overlap): void => {
    const since = ports.clock.now() - longestPauseMs(site.check)
    overlaps = [...overlaps.filter(({ secondAt }) => secondAt > since), overlap]
    lookAround()
  }

  const isAnyoneFailing = (): boolean => isAny(state.health, (each) => each.failing !== undefined)

  const isPublished = (address: Address): boolean => current.some((rrset) => rrset.values.includes(address))

  const reportChange = (address: Address, region: string | undefined, before: Health, after: Health): void => {
    if (before.state === after.state) return
    const run = after.failing
    const text = run === undefined ? `passed ${after.passing} times in a row` : `${run.cause}: ${run.detail}, ${run.count} failed checks`
    const fall = after.state === 'down' ? { failingSince: run?.firstAt, cause: run?.cause } : {}
    ports.report({ site: site.name, kind: 'health', address, region, from: before.state, to: after.state, text, ...fall })
  }

  const ask: Monitor['ask'] = ({ url, address }, signal, watch) => ports.checker.check({ url, address, check: site.check, ...(watch === undefined ? {} : { watch }) }, signal)

  const join: Monitor['join'] = (target, result) => {
    const before = health(target.address)
    state = withResult(state, target.address, result, site)
    const anewAt = heardAnewAt(overlaps, target.address, before, result)
    if (anewAt !== undefined) heardAnew.set(target.address, anewAt)
    results.set(target.address, result)
    recent.add(target.address, result)
    if (results.size > 2 * Object.keys(state.health).length + 8) {
      for (const address of results.keys()) if (state.health[address] === undefined) results.delete(address)
      recent.keep((address) => results.has(address))
      for (const address of heardAnew.keys()) if (!results.has(address)) heardAnew.delete(address)
    }
    countFalls()
    const after = health(target.address)
    const region = regionOf(target.address, site, state)?.name
    ports.report({ site: site.name, kind: 'checked', address: target.address, region, result })
    certificates(target.address, region, result)
    reportChange(target.address, region, before, after)
    if (result.kind === 'failed' && (after.state !== 'down' || isPublished(target.address))) lookAround()
    if (!isQuietlyUp(before) || !isQuietlyUp(after) || isAnyoneFailing()) onChange()
  }

  return {
    state: () => state,
    update: (change) => {
      state = change(state)
    },
    observer,
    health,
    current: () => current,
    setCurrent: (rrsets) => {
      const now = ports.clock.now()
      // What is no longer there was handed out until just now, as far as anybody knows.
      for (const before of current) {
        const after = rrsets.find((each) => sameKey(each.key, before.key))
        if (after === undefined || before.isHidden === true || (sameAddresses(before.values, after.values) && before.ttl === after.ttl)) continue
        state = { ...state, exposures: withoutOldExposures(withExposure(state.exposures, before.key, before, now), now) }
      }
      for (const { key, values, ttl } of rrsets) state = withVersion(state, key, { values, ttl }, now)
      current = rrsets
      readAt = now
      firstReadAt ??= now
    },
    readAt: () => readAt,
    firstReadAt: () => firstReadAt,
    results: () => results,
    recent: recent.of,
    ask,
    join,
    check: async (target, signal) => {
      const result = await ask(target, signal)
      if (!signal.aborted) join(target, result)
      return result
    },
    lookAround,
    lookBeside,
    lacksWitness: (address) => {
      const { state: is, failing } = health(address)
      return is === 'down' && witnessOf(address, failing, site, observer(), witnessesOf(site, state, observer())) === undefined
    },
    lookedAround: () => looking ?? Promise.resolve(),
  }
}
