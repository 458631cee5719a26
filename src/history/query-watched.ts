import { numberIn, type Sql, type SqlValue, textIn } from './sql.ts'
import { noWatch, type WatchSums, watchSum } from './watch-sums.ts'
import { hourMs, minuteMs } from './write-rows.ts'

export interface Watched {
  readonly region: string
  readonly sums: WatchSums
}

/** From when to when the file's steps allow to tell. */
export interface Period {
  readonly fromMs: number
  readonly toMs: number
}

const upTo = (ms: number, step: number): number => Math.ceil(ms / step) * step
const downTo = (ms: number, step: number): number => Math.floor(ms / step) * step

/** Whole minutes; whole hours at the start of a period whose minutes are gone. What is to come counts for nothing. */
export const periodOf = (sql: Sql, sinceMs: number, untilMs: number, nowMs: number): Period => {
  const oldest = sql.all('SELECT at FROM watched_minutes ORDER BY at LIMIT 1')[0]
  const hasMinutes = oldest !== undefined && numberIn(oldest, 'at') <= sinceMs
  const oldestHour = sql.all('SELECT at FROM watched_hours ORDER BY at LIMIT 1')[0]
  const isBeforeAll = oldest !== undefined && oldestHour !== undefined && downTo(numberIn(oldest, 'at'), hourMs) === numberIn(oldestHour, 'at')
  return { fromMs: upTo(sinceMs, hasMinutes || isBeforeAll ? minuteMs : hourMs), toMs: Math.min(untilMs, nowMs) }
}

/** How the site (no region) and its regions stood in a period: by whole hours, and by minutes at both ends. */
export const watchedIn = (sql: Sql, site: string, { fromMs, toMs }: Period): readonly Watched[] => {
  const firstHour = Math.min(upTo(fromMs, hourMs), toMs)
  const lastHour = Math.max(downTo(toMs, hourMs), firstHour)
  const sums = new Map<string, WatchSums>()
  const add = (table: string, from: number, to: number): void => {
    if (from >= to) return
    const values: readonly SqlValue[] = [site, from, to]
    const columns = 'sum(up_ms) AS up, sum(down_ms) AS down, sum(unknown_ms) AS unknown, sum(published_ms) AS published, sum(degraded_ms) AS degraded'
    for (const row of sql.all(`SELECT region, ${columns} FROM ${table} WHERE site = ? AND address = '' AND at >= ? AND at < ? GROUP BY region`, values)) {
      const region = textIn(row, 'region')
      const more: WatchSums = {
        upMs: numberIn(row, 'up'),
        downMs: numberIn(row, 'down'),
        unknownMs: numberIn(row, 'unknown'),
        publishedMs: numberIn(row, 'published'),
        degradedMs: numberIn(row, 'degraded'),
      }
      sums.set(region, watchSum(sums.get(region) ?? noWatch, more))
    }
  }
  add('watched_minutes', fromMs, firstHour)
  add('watched_hours', firstHour, lastHour)
  add('watched_minutes', lastHour, toMs)
  return [...sums].map(([region, all]) => ({ region, sums: all }))
}
