import type { Address } from '../core/address.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Clock } from './ports.ts'

/** However often a monitor speaks, it brings a check of an address about no more often than this. Milliseconds. */
const leastGapMs = 1_000

/** Milliseconds between two checks of an address for what monitors say; never more than between two that come by themselves. */
export const hintGapMs = ({ everyMs }: Pick<HealthCheck, 'everyMs'>): number => Math.min(leastGapMs, everyMs)

/**
 * Brings checks forward, but no two of an address within `gapMs`. What comes sooner is not lost: its check runs at the end of
 * that wait, one for all that came meanwhile. `check` is called at once or later, until the signal aborts.
 */
export const createHintPace = (gapMs: number, clock: Pick<Clock, 'sleep'>, check: (address: Address) => void, onError: (error: unknown) => void, signal: AbortSignal): ((addresses: Iterable<Address>) => void) => {
  /** Addresses whose gap has yet to end, and whether another check is wanted then. */
  const waiting = new Map<Address, boolean>()

  const pace = async (address: Address): Promise<void> => {
    do {
      waiting.set(address, false)
      check(address)
      // One gap after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await clock.sleep(gapMs, signal)
    } while (!signal.aborted && waiting.get(address) === true)
    waiting.delete(address)
  }

  return (addresses) => {
    if (signal.aborted) return
    for (const address of addresses) {
      if (waiting.has(address)) waiting.set(address, true)
      else void pace(address).catch(onError)
    }
  }
}
