import { systemClock } from '../../src/engine/clock.ts'
import type { Clock } from '../../src/engine/ports.ts'

/** A clock on which so many milliseconds pass in one. */
export const fastClock = (factor: number): Clock => ({
  now: () => systemClock.now() * factor,
  wallNow: () => systemClock.wallNow(),
  sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  after: (ms, act) => systemClock.after(ms / factor, act),
})
