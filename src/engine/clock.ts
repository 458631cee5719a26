import { performance } from 'node:perf_hooks'
import type { Clock } from './ports.ts'

/** Node's timers count whole milliseconds and may fire one early; a confirmation would then fall short of its span. */
const after: Clock['after'] = (ms, act) => {
  const due = performance.now() + ms
  const tick = (): void => {
    const left = due - performance.now()
    if (left <= 0) act()
    else timer = setTimeout(tick, Math.ceil(left))
  }
  let timer = setTimeout(tick, Math.max(0, Math.ceil(ms)))
  return () => clearTimeout(timer)
}

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const done = (): void => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = after(ms, done)
      signal.addEventListener('abort', done)
    }),
}
