import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds. */
const longMs = 5

/** Makes one after the other, and lets checks go on whenever that has held them up for some milliseconds. `now`: monotonic. */
export const inTurns = async <T, U>(all: readonly T[], make: (each: T) => U, now: () => number = () => performance.now()): Promise<readonly U[]> => {
  const made: U[] = []
  let begunAt = now()
  for (const each of all) {
    if (now() - begunAt >= longMs) {
      // One turn after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn()
      begunAt = now()
    }
    made.push(make(each))
  }
  return made
}
