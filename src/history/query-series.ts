import type { SeriesPoint } from '../engine/history-port.ts'
import { type CheckSums, checkSum, noChecks } from './check-sums.ts'
import { decodeSums } from './decode-sums.ts'
import { quantile } from './latency.ts'
import type { SeriesQuery } from './messages.ts'
import { numberIn, type Sql, textIn } from './sql.ts'
import { hourMs, minuteMs } from './write-rows.ts'

/** More points than anybody's screen has. */
const mostPoints = 2_000
/** Of more minutes than these, nine days, hours are read: each row costs some microseconds, and nothing is written meanwhile. */
const mostMinutes = 12_960

/** To hundredths: nobody measures more, and a chart has thousands. */
const rounded = (ms: number): number => Math.round(ms * 100) / 100

const pointOf = (at: number, { ok, failed, cannotTell, causes, latency, phases, certificateDays }: CheckSums): SeriesPoint => {
  const { count, sumMs, minMs, maxMs } = latency
  const means = Object.entries(phases).map(([phase, each]) => [phase, rounded(each.sumMs / each.count)])
  return {
    at: new Date(at).toISOString(),
    ok,
    failed,
    cannotTell,
    causes,
    latency: count === 0 ? null : { minMs: rounded(minMs), meanMs: rounded(sumMs / count), p50Ms: rounded(quantile(latency, 0.5) ?? maxMs), p95Ms: rounded(quantile(latency, 0.95) ?? maxMs), maxMs: rounded(maxMs) },
    phases: Object.fromEntries(means),
    certificateDays,
  }
}

/** The step that is asked for, in whole minutes, or as much more as keeps the points few. */
const stepOf = ({ sinceMs, untilMs, stepMs }: SeriesQuery): number => {
  const wanted = Math.max(stepMs, minuteMs, (untilMs - sinceMs) / mostPoints)
  const unit = wanted > hourMs ? hourMs : minuteMs
  return Math.ceil(wanted / unit) * unit
}

/** The checks of one address by steps; steps without any are missing. From the minutes while they are kept, else from the hours. */
export const querySeries = (sql: Sql, query: SeriesQuery): readonly SeriesPoint[] => {
  const { site, address, sinceMs, untilMs } = query
  const oldest = sql.all('SELECT at FROM checks_minutes WHERE site = ? AND address = ? ORDER BY at LIMIT 1', [site, address])[0]
  const older = sql.all('SELECT at FROM checks_hours WHERE site = ? AND address = ? ORDER BY at LIMIT 1', [site, address])[0]
  // Hours that begin before the first minute tell that earlier minutes are gone.
  const areMinutesGone = older !== undefined && numberIn(oldest, 'at') - numberIn(older, 'at') >= hourMs && numberIn(oldest, 'at') > sinceMs
  const isByHour = areMinutesGone || oldest === undefined || untilMs - sinceMs > mostMinutes * minuteMs || stepOf(query) % hourMs === 0
  const step = isByHour ? Math.max(hourMs, Math.ceil(stepOf(query) / hourMs) * hourMs) : stepOf(query)
  const sums = new Map<number, CheckSums>()
  const values = [site, address, Math.floor(sinceMs / step) * step, untilMs]
  sql.each(`SELECT at, sums FROM checks_${isByHour ? 'hours' : 'minutes'} WHERE site = ? AND address = ? AND at >= ? AND at < ? ORDER BY at`, values, (row) => {
    const at = Math.floor(numberIn(row, 'at') / step) * step
    sums.set(at, checkSum(sums.get(at) ?? noChecks, decodeSums(textIn(row, 'sums'))))
  })
  return [...sums].map(([at, all]) => pointOf(at, all))
}
