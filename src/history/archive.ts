import { answer } from './answer.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { openFile, setAside } from './open-file.ts'
import { createIncidentIndex } from './site-incidents.ts'
import { numberIn, type Sql } from './sql.ts'
import { type SqlTrouble, troubleOf } from './sql-trouble.ts'
import { tidy } from './tidy.ts'
import { writeRows } from './write-rows.ts'

/** What the worker does with the file. It is opened once; after trouble with that another thread tries again. */
export interface Archive {
  /** What the other side is to hear, in this order. Never throws. */
  handle(message: ToWorker): readonly FromWorker[]
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const createArchive = (file: string): Archive => {
  let sql: Sql | undefined
  let index = createIncidentIndex()
  let closedBy = 'it is not open'

  const shut = (): void => {
    try {
      // Closing leaves the WAL where it is; without one, the file can be read where nothing may be written.
      sql?.all('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The WAL is read at the next start.
    }
    try {
      sql?.close()
    } catch {
      // It is given up either way.
    }
    sql = undefined
    index = createIncidentIndex()
  }

  /** Does something with the file, opened if it is not; a damaged one is set aside once, and it is done with a new one. */
  const attempt = <T>(wallMs: number, work: (open: Sql) => T): { readonly said: readonly FromWorker[]; readonly done: { readonly value: T } | undefined; readonly trouble: SqlTrouble | undefined } => {
    const once = (): T => {
      sql ??= openFile(file)
      return work(sql)
    }
    try {
      return { said: [], done: { value: once() }, trouble: undefined }
    } catch (error) {
      const trouble = troubleOf(error)
      if (sql === undefined) closedBy = trouble.text
      if (trouble.kind !== 'damaged') return { said: [], done: undefined, trouble }
      shut()
      try {
        const aside = setAside(file, wallMs)
        const said: FromWorker = { kind: 'set-aside', text: `the history in ${file} cannot be used: ${trouble.text}; moved to ${aside}, and a new one is begun` }
        return { said: [said], done: { value: once() }, trouble: undefined }
      } catch (second) {
        return { said: [], done: undefined, trouble: { kind: 'other', text: `${trouble.text}, and could not be set aside: ${textOf(second)}` } }
      }
    }
  }

  const orTrouble = <T>(wallMs: number, work: (open: Sql) => T, reply: (value: T) => FromWorker): readonly FromWorker[] => {
    const { said, done, trouble } = attempt(wallMs, work)
    return [...said, done === undefined ? { kind: 'trouble', text: `${file}: ${trouble?.text ?? ''}` } : reply(done.value)]
  }

  return {
    handle: (message) => {
      switch (message.kind) {
        case 'open':
          return orTrouble(
            message.wallMs,
            (open) => numberIn(open.all('SELECT max(id) AS id FROM events')[0], 'id'),
            (maxId) => ({ kind: 'opened', maxId }),
          )
        case 'write': {
          const { run, seq, rows } = message
          return orTrouble(message.wallMs, (open) => writeRows(open, run, seq, rows), () => ({ kind: 'written', seq }))
        }
        case 'ask': {
          const { id, question } = message
          if (Date.now() > message.until) return [{ kind: 'answer', id, answer: { kind: 'trouble', text: 'nobody waits for this answer any more' } }]
          // Every attempt to open leaves something open behind: libsql ends no statement before its thread does.
          if (sql === undefined) return [{ kind: 'answer', id, answer: { kind: 'trouble', text: `${file}: ${closedBy}` } }]
          const { said, done, trouble } = attempt(message.wallMs, (open) => answer(open, question, index))
          return [...said, { kind: 'answer', id, answer: done === undefined ? { kind: 'trouble', text: `${file}: ${trouble?.text ?? ''}` } : { kind: 'value', value: done.value } }]
        }
        case 'tidy': {
          const { said, done } = attempt(message.wallMs, (open) => tidy(open, message.retention, message.wallMs))
          // Trouble with it is trouble with the next write, and is said then.
          return [...said, { kind: 'tidied', isMore: done?.value ?? false }]
        }
        case 'close':
          shut()
          return [{ kind: 'closed' }]
      }
    },
  }
}
