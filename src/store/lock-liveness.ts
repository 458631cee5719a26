import type { FoundRecord, LockRecord } from './lock-record.ts'
import { isListening } from './lock-socket.ts'
import { isEarlierBoot, isRunning, isSameKernel, type ProcessIdentity, sharesPids } from './process-identity.ts'

export const beatEveryMs = 5_000
/** A holder that only its beats can tell of is gone after so much silence: several beats, and a disk that is slow. */
export const silentAfterMs = 30_000

export const socketName = (record: Pick<LockRecord, 'nonce'>): string => `${record.nonce}.sock`

const identityOf = (record: LockRecord): ProcessIdentity => ({
  pid: record.pid,
  host: record.host,
  machineId: record.machineId,
  bootId: record.bootId,
  pidNamespace: record.pidNamespace,
  startTicks: record.startTicks,
})

/**
 * Whether a holder is gone for good. Under the same kernel, in whatever container, its socket says so the moment it
 * dies; where pids are shared it must also be missing under its number. A record of an earlier boot of this machine
 * is nobody's. A holder elsewhere, on a shared file system, counts as gone once its file has not been touched for
 * long; `fileSystemNow` is the same clock as its beats.
 */
export const isGone = async (dir: string, found: FoundRecord, own: ProcessIdentity, fileSystemNow: number): Promise<boolean> => {
  const { record } = found
  const holder = identityOf(record)
  const isSilent = fileSystemNow - found.beatAt > silentAfterMs
  if (!found.isWhole) return isSilent
  if (!isSameKernel(own, holder)) return isEarlierBoot(own, holder) || isSilent
  if (record.hasSocket && (await isListening(dir, socketName(record)))) return false
  if (sharesPids(own, holder)) return !(await isRunning(holder))
  return record.hasSocket || isSilent
}
