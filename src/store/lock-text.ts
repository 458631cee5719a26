import { silentAfterMs } from './lock-liveness.ts'
import type { LockHolder } from './lock.ts'

const whoHas = ({ pid, command, since, host }: LockHolder): string => `${command} (process ${pid} on ${host}, since ${since})`

/** A lock's file that is not a whole record names nobody. */
const isUnreadable = (holder: LockHolder): boolean => holder.pid === 0 && holder.host === 'unknown'

/** Who has a state directory, and what to do about it, for people. */
export const busyText = (holder: LockHolder, dir: string, advice: string): string =>
  isUnreadable(holder)
    ? `the lock of the state directory ${dir} is damaged, so nobody knows who has it; unless somebody has, it clears itself ${silentAfterMs / 1000} s after it was written. ${advice}`
    : `the state directory ${dir} is in use by ${whoHas(holder)}; ${advice}`

/** Who has a lock that was lost, by the reason of its `lost` signal; undefined: the record is gone. */
export const newHolder = (reason: unknown): LockHolder | undefined =>
  typeof reason === 'object' && reason !== null && 'command' in reason ? (reason as LockHolder) : undefined

/** To whom a lock was lost; `reason` is that of the lock's `lost` signal. */
export const lostText = (reason: unknown, dir: string): string => {
  const holder = newHolder(reason)
  const whom = holder !== undefined ? ` to ${whoHas(holder)}, to whom this process seemed dead, as when the machine sleeps` : ': its file is gone'
  return `the lock of the state directory ${dir} was lost${whom}. Nothing more is written`
}
