import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'

/** What a lock's file says of its holder. */
export const LockRecord = z.object({
  version: z.literal(1),
  /** Of this one attempt to take the lock; never recurs. */
  nonce: z.string().regex(/^[\w-]{1,80}$/),
  command: z.string(),
  /** ISO 8601. */
  since: z.string(),
  pid: z.number().int(),
  host: z.string(),
  machineId: z.string().optional(),
  bootId: z.string().optional(),
  pidNamespace: z.string().optional(),
  startTicks: z.number().optional(),
  /** Whether it listens on a socket beside the lock for as long as it lives. */
  hasSocket: z.boolean(),
})
export type LockRecord = Readonly<z.infer<typeof LockRecord>>

export interface FoundRecord {
  readonly record: LockRecord
  /** When the holder last gave a sign of life, by the file system's own clock: milliseconds since the epoch. */
  readonly beatAt: number
  /** False: the file is not a record of ours, and `record` only names it. */
  readonly isWhole: boolean
}

const unreadable = (inode: number): LockRecord => ({
  version: 1,
  nonce: `unreadable-${inode}`,
  command: 'unknown (the lock file cannot be read)',
  since: 'unknown',
  pid: 0,
  host: 'unknown',
  hasSocket: false,
})

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const orMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error
}

/** The record in a file; undefined if there is none. Rejects if it cannot be read. */
export const readRecord = async (file: string): Promise<FoundRecord | undefined> => {
  const facts = await stat(file).catch(orMissing)
  const text = await readFile(file, 'utf8').catch(orMissing)
  if (facts === undefined || text === undefined) return undefined
  const parsed = LockRecord.safeParse(parse(text))
  return parsed.success
    ? { record: parsed.data, beatAt: facts.mtimeMs, isWhole: true }
    : { record: unreadable(facts.ino), beatAt: facts.mtimeMs, isWhole: false }
}
