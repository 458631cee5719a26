import { type Address, familyOf } from '../../src/core/address.ts'
import type { Site } from '../../src/core/site.ts'
import type { Knowledge, Violate } from './order-rules.ts'
import type { ServerFault, SimulatedRegion, Span } from './schedule.ts'
import { timeoutMs } from './world.ts'

/** What is usual of an address that was never slow has been learned after so long without trouble; of one that was, it takes hundreds of checks. */
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
  /** The engine says that an address is down. */
  fell(address: Address, at: number): void
  judge(silence: Silence, at: number): void
}

export const createSilenceRules = (known: Knowledge, { check }: Site, violate: Violate): SilenceRules => {
  const { schedule, places, evidence } = known
  // One timeout, and what the checks must span: not a timeout for each of them.
  const confirmedWithinMs = timeoutMs + Math.max(check.confirmSpanMs, patienceMs) + 50
  const noticedWithinMs = check.everyMs + confirmedWithinMs + 50
  const fallen = new Map<Address, number>()
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
      const wasSlow = silence.region.slow.some((each) => meets(each, startedAt ?? 0, fault.from))
      const isWatched = schedule.engine === 'service' && known.isResolved(silence.region.name)
      return isWatched && isLearned && !wasSlow && isSteady(silence, fault.from - learnedMs, fault.from + noticedWithinMs) && evidence.opinionOf(address) === 'up' && evidence.failuresOf(address).length === 0
    },
    fell: (address, at) => void fallen.set(address, at),
    judge: (silence, at) => {
      const { region, address, fault } = silence
      const startedAt = known.runningSince()
      const isSame = startedAt !== undefined && startedAt < fault.from && places.leadsTo(region).includes(address)
      if (!isSame || fault.until < at) return
      const failures = evidence.failuresOf(address)
      const [first = at] = failures
      const downAt = fallen.get(address) ?? Number.POSITIVE_INFINITY
      if (downAt - first <= confirmedWithinMs && evidence.opinionOf(address) === 'down') return
      violate('fast: silence costs one timeout', at, `${address} has been silent since ${fault.from} ms, has ${failures.length} failures since ${first} ms, and is down since ${downAt} ms`)
    },
  }
}
