/** What keeps the history's file from being used. `damaged`: it can only be set aside. */
export interface SqlTrouble {
  readonly kind: 'damaged' | 'full' | 'read-only' | 'locked' | 'cannot-open' | 'newer' | 'other'
  readonly text: string
}

/** The file was written by a later version of this program, and is left alone. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError'
  readonly code = 'NEWER_SCHEMA'
  readonly found: number
  readonly known: number

  constructor(found: number, known: number) {
    super(`its schema is version ${found}, and this program knows up to ${known}`)
    this.found = found
    this.known = known
  }
}

const advice: readonly (readonly [RegExp, SqlTrouble['kind'], string])[] = [
  [/^NEWER_SCHEMA/, 'newer', 'it was written by a newer version of this program; use that one, or move the file away'],
  [/^SQLITE_(?:NOTADB|CORRUPT)/, 'damaged', 'it is damaged'],
  [/^SQLITE_FULL|^ENOSPC|^EDQUOT/, 'full', 'no space is left on the file system; free some'],
  [/^SQLITE_READONLY|^EROFS/, 'read-only', 'it, or its folder, is read-only; make both writable for the user that runs this program'],
  [/^SQLITE_(?:BUSY|LOCKED)/, 'locked', 'another program holds it locked; end that one'],
  [/^SQLITE_CANTOPEN|^E[A-Z]+$/, 'cannot-open', 'it cannot be opened; it must be a file in a folder that the user that runs this program may write'],
]

/** libsql gives no code where opening fails, but SQLite's number at the end of the message: 14 is SQLITE_CANTOPEN. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return code === '' && /: 14\W*$/.test(error.message) ? 'SQLITE_CANTOPEN' : code
}

export const troubleOf = (error: unknown): SqlTrouble => {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const known = advice.find(([pattern]) => pattern.test(code))
  if (known === undefined) return { kind: 'other', text: `${message}${code === '' ? '' : ` (${code})`}` }
  return { kind: known[1], text: `${known[2]} (${code}: ${message})` }
}
