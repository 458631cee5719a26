export type StateErrorCode =
  | 'read-only'
  | 'full'
  | 'denied'
  | 'not-a-directory'
  | 'io'

/** The state directory cannot be used, and what to do about it. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly code: StateErrorCode
  readonly path: string

  constructor(message: string, facts: { readonly code: StateErrorCode; readonly path: string; readonly cause?: unknown }) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.path = facts.path
  }
}

const judged: Readonly<Record<string, readonly [StateErrorCode, string]>> = {
  EROFS: ['read-only', 'the file system is mounted read-only; mount it writable, or set "state" to a directory that is'],
  ENOSPC: ['full', 'no space is left on the file system; free some'],
  EDQUOT: ['full', 'the disk quota is used up; free some space'],
  EACCES: ['denied', 'this user may not; the directory, and what is in it, must belong to the user that runs this program'],
  EPERM: ['denied', 'this user may not; the directory, and what is in it, must belong to the user that runs this program'],
  ENOTDIR: ['not-a-directory', 'a part of the path is a file; set "state" to a directory'],
  EMFILE: ['io', 'too many files are open in this process; raise its limit (ulimit -n, LimitNOFILE=)'],
  ENFILE: ['io', 'too many files are open on this machine; close some, or raise fs.file-max'],
  EIO: ['io', 'the disk failed to read or to write; look at it (dmesg)'],
  EEXIST: ['not-a-directory', 'there is a file of this name; set "state" to a directory'],
}

/** What a system error means for the state directory. `doing` completes "cannot": `save the state of a.example`. */
export const stateError = (doing: string, path: string, error: unknown): StateError => {
  const cause = error as NodeJS.ErrnoException
  const [code, advice] = judged[cause.code ?? ''] ?? ['io', cause.message]
  return new StateError(`cannot ${doing} in ${path}: ${advice}${cause.code === undefined ? '' : ` (${cause.code})`}`, { code, path, cause: error })
}
