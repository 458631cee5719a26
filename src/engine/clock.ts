import { performance } from 'node:perf_hooks'
import type { Clock } from './ports.ts'

/** The machine's clocks. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const due = performance.now() + ms
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      // Node's timers count whole milliseconds and may fire one early; a confirmation would then fall short of its span.
      const tick = (): void => {
        const left = due - performance.now()
        if (left <= 0) done()
        else timer = setTimeout(tick, Math.ceil(left))
      }
      let timer = setTimeout(tick, Math.max(0, Math.ceil(ms)))
      signal.addEventListener('abort', done)
    }),
}
