import { setMaxListeners } from 'node:events'
import { acquireLock } from '../store/lock.ts'
import { busyError, lostError } from './lock-error.ts'
import type { ErrorReport } from './render/json.ts'

export type Locked<T> =
  /** `lost`: meanwhile somebody else took the lock, so that it ended early. */
  | { readonly kind: 'done'; readonly value: T; readonly lost: ErrorReport | undefined }
  | { readonly kind: 'busy'; readonly error: ErrorReport }

/** Does what must be done by one process at a time; the signal given to it also aborts if the lock is lost. @throws StateError */
export const locked = async <T>(dir: string, command: string, signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<Locked<T>> => {
  const lock = await acquireLock(dir, { command })
  if (lock.kind === 'busy') return { kind: 'busy', error: busyError(lock.holder, dir, 'nothing was written. Stop it, or wait until it ends') }
  try {
    const either = AbortSignal.any([signal, lock.lost])
    setMaxListeners(0, either)
    return { kind: 'done', value: await act(either), lost: lostError(lock.lost, dir) }
  } finally {
    await lock.release()
  }
}
