import type { SiteDecision } from '../core/decide-site.ts'
import { withLastVerdicts } from '../core/last-verdicts.ts'
import { momentsAhead } from '../core/moments-ahead.ts'
import { content, type CurrentRRset, sameKey } from '../core/rrset.ts'
import { isSameRest, type Known } from '../core/rest.ts'
import { withResolutions } from '../core/region-claims.ts'
import type { Site } from '../core/site.ts'
import { movedRegions, pruned, resumedState, type SiteState, withOrders } from '../core/site-state.ts'
import { targetsOf, withoutUnasked } from '../core/targets.ts'
import { phaseOf } from '../core/turns.ts'
import { createBell } from './bell.ts'
import { boundWrites } from './bounded-write.ts'
import { createCheckLoops } from './check-loops.ts'
import { currentAfter, decideNow, runCycle } from './cycle.ts'
import type { Cron } from './cron-port.ts'
import { isCutShort, isTrouble, retryAfterOf } from './cycle-trouble.ts'
import { createDrainWatch } from './drain-watch.ts'
import { createEarlyReading } from './early-reading.ts'
import { followNames } from './follow-names.ts'
import { createFollowUps } from './follow-ups.ts'
import { createFreshnessWatch, type FreshnessWatch } from './freshness-watch.ts'
import { createHearing } from './hearing.ts'
import { createHintPace, hintGapMs } from './hint-pace.ts'
import { createKeeper } from './keeper.ts'
import { createLifetime } from './lifetime.ts'
import { createLiveSite, type LiveSite } from './live-site.ts'
import { createMonitor } from './monitor.ts'
import { createNews } from './news.ts'
import { createOrderKeeper } from './order-keeper.ts'
import type { SitePorts } from './ports.ts'
import { createRepeat } from './repeat.ts'
import { resolveRegions } from './resolve-regions.ts'
import { createReplacementClaims, type ReplacementClaims } from './replacement-claims.ts'
import { createRetry } from './retry.ts'
import { keysOf } from './site-keys.ts'
import { createSitePromotion } from './site-promotion.ts'
import { initialStanding, withEvent } from './standing.ts'
import { type ReadOutcome, readCurrent } from './write.ts'
import { createTurnstile } from './turnstile.ts'
import { createWake } from './wake.ts'
import type { ZoneAudit } from './zone-audit.ts'

