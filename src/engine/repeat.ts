import { nextTurn } from '../core/turns.ts'
import type { Clock } from './ports.ts'

/** Does something now and then again, until the signal aborts. With a `phase` (in [0, 1)) at turns of `ms` that are shifted by that share of it. */
export const createRepeat =
  (clock: Clock, phase: number | undefined, signal: AbortSignal) =>
  async (ms: number, act: () => Promise<void> | void): Promise<void> => {
    while (!signal.aborted) {
      await act()
      const now = clock.now()
      await clock.sleep(phase === undefined ? ms : nextTurn(now, ms, phase) - now, signal)
    }
  }
