import type { SiteState } from '../../src/core/site-state.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Violation } from './rules.ts'

/** A write, or what keeps a process from looking at anything else, takes no longer. Milliseconds. */
const busyMs = 8_000

/** The write of a removal that is not certain may have taken effect so much later, and its window begins then. Milliseconds. */
const flightMs = 10_000

/** Judges whether a process decides anew the moment that an address need not wait for re-admission any longer, or that a removal counts no more. */
export interface WakeRules {
  /** The process has gone round, with all that it knows; its clock began at `startedAt`. */
  wentRound(state: Pick<SiteState, 'health' | 'removals'>, startedAt: number): void
  /** It has asked the provider for something: while that lasts, it looks at nothing else. */
  asked(): void
}

export const createWakeRules = (time: VirtualTime, budgetWindowMs: number, isAlive: (startedAt: number) => boolean, violate: (violation: Violation) => void): WakeRules => {
  const due = new Set<number>()
  /** What there was to wait for at the last round: a removal may have been taken back since it was made. */
  let ahead: readonly number[] = []
  let roundAt = 0
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    wentRound: ({ health, removals }, startedAt) => {
      const now = time.now()
      roundAt = now
      const waits = Object.values(health).flatMap(({ state, readmitAt }) => (state === 'up' && readmitAt !== undefined ? [readmitAt] : []))
      ahead = [...waits, ...removals.map(({ at, isUncertain }) => at + budgetWindowMs + (isUncertain ? flightMs : 0))].map((moment) => startedAt + moment)
      for (const at of ahead) {
        if (at <= now || due.has(at)) continue
        due.add(at)
        time.at(at + 1, () => {
          due.delete(at)
          const isBusy = time.now() - askedAt < busyMs
          if (isAlive(startedAt) && roundAt < at && ahead.includes(at) && !isBusy) violate({ rule: 'fast: a wait ends when it is over', at, text: `the process looked last at ${roundAt} ms` })
        })
      }
    },
    asked: () => {
      askedAt = time.now()
    },
  }
}
