import type { SiteState } from '../../src/core/site-state.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Violation } from './rules.ts'

/** A write, or what keeps a process from looking at anything else, takes no longer. Milliseconds. */
const busyMs = 8_000

/** Judges whether a process decides anew the moment that an address need not wait for re-admission any longer. */
export interface WakeRules {
  /** The process has gone round, with all that it knows; its clock began at `startedAt`. */
  wentRound(state: Pick<SiteState, 'health'>, startedAt: number): void
  /** It has asked the provider for something: while that lasts, it looks at nothing else. */
  asked(): void
}

export const createWakeRules = (time: VirtualTime, isAlive: (startedAt: number) => boolean, violate: (violation: Violation) => void): WakeRules => {
  const due = new Set<number>()
  let roundAt = 0
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    wentRound: ({ health }, startedAt) => {
      const now = time.now()
      roundAt = now
      for (const { state, readmitAt } of Object.values(health)) {
        const at = startedAt + (readmitAt ?? 0)
        if (state !== 'up' || readmitAt === undefined || at <= now || due.has(at)) continue
        due.add(at)
        time.at(at + 1, () => {
          due.delete(at)
          const isBusy = time.now() - askedAt < busyMs
          if (isAlive(startedAt) && roundAt < at && !isBusy) violate({ rule: 'fast: a wait ends when it is over', at, text: `the process looked last at ${roundAt} ms` })
        })
      }
    },
    asked: () => {
      askedAt = time.now()
    },
  }
}
