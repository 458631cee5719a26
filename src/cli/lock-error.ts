import type { LockHolder } from '../store/lock.ts'
import { busyText, lostText, newHolder } from '../store/lock-text.ts'
import type { ErrorReport } from './render/json.ts'

const lockError = (code: 'locked' | 'lock-lost', message: string, holder: LockHolder | undefined): ErrorReport => ({
  code,
  message,
  outcome: null,
  obstacle: null,
  retryAfterMs: null,
  ...(holder === undefined ? {} : { holder }),
})

/** Somebody else has the state directory; `advice` is what to do. */
export const busyError = (holder: LockHolder, dir: string, advice: string): ErrorReport => lockError('locked', busyText(holder, dir, advice), holder)

/** Somebody else took the lock while this process worked; undefined: nobody did. */
export const lostError = (lost: AbortSignal, dir: string): ErrorReport | undefined =>
  lost.aborted ? lockError('lock-lost', lostText(lost.reason, dir), newHolder(lost.reason)) : undefined
