import { chownSync, closeSync, existsSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrate, refuseNewer } from './migrations.ts'
import { openSql, type Sql } from './sql.ts'
import { NewerSchemaError } from './sql-trouble.ts'

/** How long a file that another program has locked is waited for: a backup's moment, not a hung program. */
const busyMs = 2_000
/** A history can be large: of the damaged ones only the newest are kept. */
const keptDamaged = 2

/** Instead of a file: kept as long as the thread lives. */
const inMemory = ':memory:'

/** Nobody else's to read; and where root runs the service, the folder's owner's, who may run it tomorrow. */
const create = (file: string): void => {
  if (file === inMemory || existsSync(file)) return
  closeSync(openSync(file, 'a', 0o600))
  const { uid, gid } = statSync(dirname(file))
  if (process.getuid?.() === 0 && uid !== 0) chownSync(file, uid, gid)
}

const prepare = (sql: Sql): void => {
  refuseNewer(sql)
  // Only takes effect on an empty file, before its first table.
  sql.exec('PRAGMA auto_vacuum = INCREMENTAL')
  sql.all('PRAGMA journal_mode = WAL')
  sql.exec('PRAGMA synchronous = NORMAL')
  sql.all('PRAGMA journal_size_limit = 16777216')
  sql.exec('PRAGMA cache_size = -8000')
  migrate(sql)
}

/** Opens the file to write, and makes it if there is none. Throws what SQLite or the system says. */
export const openFile = (file: string): Sql => {
  create(file)
  const sql = openSql(file, busyMs)
  try {
    prepare(sql)
    return sql
  } catch (error) {
    sql.close()
    throw error
  }
}

/** Opens the file only to read, beside a service that writes; also where nothing may be written. Throws what SQLite says. */
export const openToRead = (file: string): Sql => {
  const url = pathToFileURL(file).href
  const attempt = (mode: string): Sql => {
    const sql = openSql(`${url}?${mode}`, busyMs)
    try {
      refuseNewer(sql)
      return sql
    } catch (error) {
      sql.close()
      throw error
    }
  }
  try {
    return attempt('mode=ro')
  } catch (error) {
    // A reader of a WAL needs a file for its locks beside it. Without a WAL, and unable to make one, nobody writes.
    const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })
    if (error instanceof NewerSchemaError || (wal !== undefined && wal.size > 0)) throw error
    return attempt('immutable=1')
  }
}

/** Moves a damaged file, and what belongs to it, aside as `<file>.damaged-<time>`. Throws the system's error. */
export const setAside = (file: string, wallMs: number): string => {
  const prefix = `${file}.damaged-`
  const aside = `${prefix}${new Date(wallMs).toISOString().replaceAll(':', '')}`
  renameSync(file, aside)
  for (const part of ['-wal', '-shm']) {
    if (existsSync(file + part)) renameSync(file + part, aside + part)
  }
  const dir = dirname(file)
  const all = readdirSync(dir).filter((name) => name.startsWith(basename(prefix)) && !/-(?:wal|shm)$/.test(name)).toSorted()
  const older = all.filter((name) => name !== basename(aside))
  for (const name of older.slice(0, Math.max(0, older.length - (keptDamaged - 1)))) {
    for (const part of ['', '-wal', '-shm']) rmSync(join(dir, name + part), { force: true })
  }
  return aside
}
