import { type Address, familyOf } from '../../src/core/address.ts'
import type { Site } from '../../src/core/site.ts'
import type { Knowledge, Violate } from './order-rules.ts'
import type { ServerFault, SimulatedRegion, Span } from './schedule.ts'
import { timeoutMs } from './world.ts'

/** What is usual of an address has been learned after so long without trouble. */
const learnedMs = 45_000

/** Patience with servers that answer within 80 ms, and a little for the last check to end. */
const patienceMs = 500

/** An address that falls silent: its server, and when. */
export interface Silence {
  readonly region: SimulatedRegion
  readonly address: Address
  readonly fault: ServerFault
}

/** Judges how long it takes until checks say that a server is silent which was well and steady before. */
export interface SilenceRules {
  /** From the moment that it falls silent; by then it must be noticed. */
  readonly noticedWithinMs: number
  /** At the moment when it falls silent: whether it was well and steady so long that it is to be noticed in time. */
  mustBeNoticed(silence: Silence): boolean
  judge(silence: Silence, at: number): void
}

export const createSilenceRules = (known: Knowledge, { check }: Site, violate: Violate): SilenceRules => {
  const { schedule, places, evidence } = known
  // The wait for its turn, one timeout, and what the checks must span: not a timeout for each of them.
  const noticedWithinMs = check.everyMs + timeoutMs + Math.max(check.confirmSpanMs, patienceMs) + 100
  const meets = (span: Span, from: number, until: number): boolean => span.from < until && span.until > from

  const isSteady = ({ region, address, fault }: Silence, since: number, until: number): boolean => {
    const others = region.faults.filter((each) => each !== fault)
    const line = schedule.line[familyOf(address)]
    return ![...others, ...region.slow, ...line].some((each) => meets(each, since, until)) && places.leadsTo(region).includes(address)
  }

  return {
    noticedWithinMs,
    mustBeNoticed: (silence) => {
      const { address, fault } = silence
      const startedAt = known.runningSince()
      const isLearned = startedAt !== undefined && startedAt < fault.from - learnedMs
      const isWatched = schedule.engine === 'service' && known.isResolved(silence.region.name)
      return isWatched && isLearned && isSteady(silence, fault.from - learnedMs, fault.from + noticedWithinMs) && evidence.opinionOf(address) === 'up' && evidence.failuresOf(address).length === 0
    },
    judge: (silence, at) => {
      const { region, address, fault } = silence
      const startedAt = known.runningSince()
      const isSame = startedAt !== undefined && startedAt < fault.from && places.leadsTo(region).includes(address)
      if (!isSame || fault.until < at || evidence.opinionOf(address) === 'down') return
      violate('fast: silence costs one timeout', at, `${address} has been silent since ${fault.from} ms, and has ${evidence.failuresOf(address).length} failures`)
    },
  }
}
