import { join } from 'node:path'
import { holderFile } from './lock-contender.ts'
import type { LockHolder } from './lock.ts'
import { isGone } from './lock-liveness.ts'
import { readRecord } from './lock-record.ts'
import { readOwnIdentity } from './process-identity.ts'

/** Who holds the lock of a state directory at this moment; undefined: nobody. Touches nothing. Rejects if it cannot be read. */
export const lockHolder = async (dir: string, wallNow: number): Promise<LockHolder | undefined> => {
  const folder = join(dir, 'lock')
  const found = await readRecord(holderFile(folder))
  if (found === undefined || (await isGone(folder, found, await readOwnIdentity(), wallNow))) return undefined
  const { pid, command, since, host } = found.record
  return { pid, command, since, host }
}
