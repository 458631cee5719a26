/** The signatures that have been taken of late. One for the life of a process: a reload of the config must not empty it. */
export interface ReplayMemory {
  /**
   * Takes a signature in, unless it is there. Seconds since the epoch: when it was made, by itself; until when it would be
   * taken, and from then on may be forgotten; and now.
   */
  take(source: string, signature: string, times: { readonly madeAt: number; readonly until: number; readonly now: number }): Taking
  /** Nothing came of it, so it may be sent again as it is. */
  giveBack(source: string, signature: string): void
}

export type Taking =
  | 'new'
  | 'replayed'
  /** Made at a time whose signatures are not remembered: it may have been used then. */
  | 'too-old-to-tell'
  /** No more of this source fit in. */
  | 'full'

interface Remembered {
  readonly madeAt: number
  readonly until: number
}

/** `startedAtMs`: what was signed before may have been used with a process before this one. */
export const createReplayMemory = (startedAtMs: number, perSource = 10_000): ReplayMemory => {
  const sources = new Map<string, Map<string, Remembered>>()
  // Seconds are all that a signature tells: of the second in which this process started nothing is known for sure.
  let knownFrom = Math.ceil(startedAtMs / 1000)
  return {
    take: (source, signature, { madeAt, until, now }) => {
      const own = sources.get(source) ?? new Map<string, Remembered>()
      sources.set(source, own)
      if (own.has(signature)) return 'replayed'
      for (const [each, remembered] of own) {
        if (remembered.until >= now) continue
        own.delete(each)
        // Should the clock be set back, what is forgotten here must not count as new.
        knownFrom = Math.max(knownFrom, remembered.madeAt + 1)
      }
      if (madeAt < knownFrom) return 'too-old-to-tell'
      if (own.size >= perSource) return 'full'
      own.set(signature, { madeAt, until })
      return 'new'
    },
    giveBack: (source, signature) => void sources.get(source)?.delete(signature),
  }
}
