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

/** A sum while it is made: nobody else has it yet. */
export type Growing<T> = T extends object ? { -readonly [K in keyof T]: Growing<T[K]> } : T

export const noLatency: Latency = { count: 0, sumMs: 0, minMs: 0, maxMs: 0, buckets: [] }

/** Puts one more in. */
export const addLatency = (sum: Growing<Latency>, ms: number): void => {
  const found = latencyBounds.findIndex((bound) => ms <= bound)
  const index = found === -1 ? latencyBounds.length : found
  sum.minMs = sum.count === 0 ? ms : Math.min(sum.minMs, ms)
  sum.maxMs = sum.count === 0 ? ms : Math.max(sum.maxMs, ms)
  sum.count += 1
  sum.sumMs += ms
  while (sum.buckets.length <= index) sum.buckets.push(0)
  sum.buckets[index] = (sum.buckets[index] ?? 0) + 1
}

export const latencyOf = (ms: number): Latency => {
  const sum: Growing<Latency> = { ...noLatency, buckets: [] }
  addLatency(sum, ms)
  return sum
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
