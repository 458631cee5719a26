import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** One look at the directory serves all of its files for so long. Milliseconds. */
const lookMs = 250
/** Two changes this close may bear the same time: file systems count in steps of up to two seconds. */
const stepMs = 2_000
/** Whoever edits a file in place leaves the directory as it was: each file is looked at this often whatever that says. */
const ownLookMs = 10_000

const missing = 'none'

/** What tells one state of a file from another, and since when it has been seen. */
interface Sight {
  /** Undefined: cannot be told. */
  readonly traits: string | undefined
  readonly since: number
}

interface Remembered<T> {
  readonly value: T
  readonly sight: Sight
  /** Whether a change after the reading must show in the file's sight. */
  readonly isSettled: boolean
  /** The directory at the reading, if every change after it must show there. */
  readonly dirTraits: string | undefined
  readonly lookedAt: number
}

export interface RememberedFiles<T> {
  /** What `read` says of it now. Rejects as `read` does. */
  get(key: string): Promise<T>
  /** What it said last, for when it cannot say any more. */
  last(key: string): T | undefined
  /** This process has changed the file: the next `get` sees that. */
  forget(key: string): void
}

const traitsOf = async (path: string): Promise<string | undefined> => {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? missing : undefined
  }
}

/**
 * Reads the files of a directory again only when they may have changed, so that asking for a thousand of them each second costs
 * next to nothing. Right where whoever changes a file replaces it, which shows in the directory. Times are compared
 * with each other, never with a clock: one that is set leads nobody astray. What `read` rejects with is not remembered.
 */
export const createRememberedFiles = <T>(options: {
  readonly dir: string
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** In the directory. */
  readonly fileOf: (key: string) => string
  /** Also asked for a file that is not there. */
  readonly read: (key: string) => Promise<T>
}): RememberedFiles<T> => {
  const { dir, now, fileOf, read } = options
  const remembered = new Map<string, Remembered<T>>()
  let look: { readonly at: number; readonly sight: Promise<Sight> } | undefined

  const see = async (path: string, before: Sight | undefined): Promise<Sight> => {
    const traits = await traitsOf(path)
    return traits !== undefined && traits === before?.traits ? before : { traits, since: now() }
  }
  const isSettled = ({ traits, since }: Sight): boolean => traits !== undefined && now() - since >= stepMs

  const lookAtDir = (): Promise<Sight> => {
    if (look !== undefined && now() - look.at < lookMs) return look.sight
    const before = look?.sight
    look = { at: now(), sight: Promise.resolve(before).then((sight) => see(dir, sight)) }
    return look.sight
  }

  return {
    get: async (key) => {
      const folder = await lookAtDir()
      const known = remembered.get(key)
      const lookedAt = now()
      if (known?.dirTraits !== undefined && known.dirTraits === folder.traits && lookedAt - known.lookedAt < ownLookMs) return known.value
      const sight = await see(join(dir, fileOf(key)), known?.sight)
      const isSame = known !== undefined && known.isSettled && known.sight === sight
      const isLasting = isSame || isSettled(sight)
      // No file comes into a directory that is not there, unless that comes first.
      const dirTraits = folder.traits === missing || (isLasting && isSettled(folder)) ? folder.traits : undefined
      const value = isSame ? known.value : await read(key)
      remembered.set(key, { value, sight, isSettled: isLasting, dirTraits, lookedAt })
      return value
    },
    last: (key) => remembered.get(key)?.value,
    forget: (key) => {
      remembered.delete(key)
      look = undefined
    },
  }
}
