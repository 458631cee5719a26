import type { Address } from '../../src/core/address.ts'
import { keyText, type RRsetContent, type RRsetKey } from '../../src/core/rrset.ts'
import type { Mutation } from './zone.ts'

/**
 * A cache that honours TTLs and asks at the worst of times. Of what somebody else has put there it takes only what the engine
 * has had a chance to see.
 */
export interface Caches {
  /** It asks the name server, and is answered with this. */
  ask(key: RRsetKey, answer: RRsetContent, at: number): void
  moved(mutation: Mutation): void
  /** The engine has read the set. */
  seen(key: RRsetKey): void
  /** Edits that no process has seen are not held against the next; what a lost state knew of other TTLs neither. */
  restart(losesState: boolean, ttl: number, at: number): void
  heldUntil(address: Address): number
}

export const createCaches = (): Caches => {
  const held = new Map<Address, number>()
  /** Sets that somebody else has edited, with what they held before: the engine has not read them since. */
  const unseen = new Map<string, Set<Address>>()
  return {
    ask: (key, { values, ttl }, at) => {
      if (unseen.has(keyText(key))) return
      for (const value of values) held.set(value, Math.max(held.get(value) ?? 0, at + ttl * 1000))
    },
    moved: ({ key, before, after, change }) => {
      const topic = keyText(key)
      if (change === undefined) unseen.set(topic, new Set([...(unseen.get(topic) ?? []), ...before.values, ...after.values]))
      else unseen.delete(topic)
    },
    seen: (key) => void unseen.delete(keyText(key)),
    restart: (losesState, ttl, at) => {
      for (const values of unseen.values()) for (const value of values) held.delete(value)
      if (losesState) for (const [value, until] of held) held.set(value, Math.min(until, at + ttl * 1000))
    },
    heldUntil: (address) => held.get(address) ?? 0,
  }
}