/** Milliseconds. */
export interface SiteTiming {
  /** How often the subdomains are resolved again. */
  readonly resolveMs: number
  /** How often the records are read although nothing has happened, somebody may have edited them; infinite where a `ZoneAudit` does it. */
  readonly auditMs: number
  /** How often time alone is given a chance to change a decision (a wait or a budget that ends). */
  readonly tickMs: number
  /** From a write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
}

export const defaultTiming: SiteTiming = { resolveMs: 30_000, auditMs: 60_000, tickMs: 1_000, verifyMs: 30_000 }

/** A region on its way out is asked about so often. Milliseconds. */
const drainLookMs = 1_000

/** What a service has for the sites that it watches; the defaults are those of a site on its own. */
export interface Surroundings {
  /** What is known already, from before a reload. Default: what the store holds, taken over as by a new process. */
  readonly initial?: SiteState | undefined
  /** Gives the turns of a check's `schedule`; without it such a check keeps to `every`. */
  readonly cron?: Cron
  /** Reads the records of all sites of a zone at once. */
  readonly audit?: ZoneAudit
  /** One of many: acts at turns of its own, so that a thousand that began together do not all act at the same moment. */
  readonly isSpread?: boolean
  /** Which replacements are taken, by all sites of the process. */
  readonly claims?: ReplacementClaims
  /** Called once, as soon as something can be asked of the site. */
  readonly attach?: (live: LiveSite) => void
  /** Called each time that the loop has gone round, every `tickMs` at least unless a write takes long, with all that is known. */
  readonly beat?: (state: SiteState) => void
}

/** While a pause holds back what is to be written, whether it still does is asked so often. Milliseconds. */
const pausedMs = 5_000

/**
 * Watches one site until the signal aborts: resolves, checks, and runs a cycle the moment that a decision changes
 * or the audit is due. One cycle at a time. What cannot be written is decided anew at the next attempt: the latest
 * intent is kept, never a queue. After the abort nothing more is written, and a write that is under way gets 1.5 s. Rejects
 * only for a fault of the program's own, with everything of this site ended.
 */
export const runSite = async (site: Site, given: SitePorts, timing: SiteTiming, outer: AbortSignal, around: Surroundings = {}): Promise<void> => {
  const { clock } = given
  const life = createLifetime(outer)
  const { signal } = life
  const keeper = createKeeper(site.name, given)
  let standing = initialStanding
  let hear: FreshnessWatch['hear'] | undefined
  const ports: SitePorts = {
    ...given,
    store: keeper.store,
    report: (event) => {
      standing = withEvent(standing, event, clock.wallNow())
      if (event.kind === 'verified') drains.verified(event.verification)
      hear?.(event)
      given.report(event)
    },
  }
  const orderKeeper = createOrderKeeper(site, ports)
  const bell = createBell(signal)
  const monitor = createMonitor(site, await followNames(site, around.initial ?? resumedState(await given.store.load(site.name)), ports), ports, bell.ring, signal)
  const freshness = createFreshnessWatch(site, monitor, ports, bell.ring)
  if (freshness !== undefined) hear = freshness.hear
  const loops = createCheckLoops(around.cron === undefined ? { ...site, check: { ...site.check, schedule: undefined } } : site, monitor, ports, life.fail)
  const news = createNews(site, ports.report)
  const followUp = createFollowUps(site, ports, timing.verifyMs, signal, life.fail)
  const retry = createRetry(ports)
  const drains = createDrainWatch(site, monitor, ports, (region, text) => ports.report({ site: site.name, kind: 'drain-safe', region, text }))
  const hearing = createHearing(site.name, monitor, createHintPace(hintGapMs(site.check), clock, loops.hint, life.fail, signal), ports, bell.ring)
  const early = createEarlyReading(site, monitor, ports, around.audit?.readTogether, signal)
  const cycles = createTurnstile()
  const promotion = createSitePromotion(site, {
    monitor,
    ports,
    orders: orderKeeper.orders,
    hasResolved: () => hasResolved,
    claims: around.claims ?? createReplacementClaims(),
    verifyMs: timing.verifyMs,
    onRepointed: () => void resolve().catch(life.fail),
    onError: life.fail,
    signal,
  })
  let hasResolved = false
  let auditAt = Number.NEGATIVE_INFINITY
  let heldUntil = Number.NEGATIVE_INFINITY
  let isCycling = false
  /** No reading that began before then says what is there. */
  let settledAt = Number.NEGATIVE_INFINITY

  const syncTargets = (): void => {
    if (signal.aborted) return
    const targets = [...targetsOf(site, monitor.state(), monitor.current()), ...promotion.targets()]
    monitor.update((state) => withoutUnasked(state, targets))
    loops.sync(targets)
  }

  const resolve = async (): Promise<void> => {
    const resolved = await resolveRegions(site, ports.resolver, signal)
    if (signal.aborted) return
    const before = monitor.state()
    monitor.update((state) => withResolutions(state, resolved))
    hearing.moved(movedRegions(before, monitor.state()))
    hasResolved = true
    news.resolved(monitor.state())
    syncTargets()
    bell.ring()
  }

  /** What stands is remembered: a vote that is split later leaves it as it is. */
  const remember = ({ judged }: Pick<SiteDecision, 'judged'>): void => monitor.update((state) => withLastVerdicts(state, site.check.identity, judged))

  const decideOnKnown = (): SiteDecision => decideNow(site, monitor.state(), monitor.current(), monitor.observer(), clock.now())
  const unread: readonly CurrentRRset[] = keysOf(site).map((key) => ({ key, ...content([], 0, []) }))
  /** There are verdicts on what the regions lead to before the records have been read for the first time, too. */
  const rememberUnread = (): void => {
    if (monitor.current().length === 0) remember(decideNow(site, monitor.state(), unread, monitor.observer(), clock.now()))
  }

  /** On which nothing was to be done. */
  let idle: Known | undefined
  /** Whether something is to be written or said, judged on the records as last read. */
  const hasWork = (): boolean => {
    if (idle !== undefined && isSameRest(idle, { state: monitor.state(), current: monitor.current() })) return false
    idle = undefined
    const { changes, decisions, judged } = decideOnKnown()
    remember({ judged })
    if (changes.some((each) => each.verdict.kind === 'allowed') || decisions.some(news.isOtherMode)) return true
    news.ruled(decisions)
    idle = { state: monitor.state(), current: monitor.current() }
    return false
  }

  const cycle = async (): Promise<void> => {
    const bounded = boundWrites(ports.provider, signal, clock)
    isCycling = true
    const startedAt = clock.now()
    const foreseen = startedAt >= auditAt ? undefined : (await early.take(settledAt))?.current
    const result = await runCycle(site, monitor.state, monitor.observer, { ...ports, provider: bounded.provider }, { isDryRun: false, foreseen }, signal).finally(() => {
      bounded.end()
      isCycling = false
      settledAt = clock.now()
    })
    const { outcome, removals } = result
    monitor.update((state) => ({ ...state, removals }))
    remember(result)
    const refusals = result.planned.flatMap(({ verdict }) => (verdict.kind === 'refused' ? [verdict.code] : []))
    if (!isCutShort(outcome, signal)) ports.report({ site: site.name, kind: 'cycled', outcome: outcome.kind, ms: clock.now() - startedAt, refusals })
    // What cannot be read can still be judged by what it was: without a network that is how blindness is said.
    const decisions = outcome.kind === 'read-failed' ? decideOnKnown().decisions : result.decisions
    if (!isCutShort(outcome, signal)) {
      news.decided(decisions)
      news.ruled(decisions)
    }
    if (outcome.kind !== 'read-failed') {
      const current = currentAfter(result)
      for (const reading of [...result.readings, current]) monitor.setCurrent(reading)
      monitor.update((state) => pruned(state, site, current))
      syncTargets()
      auditAt = clock.now() + timing.auditMs
    }
    if (!isCutShort(outcome, signal)) news.cycled(result)
    followUp(result.writes)
    heldUntil = outcome.kind === 'planned' ? clock.now() + pausedMs : Number.NEGATIVE_INFINITY
    if (isTrouble(outcome)) retry.failed(retryAfterOf(outcome))
    else retry.succeeded()
    cycles.pass()
  }

  const takeOrders = async (): Promise<void> => {
    const orders = await orderKeeper.refresh()
    monitor.update((state) => withOrders(state, orders))
    bell.ring()
  }

  const tick = async (): Promise<void> => {
    hearing.expire()
    await takeOrders()
    promotion.tick()
    if (promotion.hasOtherTargets()) syncTargets()
  }

  const reconcile = async (until: AbortSignal): Promise<void> => {
    await resolve()
    loops.nudge(monitor.results().keys())
    retry.succeeded()
    heldUntil = Number.NEGATIVE_INFINITY
    auditAt = Number.NEGATIVE_INFINITY
    const done = cycles.next(AbortSignal.any([until, signal]))
    bell.ring()
    await done
  }

  const live = (): LiveSite =>
    createLiveSite({ site, ports, monitor, decideOnKnown, reconcile, takeOrders, drains, signal, claims: promotion.claims, replacement: promotion.view, hear: hearing.hear, freshness: (region) => freshness?.view(region) ?? null, orders: orderKeeper.orders, standing: () => standing, retryAt: retry.notBefore })

  const wake = createWake(clock, bell.ring, signal)
  const decideLoop = async (): Promise<void> => {
    while (!signal.aborted) {
      await bell.rung()
      if (signal.aborted) return
      rememberUnread()
      const mayWrite = retry.isDue() && clock.now() >= heldUntil
      if (!mayWrite) remember(decideOnKnown())
      else if (clock.now() >= auditAt || hasWork()) await cycle()
      else early.prepare()
      wake([...momentsAhead(site, monitor.state()), retry.notBefore(), heldUntil])
      keeper.keep(monitor.state())
      around.beat?.(monitor.state())
    }
  }

  /** Records that were read for all sites of a zone, unless a cycle of this one has read or written since. */
  const audited = (read: ReadOutcome, startedAt: number): void => {
    if (signal.aborted || isCycling || startedAt < settledAt) return
    if (read.kind === 'failed') {
      news.read(read.error.message)
      return retry.failed(read.error.retryAfterMs)
    }
    const keys = keysOf(site)
    const known = [...read.current, ...monitor.current()]
    const fresh = keys.flatMap((key) => known.find((rrset) => sameKey(rrset.key, key)) ?? [])
    settledAt = startedAt
    monitor.setCurrent(fresh)
    monitor.update((state) => pruned(state, site, fresh))
    if (read.obstacles.length > 0) news.read(read.obstacles.map(({ message }) => message).join('; '))
    else if (keys.every((key) => read.current.some((rrset) => sameKey(rrset.key, key)))) news.read(undefined)
    retry.succeeded()
    syncTargets()
    bell.ring()
  }

  const repeat = createRepeat(clock, around.isSpread === true ? phaseOf(site.name) : undefined, signal)

  const watch = async (): Promise<void> => {
    const first = await readCurrent(ports.provider, keysOf(site), signal)
    if (signal.aborted) return
    if (first.kind === 'read') monitor.setCurrent(first.current)
    await takeOrders()
    monitor.lookAround()
    around.attach?.(live())
    if (site.check.schedule !== undefined) around.cron?.on(site.check.schedule, loops.turn, signal)
    around.audit?.join(site, ports.provider, audited, signal)
    const loopsOfSite = [repeat(timing.resolveMs, resolve), repeat(timing.tickMs, tick), repeat(drainLookMs, () => drains.look(signal)), ...(freshness === undefined ? [] : [repeat(freshness.everyMs, () => freshness.look(signal))]), decideLoop()]
    await Promise.all(loopsOfSite.map((each) => each.catch(life.fail)))
  }

  await watch().catch(life.fail)
  life.end()
  await loops.stop()
  await promotion.stop()
  await keeper.finish(monitor.state())
  around.beat?.(monitor.state())
  const failure = life.failure()
  if (failure !== undefined) throw failure.error
}
