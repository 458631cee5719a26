import type { Retention } from './messages.ts'
import { numberIn, type Sql } from './sql.ts'

/** So many rows of a table at once: some milliseconds, and little lost should the clock be wrong for a moment. */
const step = 2_000
/** Pages given back to the file system at once. */
const vacuumPages = 200

const deleteOld = (sql: Sql, table: string, before: number): boolean => {
  const key = table === 'events' ? 'id' : table.startsWith('checks') ? 'site, address, at' : 'site, region, address, at'
  sql.run(`DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE at < ? ORDER BY at LIMIT ${step})`, [before])
  return numberIn(sql.all('SELECT changes() AS n')[0], 'n') === step
}

/** Deletes some of what is older than it is to be kept; true: there is more. */
export const tidy = (sql: Sql, { eventsMs, minutesMs, hoursMs }: Retention, wallMs: number): boolean => {
  const tables: readonly (readonly [string, number])[] = [
    ['events', eventsMs],
    ['checks_minutes', minutesMs],
    ['watched_minutes', minutesMs],
    ['checks_hours', hoursMs],
    ['watched_hours', hoursMs],
  ]
  const rest = tables.map(([table, keptMs]) => deleteOld(sql, table, wallMs - keptMs))
  sql.exec(`PRAGMA incremental_vacuum(${vacuumPages})`)
  return rest.includes(true)
}
