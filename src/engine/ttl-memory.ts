import { type Address, addressSet } from '../core/address.ts'
import { type CurrentRRset, keyText, type RRsetContent, type RRsetKey } from '../core/rrset.ts'

/** With which TTLs a set may still be handed out: a name server that lags can be several versions behind. */
export interface TtlMemory {
  /** What the records are now. */
  note(current: readonly CurrentRRset[], now: number): void
  /** The longest, in seconds; undefined: of no version is anything known. */
  longest(key: RRsetKey): number | undefined
  /** Every name server has the newest version. Returns the older ones, by TTL, and forgets them. */
  agreed(key: RRsetKey): readonly Pick<RRsetContent, 'values' | 'ttl'>[]
}

/** A server that is further behind than this is not waited for. Milliseconds. */
const longestLagMs = 86_400_000

interface Versions {
  /** All that was handed out with this TTL. */
  readonly values: readonly Address[]
  readonly at: number
}

export const createTtlMemory = (): TtlMemory => {
  const seen = new Map<string, { readonly newest: CurrentRRset; readonly byTtl: Map<number, Versions> }>()

  return {
    note: (current, now) => {
      for (const newest of current) {
        const { key, values, ttl } = newest
        if (values.length === 0) continue
        const byTtl = seen.get(keyText(key))?.byTtl ?? new Map<number, Versions>()
        seen.set(keyText(key), { newest, byTtl })
        byTtl.set(ttl, { values: addressSet([...(byTtl.get(ttl)?.values ?? []), ...values]), at: now })
        for (const [each, { at }] of byTtl) if (at < now - longestLagMs) byTtl.delete(each)
      }
    },
    longest: (key) => {
      const known = seen.get(keyText(key))
      return known === undefined ? undefined : Math.max(...known.byTtl.keys())
    },
    agreed: (key) => {
      const known = seen.get(keyText(key))
      if (known === undefined) return []
      const { newest, byTtl } = known
      const older = [...byTtl].flatMap(([ttl, { values }]) => (ttl === newest.ttl ? [] : [{ ttl, values }]))
      const at = byTtl.get(newest.ttl)?.at
      byTtl.clear()
      if (at !== undefined) byTtl.set(newest.ttl, { values: newest.values, at })
      return older
    },
  }
}
