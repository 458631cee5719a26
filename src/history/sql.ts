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
  iterate(values: readonly SqlValue[]): Iterable<Readonly<Record<string, SqlValue | ArrayBuffer>>>
  columns(): readonly { readonly name: string }[]
}

/**
 * The same question, with text as the bytes that it is stored in. libsql ends the whole process over text that is no UTF-8,
 * which one bit that is wrong in the file makes of it.
 */
const askingForBytes = (text: string, columns: readonly string[]): string => {
  const asked = columns.map((name) => `CASE typeof("${name}") WHEN 'text' THEN CAST("${name}" AS BLOB) ELSE "${name}" END AS "${name}"`)
  return `SELECT ${asked.join(', ')} FROM (${text})`
}

const decoder = new TextDecoder()

const rowIn = (row: Readonly<Record<string, SqlValue | ArrayBuffer>>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof ArrayBuffer ? decoder.decode(value) : value]))

/** Opens a file, or a `file:` address with parameters. A locked file is waited for, up to `busyMs`. */
export const openSql = (path: string, busyMs: number): Sql => {
  const database = new Database(path)
  const statements = new Map<string, Statement>()
  const statement = (text: string): Statement => {
    const known = statements.get(text)
    if (known !== undefined) return known
    const plain = database.prepare(text) as unknown as Statement
    const isQuestion = /^\s*SELECT\b/.test(text)
    const made = isQuestion ? (database.prepare(askingForBytes(text, plain.columns().map(({ name }) => name))) as unknown as Statement) : plain
    statements.set(text, made)
    return made
  }
  const exec = (text: string): void => {
    database.exec(text)
  }
  // Not `get`: it adds a column of its own to the row.
  const all = (text: string, values: readonly SqlValue[] = []): readonly Row[] => Array.from(statement(text).iterate(values), rowIn)
  all(`PRAGMA busy_timeout = ${busyMs}`)
  return {
    exec,
    run: (text, values = []) => void statement(text).run(values),
    all,
    each: (text, values, visit) => {
      for (const row of statement(text).iterate(values)) visit(rowIn(row))
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
