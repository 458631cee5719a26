import { type CurrentRRset, sameKey } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { pruned, resumedState } from '../core/site-state.ts'
import { targetsOf, withoutUnasked } from '../core/targets.ts'
import { createBell } from './bell.ts'
import { createCheckLoops } from './check-loops.ts'
import { type CycleOutcome, type CycleResult, decideNow, runCycle, save } from './cycle.ts'
import { createFollowUps } from './follow-ups.ts'
import { createMonitor } from './monitor.ts'
import { createNews } from './news.ts'
import type { SitePorts } from './ports.ts'
import { resolveRegions, withResolutions } from './resolve-regions.ts'
import { createRetry } from './retry.ts'
import { keysOf } from './site-keys.ts'
import { readCurrent } from './write.ts'

/** Milliseconds. */
export interface SiteTiming {
  /** How often the subdomains are resolved again. */
  readonly resolveMs: number
  /** How often the records are read although nothing has happened: somebody may have edited them. */
  readonly auditMs: number
  /** How often time alone is given a chance to change a decision (a wait or a budget that ends). */
  readonly tickMs: number
  /** From a write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
}

export const defaultTiming: SiteTiming = { resolveMs: 30_000, auditMs: 60_000, tickMs: 1_000, verifyMs: 30_000 }

/** The RRsets as they stand after a cycle, as far as it knows. */
const currentAfter = ({ current, writes }: CycleResult): readonly CurrentRRset[] =>
  current.map((rrset) => ({ ...rrset, ...writes.findLast(({ change }) => sameKey(change.key, rrset.key))?.change.after }))

const isTrouble = (outcome: CycleOutcome): boolean =>
  outcome.kind === 'read-failed' || outcome.kind === 'write-failed' || outcome.kind === 'write-unknown' || outcome.kind === 'contended'

const retryAfterOf = (outcome: CycleOutcome): number | undefined => ('error' in outcome ? outcome.error.retryAfterMs : undefined)

/**
 * Watches one site until the signal aborts: resolves, checks, and runs a cycle the moment that a decision changes
 * or the audit is due. One cycle at a time. What cannot be written is decided anew at the next attempt: the latest
 * intent is kept, never a queue.
 */
export const runSite = async (site: Site, ports: SitePorts, timing: SiteTiming, signal: AbortSignal): Promise<void> => {
  const { clock } = ports
  const bell = createBell()
  const monitor = createMonitor(site, resumedState(await ports.store.load(site.name)), ports, bell.ring, signal)
  const loops = createCheckLoops(site, monitor, ports)
  const news = createNews(site, ports.report)
  const followUp = createFollowUps(site, ports, timing.verifyMs, signal)
  const retry = createRetry(ports)
  let auditAt = Number.NEGATIVE_INFINITY

  const syncTargets = (): void => {
    const targets = targetsOf(site, monitor.state(), monitor.current())
    monitor.update((state) => withoutUnasked(state, targets))
    loops.sync(targets)
  }

  const resolve = async (): Promise<void> => {
    const resolved = await resolveRegions(site, ports.resolver, signal)
    if (signal.aborted) return
    monitor.update((state) => withResolutions(state, resolved))
    news.resolved(monitor.state())
    syncTargets()
    bell.ring()
  }

  /** Whether something is to be written or said, judged on the records as last read. */
  const hasWork = (): boolean => {
    const { changes, decisions } = decideNow(site, monitor.state(), monitor.current(), monitor.observer(), clock.now())
    return changes.some((each) => each.verdict.kind === 'allowed') || decisions.some(news.isOtherMode)
  }

  const cycle = async (): Promise<void> => {
    const result = await runCycle(site, monitor.state, monitor.observer, ports, { isDryRun: false }, signal)
    const { outcome, removals } = result
    monitor.update((state) => ({ ...state, removals }))
    if (outcome.kind !== 'read-failed') {
      const current = currentAfter(result)
      monitor.setCurrent(current)
      monitor.update((state) => pruned(state, site, current))
      news.decided(result.decisions)
      syncTargets()
      await save(site, monitor.state(), ports)
      auditAt = clock.now() + timing.auditMs
    }
    news.cycled(result)
    followUp(result.writes)
    if (isTrouble(outcome)) retry.failed(retryAfterOf(outcome))
    else retry.succeeded()
  }

  const decideLoop = async (): Promise<void> => {
    while (!signal.aborted) {
      await bell.rung(signal)
      if (signal.aborted || !retry.isDue()) continue
      if (clock.now() >= auditAt || hasWork()) await cycle()
    }
  }

  const repeat = async (ms: number, act: () => Promise<void> | void): Promise<void> => {
    while (!signal.aborted) {
      await act()
      await clock.sleep(ms, signal)
    }
  }

  const first = await readCurrent(ports.provider, keysOf(site), signal)
  if (first.kind === 'read') monitor.setCurrent(first.current)
  monitor.lookAround()
  await Promise.all([repeat(timing.resolveMs, resolve), repeat(timing.tickMs, bell.ring), decideLoop()])
  await loops.stop()
}
