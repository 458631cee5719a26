/** How many requests one client has left, as of when. */
interface Bucket {
  readonly left: number
  readonly at: number
}

export interface RateLimit {
  /** Takes one request. Otherwise: after how many milliseconds there is one again. */
  take(client: string, now: number): { readonly isAllowed: true } | { readonly isAllowed: false; readonly waitMs: number }
  /** Takes more, afterwards: for what looks like guessing. */
  charge(client: string, cost: number, now: number): void
  setRate(perSecond: number): void
}

/** No client is kept out for longer than this, whatever it did. */
const longestWaitMs = 10_000
const mostClients = 10_000

/**
 * A bucket of tokens a client: as many at once as it may make in a second. Of too many clients the one that has not asked
 * for longest is forgotten, so that memory is bounded whoever asks.
 */
export const createRateLimit = (initialPerSecond: number): RateLimit => {
  const buckets = new Map<string, Bucket>()
  let perSecond = initialPerSecond

  const leftOf = (client: string, now: number): number => {
    const bucket = buckets.get(client)
    const most = Math.max(1, perSecond)
    return bucket === undefined ? most : Math.min(most, bucket.left + ((now - bucket.at) / 1000) * perSecond)
  }
  const put = (client: string, left: number, now: number): void => {
    buckets.delete(client)
    buckets.set(client, { left: Math.max(left, 1 - (longestWaitMs / 1000) * perSecond), at: now })
    if (buckets.size <= mostClients) return
    const [oldest] = buckets.keys()
    if (oldest !== undefined) buckets.delete(oldest)
  }
  return {
    take: (client, now) => {
      const left = leftOf(client, now)
      // What is refused costs nothing, or whoever asks too often would never be heard again; a millionth is rounding.
      if (left + 1e-6 < 1) return { isAllowed: false, waitMs: Math.ceil(((1 - left) / perSecond) * 1000) }
      put(client, left - 1, now)
      return { isAllowed: true }
    },
    charge: (client, cost, now) => put(client, leftOf(client, now) - cost, now),
    setRate: (next) => void (perSecond = next),
  }
}
