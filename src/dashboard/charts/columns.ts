import type { SeriesPoint } from '../../engine/history-port.ts'

export type ChartMode = 'latency' | 'phases'

/** In the order in which a check goes through them. */
export const phases = [
  { key: 'connect', label: 'connect', tone: '--ok', dash: [] },
  { key: 'tls', label: 'TLS', tone: '--held', dash: [8, 3] },
  { key: 'headers', label: 'first byte', tone: '--warn', dash: [4, 3] },
  { key: 'body', label: 'body', tone: '--edge', dash: [1, 3] },
] as const

type Column = (number | null)[]
export type Columns = [number[], ...Column[]]

/** A line must not lead over a time of which nothing is known: an empty point breaks it. */
export const withGaps = <T extends { readonly at: string }>(points: readonly T[], stepMs: number): readonly { readonly atMs: number; readonly point: T | undefined }[] =>
  points.flatMap((point, index) => {
    const atMs = Date.parse(point.at)
    const before = points[index - 1]
    const isAfterGap = before !== undefined && atMs - Date.parse(before.at) > 1.5 * stepMs
    return isAfterGap ? [{ atMs: Date.parse(before.at) + stepMs, point: undefined }, { atMs, point }] : [{ atMs, point }]
  })

/** Up to and with each phase, widest first, as a stack is drawn. */
const stacked = (point: SeriesPoint | undefined): readonly (number | null)[] => {
  if (point === undefined || Object.keys(point.phases).length === 0) return phases.map(() => null)
  let sum = 0
  return phases.map(({ key }) => (sum += point.phases[key] ?? 0)).toReversed()
}

/** What a chart is drawn from: seconds, and a column for each line. */
export const columnsOf = (points: readonly SeriesPoint[], mode: ChartMode, stepMs: number): Columns => {
  const rows = withGaps(points, stepMs)
  const values = rows.map(({ point }) => (mode === 'latency' ? [point?.latency?.p50Ms ?? null, point?.latency?.p95Ms ?? null, point?.latency?.maxMs ?? null] : stacked(point)))
  const width = mode === 'latency' ? 3 : phases.length
  return [rows.map(({ atMs }) => atMs / 1000), ...Array.from({ length: width }, (_, column) => values.map((row) => row[column] ?? null))]
}
