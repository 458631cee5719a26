/** What a request is for: taking an address out (with what must be read for that), writing anything else, or looking. */
export type Purpose = 'withdrawal' | 'write' | 'read'

/** Counts our own requests: beyond 1,200 in five minutes Cloudflare refuses everything of the same user for five more. */
export interface Budget {
  /** Milliseconds until such a request may be made; if 0, it is counted as made. */
  take(purpose: Purpose): number
}

const windowMs = 300_000
/** Requests in the window. What is no withdrawal has half of them to itself. */
const half = 600
const limits: Readonly<Record<Purpose, number>> = { withdrawal: 1_200, write: half, read: 1_100 }
/** Nobody knows of a read whether it is the one before a withdrawal, so beyond the half they go on, slowly. */
const slowReadMs = 1_000

export const createBudget = (now: () => number): Budget => {
  let madeAt: readonly number[] = []
  let lastReadAt = Number.NEGATIVE_INFINITY
  return {
    take: (purpose) => {
      const at = now()
      madeAt = madeAt.filter((each) => at - each < windowMs)
      const oldest = madeAt.at(-limits[purpose])
      if (oldest !== undefined && madeAt.length >= limits[purpose]) return oldest + windowMs - at
      const isSlow = purpose === 'read' && madeAt.length >= half
      if (isSlow && at - lastReadAt < slowReadMs) return lastReadAt + slowReadMs - at
      if (purpose === 'read') lastReadAt = at
      madeAt = [...madeAt, at]
      return 0
    },
  }
}
