import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds. */
const longMs = 5

/** Waited for between pieces of long work, it lets checks go on whenever the work has held them up for some milliseconds. */
export const createPauses = (now: () => number): (() => Promise<void>) => {
  let begunAt = now()
  return async () => {
    if (now() - begunAt < longMs) return
    await nextTurn()
    begunAt = now()
  }
}
