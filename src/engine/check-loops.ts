import { type Address, familyOf } from '../core/address.ts'
import { noHabit, patienceOf, withHabit } from '../core/habit.ts'
import { confirmationShare, isConfirming, isWorthWitnessing, nextBesideAt, nextConfirmationAt } from '../core/pacing.ts'
import type { Overlap } from '../core/overlap.ts'
import type { CheckResult } from '../core/result.ts'
import type { Site } from '../core/site.ts'
import type { Target } from '../core/targets.ts'
import { nextTurn, phaseOf } from '../core/turns.ts'
import { type RoundParts, runRound } from './check-round.ts'
import { createHintPace, hintGapMs } from './hint-pace.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts, Watch } from './ports.ts'

/** After a result that cannot tell, a confirmation goes on at this pace: our own fault seldom mends within less. */
const cannotTellPauseMs = 250

/** The least pause while a witness is waited for. */
const unseenPauseMs = 50

/** Without a turn from outside for a whole day something is wrong with the schedule; one check does no harm. */
const longestSleepMs = 86_400_000

interface Running {
  readonly target: Target
  readonly done: Promise<void>
  /** Ends the loop, whatever it waits for. */
  readonly stop: () => void
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
 * verdict is gathered, or has fallen while nobody bore witness. When a check runs well past what is usual for its address, those that would
 * confirm its failure start beside it: silence then costs one timeout, not `fall` of them. When an address fails, its siblings that do not are checked at once too: they are
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

  /** `phase`: the address's own, in [0, 1). */
  const dueAfter = (target: Target, phase: number, startedAt: number, couldTell: boolean, now: number): number => {
    const health = monitor.health(target.address)
    const regular = check.schedule === undefined ? nextTurn(now, check.everyMs, phase) : Number.POSITIVE_INFINITY
    if (isWorthWitnessing(health.failing?.count ?? 0, monitor.lacksWitness(target.address), check)) {
      return Math.min(regular, startedAt + Math.max(confirmationShare(check), unseenPauseMs))
    }
    if (!isConfirming(health, check.rise)) return regular
    return Math.min(regular, couldTell ? nextConfirmationAt(health, startedAt, check) : now + cannotTellPauseMs)
  }

  const join = (target: Target, result: CheckResult): void => {
    monitor.join(target, result)
    const isFirstFailures = result.kind === 'failed' && monitor.health(target.address).state !== 'down'
    if (isFirstFailures) nudgeSiblings(target.address)
  }

  /** What else answers at this very moment shows whether the line carried, should the address turn out to be silent. */
  const lookBeside = (overlap: Overlap): void => {
    nudgeSiblings(overlap.address)
    monitor.lookBeside(overlap)
  }

  const pause = (ms: number, wait: Waiting): Promise<void> =>
    new Promise((resolve) => {
      const cancel = ports.clock.after(Math.min(ms, longestSleepMs), resolve)
      wait.nudge = () => {
        cancel()
        resolve()
      }
    })

  const loop = async (target: Target, wait: Waiting, watch: Watch): Promise<void> => {
    const { address } = target
    const { signal } = watch
    const phase = phaseOf(`${site.name} ${address}`)
    let habit = noHabit
    const parts: RoundParts = {
      ask: () => monitor.ask(target, signal, watch),
      join: (result) => join(target, result),
      besideAt: (underway) => nextBesideAt(monitor.health(address), underway, patienceOf(habit, check), check),
      onBeside: (firstAt, secondAt) => lookBeside({ address, firstAt, secondAt }),
    }
    while (!signal.aborted) {
      wait.isChecking = true
      wait.isHinted = false
      const round = await runRound(parts, ports.clock, signal)
      wait.isChecking = false
      if (signal.aborted) return
      habit = withHabit(habit, round.first, round.beside, check)
      const now = ports.clock.now()
      const due = wait.isHinted ? now : dueAfter(target, phase, round.last.startedAt, round.last.kind !== 'cannot-tell', now)
      wait.isForTurn = due === Number.POSITIVE_INFINITY
      await pause(due - now, wait)
      wait.isForTurn = false
    }
  }

  const start = (target: Target): void => {
    const controller = new AbortController()
    const wait: Waiting = { nudge: () => undefined, isForTurn: false, isChecking: false, isHinted: false }
    const turn = (): void => (wait.isForTurn ? wait.nudge() : undefined)
    const hint = (): void => {
      if (wait.isChecking) wait.isHinted = true
      else wait.nudge()
    }
    // A server that goes on closing what is held does not have itself checked without end.
    const checkSoon = createHintPace(hintGapMs(check), ports.clock, hint, onError, controller.signal)
    const done = loop(target, wait, { signal: controller.signal, checkNow: () => checkSoon([target.address]) }).catch(onError)
    const stop = (): void => {
      controller.abort()
      wait.nudge()
    }
    running.set(target.address, { target, done, stop, nudge: () => wait.nudge(), turn, hint })
  }

  return {
    sync: (targets) => {
      for (const [address, each] of running) {
        if (targets.some((target) => target.address === address && target.url === each.target.url)) continue
        each.stop()
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
      for (const each of all) each.stop()
      await Promise.all(all.map((each) => each.done))
    },
  }
}
