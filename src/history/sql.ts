import Database from 'libsql'

export type SqlValue = number | string | null
export type Row = Readonly<Record<string, SqlValue>>

/** One connection. Every method is synchronous and throws what SQLite says. */
export interface Sql {
  exec(text: string): void
  run(text: string, values?: readonly SqlValue[]): void
  all(text: string, values?: readonly SqlValue[]): readonly Row[]
  /** Row by row, for results that are folded and never held as a whole. */
  each(text: string, values: readonly SqlValue[], visit: (row: Row) => void): void
  /** All of it or nothing. */
  within(work: () => void): void
  close(): void
}

interface Statement {
  run(values: readonly SqlValue[]): unknown
  iterate(values: readonly SqlValue[]): Iterable<Row>
}

/** Opens a file, or a `file:` address with parameters. A locked file is waited for, up to `busyMs`. */
export const openSql = (path: string, busyMs: number): Sql => {
  const database = new Database(path)
  const statements = new Map<string, Statement>()
  const statement = (text: string): Statement => {
    const known = statements.get(text)
    if (known !== undefined) return known
    const made = database.prepare(text) as unknown as Statement
    statements.set(text, made)
    return made
  }
  const exec = (text: string): void => {
    database.exec(text)
  }
  // Not `get`: it adds a column of its own to the row.
  const all = (text: string, values: readonly SqlValue[] = []): readonly Row[] => [...statement(text).iterate(values)]
  all(`PRAGMA busy_timeout = ${busyMs}`)
  return {
    exec,
    run: (text, values = []) => void statement(text).run(values),
    all,
    each: (text, values, visit) => {
      for (const row of statement(text).iterate(values)) visit(row)
    },
    within: (work) => {
      exec('BEGIN IMMEDIATE')
      try {
        work()
        exec('COMMIT')
      } catch (error) {
        try {
          exec('ROLLBACK')
        } catch {
          // SQLite has rolled back by itself, as it does when the disk is full.
        }
        throw error
      }
    },
    close: () => {
      statements.clear()
      database.close()
    },
  }
}

export const numberIn = (row: Row | undefined, column: string): number => {
  const value = row?.[column]
  return typeof value === 'number' ? value : 0
}

export const textIn = (row: Row | undefined, column: string): string => {
  const value = row?.[column]
  return typeof value === 'string' ? value : ''
}
