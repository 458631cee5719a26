import { backoffMs } from '../core/backoff.ts'
import type { Decision } from '../core/decision.ts'
import { type Change, type CurrentRRset, keyText, sameKey } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { pruned, resumedState, unresolvedRegions } from '../core/site-state.ts'
import { targetsOf } from '../core/targets.ts'
import { createBell } from './bell.ts'
import { createCheckLoops } from './check-loops.ts'
import { type CycleResult, decideNow, runCycle, save } from './cycle.ts'
import { createMonitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { resolveRegions, withResolutions } from './resolve-regions.ts'
import { keysOf } from './site-keys.ts'
import { verify } from './verify.ts'
import { readCurrent } from './write.ts'

/** Milliseconds. */
export interface SiteTiming {
  /** How often the subdomains are resolved again. */
  readonly resolveMs: number
  /** How often the records are read although nothing has happened: somebody may have edited them. */
  readonly auditMs: number
  /** How often time alone is given a chance to change a decision (a wait or a budget that ends). */
  readonly tickMs: number
  readonly verifyMs: number
}

export const defaultTiming: SiteTiming = { resolveMs: 30_000, auditMs: 60_000, tickMs: 1_000, verifyMs: 30_000 }

/** The RRsets as they stand after a cycle, as far as it knows. */
const currentAfter = ({ current, writes }: CycleResult): readonly CurrentRRset[] =>
  current.map((rrset) => ({ ...rrset, ...writes.findLast(({ change }) => sameKey(change.key, rrset.key))?.change.after }))

/**
 * Watches one site until the signal aborts: resolves, checks, and runs a cycle the moment that a decision changes
 * or the audit is due. One cycle at a time. What cannot be written is decided anew at the next attempt: the latest
 * intent is kept, never a queue.
 */
export const runSite = async (site: Site, ports: SitePorts, timing: SiteTiming, signal: AbortSignal): Promise<void> => {
  const bell = createBell()
  const monitor = createMonitor(site, resumedState(await ports.store.load(site.name)), ports, bell.ring)
  const loops = createCheckLoops(site, monitor, ports)
  const modes = new Map<string, Decision['mode']>()
  const said = new Map<string, string>()
  const verifying = new Map<string, AbortController>()
  let failures = 0
  let notBefore = Number.NEGATIVE_INFINITY
  let auditAt = Number.NEGATIVE_INFINITY

  const isNews = (topic: string, text: string): boolean => {
    const isNew = said.get(topic) !== text
    said.set(topic, text)
    return isNew
  }

  const syncTargets = (): void => loops.sync(targetsOf(site, monitor.state(), monitor.current()))

  const reportDecisions = (decisions: readonly Decision[]): void => {
    for (const { key, family, mode } of decisions) {
      const from = modes.get(keyText(key))
      modes.set(keyText(key), mode)
      if (from !== mode && (from !== undefined || mode !== 'normal')) ports.report({ site: site.name, kind: 'mode', key, family, from, to: mode })
    }
  }

  const resolve = async (): Promise<void> => {
    const resolved = await resolveRegions(site, ports.resolver, signal)
    if (signal.aborted) return
    monitor.update((state) => withResolutions(state, resolved))
    const unresolved = unresolvedRegions(site, monitor.state())
    for (const { region, detail } of unresolved) {
      if (isNews(`region ${region}`, detail)) ports.report({ site: site.name, kind: 'unresolved', region, detail })
    }
    for (const region of site.regions) if (!unresolved.some((each) => each.region === region.name)) said.delete(`region ${region.name}`)
    syncTargets()
    bell.ring()
  }

  const verifyOne = async (change: Change, writtenAt: number): Promise<void> => {
    const topic = keyText(change.key)
    verifying.get(topic)?.abort()
    const controller = new AbortController()
    verifying.set(topic, controller)
    const bounds = { deadlineMs: timing.verifyMs, tries: 3 }
    const verification = await verify(change, writtenAt, bounds, ports, AbortSignal.any([signal, controller.signal]))
    if (controller.signal.aborted || signal.aborted) return
    verifying.delete(topic)
    ports.report({ site: site.name, kind: 'verified', verification })
  }

  const settleCycle = (result: CycleResult): void => {
    const { outcome } = result
    const now = ports.clock.now()
    if (result.writes.length > 0) ports.report({ site: site.name, kind: 'written', changes: result.writes.map((each) => each.change) })
    for (const { change, writtenAt } of result.writes) void verifyOne(change, writtenAt)
    const isProviderFault = outcome.kind === 'read-failed' || outcome.kind === 'write-failed' || outcome.kind === 'write-unknown'
    if (isProviderFault || outcome.kind === 'contended') {
      failures += 1
      const text = isProviderFault ? outcome.error.message : outcome.text
      notBefore = now + backoffMs(failures, ports.random(), isProviderFault ? outcome.error.retryAfterMs : undefined)
      if (isNews('provider', text)) ports.report({ site: site.name, kind: 'provider-failed', text })
      return
    }
    failures = 0
    notBefore = Number.NEGATIVE_INFINITY
    said.delete('provider')
    for (const { change, verdict } of result.planned) {
      if (verdict.kind === 'refused' && isNews(`guard ${keyText(change.key)}`, verdict.text)) {
        ports.report({ site: site.name, kind: 'refused', key: change.key, code: verdict.code, text: verdict.text })
      }
    }
  }

  const cycle = async (): Promise<void> => {
    const result = await runCycle(site, monitor.state, monitor.observer, ports, { isDryRun: false }, signal)
    auditAt = ports.clock.now() + (result.outcome.kind === 'read-failed' ? 0 : timing.auditMs)
    monitor.update((state) => ({ ...state, removals: result.removals }))
    if (result.outcome.kind !== 'read-failed') {
      const current = currentAfter(result)
      monitor.setCurrent(current)
      monitor.update((state) => pruned(state, site, current))
      reportDecisions(result.decisions)
      syncTargets()
      await save(site, monitor.state(), ports)
    }
    settleCycle(result)
  }

  /** Whether something is to be written, judged on the records as last read. */
  const hasWork = (): boolean => {
    const decided = decideNow(site, monitor.state(), monitor.current(), monitor.observer(), ports.clock.now())
    return (
      decided.changes.some((each) => each.verdict.kind === 'allowed') || decided.decisions.some((each) => modes.get(keyText(each.key)) !== each.mode)
    )
  }

  const repeat = async (ms: number, act: () => Promise<void> | void): Promise<void> => {
    while (!signal.aborted) {
      await act()
      await ports.clock.sleep(ms, signal)
    }
  }

  const decideLoop = async (): Promise<void> => {
    while (!signal.aborted) {
      await bell.rung(signal)
      if (signal.aborted || ports.clock.now() < notBefore) continue
      if (ports.clock.now() >= auditAt || hasWork()) await cycle()
    }
  }

  const first = await readCurrent(ports.provider, keysOf(site), signal)
  if (first.kind === 'read') monitor.setCurrent(first.current)
  await Promise.all([repeat(timing.resolveMs, resolve), repeat(timing.tickMs, bell.ring), decideLoop()])
  await loops.stop()
}

