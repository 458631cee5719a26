import type { Clock } from '../../src/engine/ports.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** Time that passes only from one timer to the next, as fast as the machine can. */
export interface VirtualTime {
  now(): number
  at(time: number, fire: () => void): () => void
  /** Runs until the given time; between two timers everything that can go on without time goes on. */
  runUntil(end: number): Promise<void>
}

export const createVirtualTime = (): VirtualTime => {
  let now = 0
  let order = 0
  let timers: Timer[] = []

  const at = (time: number, fire: () => void): (() => void) => {
    const timer = { at: Math.max(time, now), order: (order += 1), fire }
    const index = timers.findLastIndex((other) => other.at <= timer.at)
    timers.splice(index + 1, 0, timer)
    return () => {
      timers = timers.filter((each) => each !== timer)
    }
  }

  return {
    now: () => now,
    at,
    runUntil: async (end) => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        const [next] = timers
        if (next === undefined || next.at > end) break
        timers.shift()
        now = next.at
        next.fire()
      }
      now = end
    },
  }
}

/** The clock of one process: its monotonic clock starts anew, the wall clock is the machine's and may be stepped. */
export const processClock = (time: VirtualTime, startedAt: number, wallOffset: () => number): Clock => ({
  now: () => time.now() - startedAt,
  wallNow: () => time.now() + wallOffset(),
  after: (ms, act) => time.at(time.now() + Math.max(0, ms), act),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = (): void => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = time.at(time.now() + Math.max(0, ms), done)
      signal.addEventListener('abort', done)
    }),
})
