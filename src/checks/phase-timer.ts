import type { Bounds } from '../core/site.ts'
import { cannotTell, failed, type Trouble } from './trouble.ts'

/** The parts of a check, in order. Every moment of a check belongs to one. */
export type Phase = 'connect' | 'tls' | 'headers' | 'body'

/** One check's bounds: one timer at a time, due when the part's bound or the total ends, whichever is first. */
export interface PhaseTimer {
  /** Leaves the part before and bounds this one. `onExpire` gets what the silence proves. */
  enter(phase: Phase, onExpire: (trouble: Trouble) => void): void
  stop(): void
}

const phaseBound = (bounds: Bounds, phase: Phase): number =>
  ({ connect: bounds.connectMs, tls: bounds.tlsMs, headers: bounds.headersMs, body: bounds.bodyMs })[phase]

const causes = { connect: 'connect-timeout', tls: 'tls-timeout', headers: 'headers-timeout', body: 'body-timeout' } as const

/** `setTimeout` turns a longer delay into one millisecond. */
const longestDelay = 2 ** 31 - 1

/**
 * When a timeout proves nothing, because this process was not there to see the answer: its timer fired later than a
 * tenth of the bound, or it stood still for more than half of the bound on the whole; 50 ms are always forgiven.
 * What came during a shorter standstill is read before judging, so that a busy machine does not see nothing at all.
 */
const isLate = (boundMs: number, lateMs: number, lostMs: number): boolean =>
  lateMs > Math.max(50, boundMs / 10) || lostMs > Math.max(50, boundMs / 2)

/** The total counts from here. `lostMs` is how long the process has stood still so far. */
export const createPhaseTimer = (bounds: Bounds, now: () => number, lostMs: () => number): PhaseTimer => {
  const whole = { since: now(), lost: lostMs(), bound: bounds.totalMs }
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  const stop = (): void => {
    clearTimeout(timer)
    clearImmediate(turn)
  }
  const verdict = (phase: Phase, part: typeof whole, dueAt: number, firedAt: number): Trouble => {
    const isTotal = part.since + part.bound > whole.since + whole.bound
    const measured = isTotal ? whole : part
    const late = firedAt - dueAt
    const lost = lostMs() - measured.lost
    if (isLate(measured.bound, late, lost)) {
      const numbers = `${Math.round(lost)} of ${Math.round(measured.bound)} ms, and woke ${Math.round(late)} ms late`
      return cannotTell('late', `${phase}: this process stood still for ${numbers}`)
    }
    return isTotal
      ? failed('timeout', `no whole answer within ${Math.round(whole.bound)} ms, waiting for ${phase}`)
      : failed(causes[phase], `${phase}: not done within ${Math.round(part.bound)} ms`)
  }
  return {
    stop,
    enter: (phase, onExpire) => {
      stop()
      const part = { since: now(), lost: lostMs(), bound: phaseBound(bounds, phase) }
      const dueAt = Math.min(part.since + part.bound, whole.since + whole.bound)
      timer = setTimeout(() => {
        const firedAt = now()
        // Timers run before the sockets are read: what has arrived in time gets its turn first.
        turn = setImmediate(() => onExpire(verdict(phase, part, dueAt, firedAt)))
      }, Math.min(longestDelay, Math.max(0, Math.ceil(dueAt - part.since))))
    },
  }
}
