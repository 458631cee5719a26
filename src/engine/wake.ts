import type { Clock } from './ports.ts'

/** Calls `act` at the first of these moments (engine milliseconds) that is still ahead; what was asked for before is forgotten. Not after the abort. */
export type Wake = (moments: readonly (number | undefined)[]) => void

export const createWake = (clock: Pick<Clock, 'now' | 'after'>, act: () => void, signal: AbortSignal): Wake => {
  let wanted: number | undefined
  let cancel: (() => void) | undefined
  signal.addEventListener('abort', () => cancel?.(), { once: true })
  return (moments) => {
    const now = clock.now()
    const ahead = moments.filter((moment): moment is number => moment !== undefined && moment > now && Number.isFinite(moment))
    const next = ahead.length === 0 ? undefined : Math.min(...ahead)
    if (next === wanted || signal.aborted) return
    cancel?.()
    wanted = next
    cancel = next === undefined ? undefined : clock.after(next - now, act)
  }
}
