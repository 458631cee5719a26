import { type Address, familyOf } from '../core/address.ts'
import { confirmationShare, isConfirming, isWorthWitnessing, nextConfirmationAt } from '../core/pacing.ts'
import type { Site } from '../core/site.ts'
import type { Target } from '../core/targets.ts'
import { nextTurn, phaseOf } from '../core/turns.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'

/** After a result that cannot tell, a confirmation goes on at this pace: our own fault seldom mends within less. */
const cannotTellPauseMs = 250

/** The least pause while a witness is waited for. */
const unseenPauseMs = 50

/** Without a turn from outside for a whole day something is wrong with the schedule; one check does no harm. */
const longestSleepMs = 86_400_000

interface Running {
  readonly target: Target
  readonly controller: AbortController
  readonly done: Promise<void>
  /** Ends the wait for the next check. */
  readonly nudge: () => void
  /** The same, unless the next check is sooner than the next turn anyway. */
  readonly turn: () => void
  /** The same; where a check is under way, whose answer may be older than the question, another follows at once. */
  readonly hint: () => void
}

/** How one wait for the next check is ended. */
interface Waiting {
  nudge: () => void
  isForTurn: boolean
  /** A check is under way. */
  isChecking: boolean
  /** Another is wanted right after it. */
  isHinted: boolean
}

export interface CheckLoops {
  /** Starts what is new, stops what is gone, leaves the rest alone. */
  sync(targets: readonly Target[]): void
  /** The regular turn of all addresses, where a cron schedule gives it; one whose check still runs is left out. */
  turn(): void
  /** Checks these now, instead of at their next turn. */
  nudge(addresses: Iterable<Address>): void
  /** Checks this one now, with a check that begins after this call. */
  hint(address: Address): void
  /** Ends all loops. */
  stop(): Promise<void>
}

/**
 * One loop per address of a site: a check at the address's own phase of every interval, and quickly while a
 * verdict is gathered, or has fallen while nobody bore witness. When an address fails, its siblings that do not are checked at once too: they are
 * witnesses, and may be the next to go. Where the check has a `schedule`, regular turns come from outside by `turn`. What
 * goes wrong with the program itself goes to `onError`.
 */
export const createCheckLoops = (site: Site, monitor: Monitor, ports: SitePorts, onError: (error: unknown) => void): CheckLoops => {
  const { check } = site
  const running = new Map<Address, Running>()

  const nudgeSiblings = (address: Address): void => {
    for (const [other, each] of running) {
      const isSibling = other !== address && familyOf(other) === familyOf(address)
      if (isSibling && monitor.health(other).failing === undefined) each.nudge()
    }
  }

  const dueAfter = (target: Target, startedAt: number, couldTell: boolean, now: number): number => {
    const health = monitor.health(target.address)
    const regular = check.schedule === undefined ? nextTurn(now, check.everyMs, phaseOf(`${site.name} ${target.address}`)) : Number.POSITIVE_INFINITY
    if (isWorthWitnessing(health.failing?.count ?? 0, monitor.lacksWitness(target.address), check)) {
      return Math.min(regular, startedAt + Math.max(confirmationShare(check), unseenPauseMs))
    }
    if (!isConfirming(health, check.rise)) return regular
    return Math.min(regular, couldTell ? nextConfirmationAt(health, startedAt, check) : now + cannotTellPauseMs)
  }

  const loop = async (target: Target, wait: Waiting, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      wait.isChecking = true
      wait.isHinted = false
      const result = await monitor.check(target, signal)
      wait.isChecking = false
      if (signal.aborted) return
      const isFirstFailures = result.kind === 'failed' && monitor.health(target.address).state !== 'down'
      if (isFirstFailures) nudgeSiblings(target.address)
      const now = ports.clock.now()
      const due = wait.isHinted ? now : dueAfter(target, result.startedAt, result.kind !== 'cannot-tell', now)
      const waiting = new AbortController()
      const stop = (): void => waiting.abort()
      wait.nudge = stop
      wait.isForTurn = due === Number.POSITIVE_INFINITY
      signal.addEventListener('abort', stop)
      await ports.clock.sleep(Math.min(due - now, longestSleepMs), waiting.signal)
      signal.removeEventListener('abort', stop)
      wait.isForTurn = false
    }
  }

  const start = (target: Target): void => {
    const controller = new AbortController()
    const wait: Waiting = { nudge: () => undefined, isForTurn: false, isChecking: false, isHinted: false }
    const done = loop(target, wait, controller.signal).catch(onError)
    const turn = (): void => (wait.isForTurn ? wait.nudge() : undefined)
    const hint = (): void => {
      if (wait.isChecking) wait.isHinted = true
      else wait.nudge()
    }
    running.set(target.address, { target, controller, done, nudge: () => wait.nudge(), turn, hint })
  }

  return {
    sync: (targets) => {
      for (const [address, each] of running) {
        if (targets.some((target) => target.address === address && target.url === each.target.url)) continue
        each.controller.abort()
        running.delete(address)
      }
      for (const target of targets) if (!running.has(target.address)) start(target)
    },
    turn: () => {
      for (const each of running.values()) each.turn()
    },
    nudge: (addresses) => {
      for (const address of addresses) running.get(address)?.nudge()
    },
    hint: (address) => running.get(address)?.hint(),
    stop: async () => {
      const all = [...running.values()]
      running.clear()
      for (const each of all) each.controller.abort()
      await Promise.all(all.map((each) => each.done))
    },
  }
}
