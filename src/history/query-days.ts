import type { DayView } from '../engine/history-port.ts'
import { numberIn, type Sql, textIn } from './sql.ts'
import type { DaysQuery } from './messages.ts'
import { availabilityOf, coverageOf } from './watch-sums.ts'

const dayMs = 86_400_000

/** How a site and its regions stood, by UTC day. A day that is not over counts as far as it has come. */
export const queryDays = (sql: Sql, { site, sinceMs, untilMs }: DaysQuery, nowMs: number): readonly DayView[] => {
  const from = Math.floor(sinceMs / dayMs) * dayMs
  const rows = sql.all(
    `SELECT region, (at / ${dayMs}) * ${dayMs} AS day, sum(up_ms) AS up, sum(down_ms) AS down, sum(degraded_ms) AS degraded
    FROM watched_hours WHERE site = ? AND address = '' AND at >= ? AND at < ? GROUP BY region, day ORDER BY day, region`,
    [site, from, untilMs],
  )
  return rows.map((row) => {
    const day = numberIn(row, 'day')
    const sums = { upMs: numberIn(row, 'up'), downMs: numberIn(row, 'down'), unknownMs: 0, publishedMs: 0, degradedMs: numberIn(row, 'degraded') }
    return {
      day: new Date(day).toISOString().slice(0, 10),
      region: textIn(row, 'region') === '' ? null : textIn(row, 'region'),
      availability: availabilityOf(sums),
      coverage: coverageOf(sums, Math.min(dayMs, nowMs - day)),
      downMs: sums.downMs,
      degradedMs: sums.degradedMs,
    }
  })
}
