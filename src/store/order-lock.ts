import { setTimeout as pause } from 'node:timers/promises'
import { acquireLock, type LockHolder } from './lock.ts'
import { StateError } from './state-error.ts'

/** Giving an order takes milliseconds; whoever still waits after so many has met somebody who hangs. */
const longestWaitMs = 2_000

const busy = (dir: string, { command, pid, host, since }: LockHolder): StateError =>
  new StateError(
    `cannot lock the orders in ${dir}: ${command} (process ${pid} on ${host}) has held them since ${since}, and still did after ${longestWaitMs / 1000} s; try again, and if it hangs, end that process`,
    { code: 'io', path: dir },
  )

/**
 * Does something to the orders while no other process does. A lock of their own in `orders/lock`, held for moments: the one
 * of the state directory is the service's for as long as it runs. One whose holder has died is free at once.
 * @throws StateError if it cannot be had.
 */
export const withOrderLock = async <T>(dir: string, act: () => Promise<T>): Promise<T> => {
  for (const begun = performance.now(); ; ) {
    const outcome = await acquireLock(dir, { command: 'an order' })
    if (outcome.kind === 'held') return act().finally(() => outcome.release())
    if (performance.now() - begun > longestWaitMs) throw busy(dir, outcome.holder)
    await pause(5 + Math.random() * 20)
  }
}
