/** Upper bounds of the buckets, milliseconds; one more bucket takes all above. Part of the file's format: never changed, only ever replaced by a migration. */
export const latencyBounds: readonly number[] = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 30_000]

export interface Latency {
  readonly count: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
  /** How many by bucket, as far as the last that has any. */
  readonly buckets: readonly number[]
}

export const noLatency: Latency = { count: 0, sumMs: 0, minMs: 0, maxMs: 0, buckets: [] }

export const latencyOf = (ms: number): Latency => {
  const found = latencyBounds.findIndex((bound) => ms <= bound)
  const index = found === -1 ? latencyBounds.length : found
  return { count: 1, sumMs: ms, minMs: ms, maxMs: ms, buckets: [...Array.from({ length: index }, () => 0), 1] }
}

export const latencySum = (a: Latency, b: Latency): Latency => {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const length = Math.max(a.buckets.length, b.buckets.length)
  return {
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    minMs: Math.min(a.minMs, b.minMs),
    maxMs: Math.max(a.maxMs, b.maxMs),
    buckets: Array.from({ length }, (_, index) => (a.buckets[index] ?? 0) + (b.buckets[index] ?? 0)),
  }
}

/** The latency that a share of the checks did not exceed, as well as the buckets tell; null: there were none. */
export const quantile = ({ count, minMs, maxMs, buckets }: Latency, share: number): number | null => {
  if (count === 0) return null
  const rank = share * count
  let before = 0
  for (const [index, here] of buckets.entries()) {
    if (here > 0 && before + here >= rank) {
      const from = Math.max(minMs, latencyBounds[index - 1] ?? 0)
      const to = Math.min(maxMs, latencyBounds[index] ?? maxMs)
      return from + Math.max(0, to - from) * Math.max(0, (rank - before) / here)
    }
    before += here
  }
  return maxMs
}
