/** How long an address, a region or a site stood how. Milliseconds. */
export interface WatchSums {
  /** Of a region: one of its addresses was up. Of a site: one that was published. */
  readonly upMs: number
  readonly downMs: number
  /** Nobody could say: it was not watched. */
  readonly unknownMs: number
  readonly publishedMs: number
  /** Of a site: served, but an address that should serve did not. */
  readonly degradedMs: number
}

export const noWatch: WatchSums = { upMs: 0, downMs: 0, unknownMs: 0, publishedMs: 0, degradedMs: 0 }

export const watchSum = (a: WatchSums, b: WatchSums): WatchSums => ({
  upMs: a.upMs + b.upMs,
  downMs: a.downMs + b.downMs,
  unknownMs: a.unknownMs + b.unknownMs,
  publishedMs: a.publishedMs + b.publishedMs,
  degradedMs: a.degradedMs + b.degradedMs,
})

/** Of the time that was watched, how much it was up; null: not watched. */
export const availabilityOf = ({ upMs, downMs }: WatchSums): number | null => (upMs + downMs === 0 ? null : upMs / (upMs + downMs))

/** How much of a period was watched. In [0, 1]. */
export const coverageOf = ({ upMs, downMs }: WatchSums, periodMs: number): number => (periodMs <= 0 ? 0 : Math.min(1, (upMs + downMs) / periodMs))
