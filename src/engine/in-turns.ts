import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds. */
const longMs = 5
const longestMs = 50

/** A turn in which others took long is made longer by as much as a quarter of it: what is made would never be done otherwise. */
const share = 0.25

/** Makes one after the other, and lets checks go on whenever that has held them up for some milliseconds, or for a share of the time that they take. `now`: monotonic. */
export const inTurns = async <T, U>(all: readonly T[], make: (each: T) => U, now: () => number = () => performance.now()): Promise<readonly U[]> => {
  const made: U[] = []
  let begunAt = now()
  let mayTakeMs = longMs
  for (const each of all) {
    if (now() - begunAt >= mayTakeMs) {
      // One turn after the other is the point.
      const waitsFrom = now()
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn()
      begunAt = now()
      mayTakeMs = Math.min(longestMs, Math.max(longMs, (begunAt - waitsFrom) * share))
    }
    made.push(make(each))
  }
  return made
}
