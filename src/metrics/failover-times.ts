import type { Address } from '../core/address.ts'
import type { EngineEvent } from '../engine/events.ts'

/** One part of a failover, and how long it took. */
export interface FailoverTime {
  /** detection: from the first failed check to the verdict. withdrawal: to the write without it. effect: from a write to the last name server. */
  readonly part: 'detection' | 'withdrawal' | 'effect'
  readonly seconds: number
}

/** Addresses of one site that fell and have not been withdrawn yet: when, in engine milliseconds, oldest first. */
export type Falls = ReadonlyMap<Address, number>

/** Beyond this the oldest falls are not waited for any more. */
const mostFalls = 256

const withFall = (falls: Falls, address: Address, now: number): Falls => new Map([...[...falls].filter(([each]) => each !== address).slice(1 - mostFalls), [address, now]])

const withoutFalls = (falls: Falls, addresses: readonly Address[]): Falls =>
  addresses.some((each) => falls.has(each)) ? new Map([...falls].filter(([each]) => !addresses.includes(each))) : falls

const nothing = (falls: Falls): { readonly falls: Falls; readonly times: readonly FailoverTime[] } => ({ falls, times: [] })

/**
 * What one event of a site says of how long its failover takes. Only a fall from up was a failover to detect: what was
 * down already when this program began to look says nothing of how quickly it looks.
 */
export const failoverTimes = (falls: Falls, event: EngineEvent, now: number): { readonly falls: Falls; readonly times: readonly FailoverTime[] } => {
  switch (event.kind) {
    case 'health': {
      if (event.to !== 'down') return nothing(withoutFalls(falls, [event.address]))
      if (event.from !== 'up') return nothing(falls)
      const times = event.failingSince === undefined ? [] : [{ part: 'detection' as const, seconds: Math.max(0, now - event.failingSince) / 1000 }]
      return { falls: withFall(falls, event.address, now), times }
    }
    case 'written': {
      const removed = event.changes.flatMap(({ before, after }) => before.values.filter((value) => !after.values.includes(value)))
      const withdrawn = [...falls].filter(([address]) => removed.includes(address))
      const times = withdrawn.map(([, fellAt]) => ({ part: 'withdrawal' as const, seconds: Math.max(0, now - fellAt) / 1000 }))
      return { falls: withoutFalls(falls, removed), times }
    }
    case 'verified': {
      const { outcome, timeToEffectMs } = event.verification
      const times = outcome === 'agreed' && timeToEffectMs !== undefined ? [{ part: 'effect' as const, seconds: Math.max(0, timeToEffectMs) / 1000 }] : []
      return { falls, times }
    }
    default:
      return nothing(falls)
  }
}
