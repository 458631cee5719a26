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
 * How much of a bound this process may have stood still for its silence still to be evidence: a tenth of the
 * bound, but at least 50 ms. Beyond that a timeout is `late`: the answer may have been there and we were not.
 */
const tolerated = (boundMs: number): number => Math.max(50, boundMs / 10)

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
    const lost = Math.max(lostMs() - measured.lost, firedAt - dueAt)
    if (lost > tolerated(measured.bound)) {
      return cannotTell('late', `${phase}: this process stood still for ${Math.round(lost)} of ${Math.round(measured.bound)} ms`)
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
