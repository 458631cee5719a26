import { type CheckSums, checkSum } from './check-sums.ts'
import { decodeSums } from './decode-sums.ts'
import type { EventRow, HistoryRow } from './messages.ts'
import { numberIn, type Sql, textIn } from './sql.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000

const writeEvent = (sql: Sql, row: EventRow): void =>
  sql.run('INSERT OR IGNORE INTO events (id, at, site, region, address, kind, level, text, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    row.id,
    row.at,
    row.site,
    row.region,
    row.address,
    row.event,
    row.level,
    row.text,
    row.data,
  ])

const writeChecks = (sql: Sql, table: 'checks_minutes' | 'checks_hours', at: number, row: Extract<HistoryRow, { kind: 'checks' }>): void => {
  const [known] = sql.all(`SELECT sums FROM ${table} WHERE site = ? AND address = ? AND at = ?`, [row.site, row.address, at])
  const sums: CheckSums = known === undefined ? row.sums : checkSum(decodeSums(textIn(known, 'sums')), row.sums)
  sql.run(`INSERT OR REPLACE INTO ${table} (site, address, at, region, sums) VALUES (?, ?, ?, ?, ?)`, [row.site, row.address, at, row.region, JSON.stringify(sums)])
}

const writeWatched = (sql: Sql, table: 'watched_minutes' | 'watched_hours', at: number, { site, region, address, sums }: Extract<HistoryRow, { kind: 'watched' }>): void =>
  sql.run(
    `INSERT INTO ${table} (site, region, address, at, up_ms, down_ms, unknown_ms, published_ms, degraded_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET up_ms = up_ms + excluded.up_ms, down_ms = down_ms + excluded.down_ms, unknown_ms = unknown_ms + excluded.unknown_ms,
      published_ms = published_ms + excluded.published_ms, degraded_ms = degraded_ms + excluded.degraded_ms`,
    [site, region, address, at, ...[sums.upMs, sums.downMs, sums.unknownMs, sums.publishedMs, sums.degradedMs].map(Math.round)],
  )

const writeRow = (sql: Sql, row: HistoryRow): void => {
  const hour = Math.floor(row.at / hourMs) * hourMs
  switch (row.kind) {
    case 'event':
      return writeEvent(sql, row)
    // Hours are summed as minutes are, not made of them later: no job that could fall behind or count twice.
    case 'checks':
      writeChecks(sql, 'checks_minutes', row.at, row)
      return writeChecks(sql, 'checks_hours', hour, row)
    case 'watched':
      writeWatched(sql, 'watched_minutes', row.at, row)
      return writeWatched(sql, 'watched_hours', hour, row)
  }
}

/**
 * Writes a batch, or nothing of it. One that was written before is not written again: the sender did not hear of it, and
 * sums would count twice.
 */
export const writeRows = (sql: Sql, run: string, seq: number, rows: readonly HistoryRow[]): void =>
  sql.within(() => {
    const [last] = sql.all('SELECT run, seq FROM batch')
    if (textIn(last, 'run') === run && numberIn(last, 'seq') >= seq) return
    for (const row of rows) writeRow(sql, row)
    sql.run('DELETE FROM batch')
    sql.run('INSERT INTO batch (run, seq) VALUES (?, ?)', [run, seq])
  })
