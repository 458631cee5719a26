export interface ChartRange {
  readonly since: string
  readonly sinceMs: number
  readonly step: string
  readonly stepMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How far back a chart goes, and how coarse it then is: some 60 to 170 points, whatever the range. */
export const chartRanges = {
  '1h': { since: '1h', sinceMs: hourMs, step: '1m', stepMs: minuteMs },
  '24h': { since: '24h', sinceMs: 24 * hourMs, step: '10m', stepMs: 10 * minuteMs },
  '7d': { since: '7d', sinceMs: 7 * 24 * hourMs, step: '1h', stepMs: hourMs },
  '30d': { since: '30d', sinceMs: 30 * 24 * hourMs, step: '6h', stepMs: 6 * hourMs },
} as const satisfies Readonly<Record<string, ChartRange>>

export type RangeName = keyof typeof chartRanges

export const rangeNames = Object.keys(chartRanges) as readonly RangeName[]
