export interface Progress {
  /** So much more of it is done. */
  done(steps: number): void
}

const sayEachMs = 30_000

/** Says every half minute how far something long is, and how much longer it takes if it goes on like that. `now` in milliseconds. */
export const makeProgress = (what: string, steps: number, now: () => number, say: (text: string) => void): Progress => {
  const startedAt = now()
  let [isDone, saidAt] = [0, startedAt]
  return {
    done: (more) => {
      isDone += more
      const at = now()
      if (at - saidAt < sayEachMs || isDone >= steps) return
      saidAt = at
      const leftMs = ((at - startedAt) / isDone) * (steps - isDone)
      say(`bench: ${what}: ${Math.floor((100 * isDone) / steps)} % done, about ${Math.ceil(leftMs / 60_000)} min left\n`)
    },
  }
}
