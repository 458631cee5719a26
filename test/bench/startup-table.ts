import { quantile } from './lateness.ts'
import { judge } from './goals.ts'
import { secondsText, type Table } from './table.ts'

/** One start of a program, until the first check came to a region. Milliseconds. */
export interface Start {
  readonly what: string
  readonly wallMs: number
  /** What its process had worked by then, in steps of 10 ms. */
  readonly workedMs: number
}

/** Less than 0.4 s, in steps of 10 ms. */
const mostMs = 390

export const startupTable = (notes: readonly string[], starts: readonly Start[]): Table => {
  const rows = [...new Set(starts.map(({ what }) => what))].map((what) => {
    const own = starts.filter((each) => each.what === what)
    const of = (key: 'wallMs' | 'workedMs', share: number): number => quantile(own.map((each) => each[key]), share)
    return { what, runs: own.length, wallMedianMs: of('wallMs', 0.5), wall90thMs: of('wallMs', 0.9), workedMedianMs: of('workedMs', 0.5), worked90thMs: of('workedMs', 0.9) }
  })
  return {
    title: 'From the start of a program to its first check',
    notes,
    columns: ['what', 'runs', 'median', '90th', 'CPU, median', '90th'],
    rows: rows.map(({ what, runs, wallMedianMs, wall90thMs, workedMedianMs, worked90thMs }) => [what, `${runs}`, ...[wallMedianMs, wall90thMs, workedMedianMs, worked90thMs].map(secondsText)]),
    goals: [judge('dns-reconcile --dry-run: less than 0.4 s of process time until its first check, by each provider', rows.filter(({ what }) => what.startsWith('dns-reconcile')).map(({ what, workedMedianMs }) => ({ of: what, measured: workedMedianMs, most: mostMs })), secondsText)],
    values: rows,
  }
}
