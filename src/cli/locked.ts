import { acquireLock, type LockHolder } from '../store/lock.ts'
import type { ErrorReport } from './render/json.ts'

export type Locked<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'busy'; readonly error: ErrorReport }

const busy = (holder: LockHolder, dir: string): ErrorReport => {
  const { pid, command, since, host } = holder
  const message = `the state directory ${dir} is in use by ${command} (process ${pid} on ${host}, since ${since}); nothing was written. Stop it, or wait until it ends`
  return { code: 'locked', message, outcome: null, obstacle: null, retryAfterMs: null, holder }
}

/** Does what must be done by one process at a time; the signal given to it also aborts if the lock is lost. @throws StateError */
export const locked = async <T>(dir: string, command: string, signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<Locked<T>> => {
  const lock = await acquireLock(dir, { command })
  if (lock.kind === 'busy') return { kind: 'busy', error: busy(lock.holder, dir) }
  try {
    return { kind: 'done', value: await act(AbortSignal.any([signal, lock.lost])) }
  } finally {
    await lock.release()
  }
}
