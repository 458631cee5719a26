import { setMaxListeners } from 'node:events'
import type { Address } from '../core/address.ts'
import type { Site } from '../core/site.ts'
import { resumedState, type SiteState, withUndecided } from '../core/site-state.ts'
import { counted, emptyTally, isDecided, nextInRunAt, type Tally } from '../core/tally.ts'
import { type Target, targetsOf, withoutUnasked } from '../core/targets.ts'
import type { Verification } from '../core/verification.ts'
import { type CycleResult, runCycle, save } from './cycle.ts'
import { createMonitor, type Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { resolveRegions, withResolutions } from './resolve-regions.ts'
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
}

/**
 * Checks all addresses until the verdict on each has fallen in this run, or the signal aborts. One that is decided
 * is checked on, at half the pace of a confirmation, while others are not: it is their witness.
 */
const settleTargets = async (
  targets: readonly Target[],
  site: Site,
  monitor: Monitor,
  ports: SitePorts,
  signal: AbortSignal,
): Promise<ReadonlyMap<Address, Tally>> => {
  const tallies = new Map(targets.map((target) => [target.address, emptyTally]))
  const allDecided = new AbortController()
  const until = AbortSignal.any([signal, allDecided.signal])
  setMaxListeners(0, until)
  const isDone = ({ address }: Target): boolean => {
    const tally = tallies.get(address) ?? emptyTally
    const isUnseen = tally.failed < 2 * site.check.fall && monitor.lacksWitness(address)
    return isDecided(tally, monitor.health(address), site.check) && !isUnseen
  }
  const witnessPauseMs = Math.max(100, site.check.confirmSpanMs / Math.max(1, site.check.fall - 1) / 2)

  const settleOne = async (target: Target): Promise<void> => {
    while (!until.aborted) {
      const result = await monitor.check(target, until)
      if (until.aborted) return
      const tally = counted(tallies.get(target.address) ?? emptyTally, result)
      tallies.set(target.address, tally)
      if (targets.every(isDone)) return allDecided.abort()
      const now = ports.clock.now()
      await ports.clock.sleep(isDone(target) ? witnessPauseMs : nextInRunAt(tally, site.check) - now, until)
    }
  }
  await Promise.all(targets.map(settleOne))
  return tallies
}

const ended = (clock: SitePorts['clock'], ms: number, signal: AbortSignal): { readonly signal: AbortSignal; stop(): void } => {
  const controller = new AbortController()
  const stopWaiting = new AbortController()
  void clock.sleep(ms, AbortSignal.any([signal, stopWaiting.signal])).then(() => controller.abort())
  return { signal: controller.signal, stop: () => stopWaiting.abort() }
}

/** One site, once: resolve, check until decided, then decide, plan, guard, apply and verify. */
export const runOnce = async (site: Site, ports: SitePorts, options: OnceOptions, signal: AbortSignal): Promise<OnceResult> => {
  const monitor = createMonitor(site, resumedState(await ports.store.load(site.name)), ports, () => undefined, signal)
  monitor.lookAround()
  const [resolved, read] = await Promise.all([
    resolveRegions(site, ports.resolver, signal),
    readCurrent(ports.provider, keysOf(site), signal),
  ])
  monitor.update((state) => withResolutions(state, resolved))
  if (read.kind === 'read') monitor.setCurrent(read.current)

  const targets = targetsOf(site, monitor.state(), monitor.current())
  monitor.update((state) => withoutUnasked(state, targets))
  const bound = ended(ports.clock, options.checksMs, signal)
  const tallies = await settleTargets(targets, site, monitor, ports, bound.signal)
  await monitor.lookedAround()
  bound.stop()
  const undecided = targets
    .map((target) => target.address)
    .filter((address) => !isDecided(tallies.get(address) ?? emptyTally, monitor.health(address), site.check))

  const stateNow = (): SiteState => withUndecided(monitor.state(), undecided)
  const cycle = await runCycle(site, stateNow, monitor.observer, ports, { isDryRun: options.isDryRun }, signal)
  monitor.update((state) => ({ ...state, removals: cycle.removals }))
  if (!options.isDryRun) await save(site, monitor.state(), ports)
  const bounds = { deadlineMs: options.verifyMs, tries: 2 }
  const verifications = await Promise.all(cycle.writes.map(({ change, writtenAt }) => verify(change, writtenAt, bounds, ports, signal)))
  return { cycle, state: monitor.state(), tallies, undecided, verifications }
}
