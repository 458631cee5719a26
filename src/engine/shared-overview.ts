import { setTimeout as sleep } from 'node:timers/promises'

/** Of all time at most a quarter goes into it. */
const pauseShare = 3
const longestPauseMs = 2_000

/**
 * Makes something costly for all who ask: never twice at once, and after it has taken long, with a pause. What is given was
 * begun after it was asked for, so that nobody is shown what was before. `now`: monotonic milliseconds.
 */
export const createSharedOverview = <T>(
  make: () => Promise<T>,
  now: () => number = () => performance.now(),
  pause: (ms: number) => Promise<unknown> = (ms) => sleep(ms, undefined, { ref: false }),
): (() => Promise<T>) => {
  let running: Promise<unknown> | undefined
  let queued: Promise<T> | undefined
  let freeAt = Number.NEGATIVE_INFINITY

  const begin = async (): Promise<T> => {
    const startedAt = now()
    const made = make()
    running = made
    try {
      return await made
    } finally {
      running = undefined
      freeAt = now() + Math.min(longestPauseMs, pauseShare * (now() - startedAt))
    }
  }
  const beginLater = async (): Promise<T> => {
    await running?.catch(() => undefined)
    const waitMs = freeAt - now()
    if (waitMs > 0) await pause(waitMs)
    queued = undefined
    return begin()
  }
  return () => {
    if (queued !== undefined) return queued
    if (running === undefined && now() >= freeAt) return begin()
    queued = beginLater()
    return queued
  }
}
