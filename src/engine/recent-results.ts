import type { Address } from '../core/address.ts'
import type { CheckResult } from '../core/result.ts'

/** What the latest checks of an address saw. Times: engine milliseconds. */
export interface RecentResult {
  readonly startedAt: number
  readonly kind: CheckResult['kind']
  readonly cause: string | undefined
  readonly ms: number
}

/** A short memory of checks, of thousands of addresses: a kilobyte each. */
export interface RecentResults {
  add(address: Address, result: CheckResult): void
  /** Oldest first; none of an address that is not known. */
  of(address: Address): readonly RecentResult[]
  /** Forgets all addresses but these. */
  keep(isKept: (address: Address) => boolean): void
}

interface Ring {
  readonly startedAt: Float64Array
  readonly ms: Float32Array
  /** An index in `kinds`. */
  readonly kind: Uint8Array
  readonly causes: (string | undefined)[]
  count: number
}

const kinds: readonly CheckResult['kind'][] = ['ok', 'failed', 'cannot-tell']

/** `most`: results of one address. */
export const createRecentResults = (most: number): RecentResults => {
  const rings = new Map<Address, Ring>()
  const newRing = (): Ring => ({ startedAt: new Float64Array(most), ms: new Float32Array(most), kind: new Uint8Array(most), causes: [], count: 0 })
  return {
    add: (address, result) => {
      const ring = rings.get(address) ?? newRing()
      const at = ring.count % most
      ring.startedAt[at] = result.startedAt
      ring.ms[at] = result.timing.totalMs
      ring.kind[at] = kinds.indexOf(result.kind)
      ring.causes[at] = result.kind === 'ok' ? undefined : result.cause
      ring.count += 1
      rings.set(address, ring)
    },
    of: (address) => {
      const ring = rings.get(address)
      if (ring === undefined) return []
      const length = Math.min(ring.count, most)
      return Array.from({ length }, (_, index) => {
        const at = (ring.count - length + index) % most
        return { startedAt: ring.startedAt[at] ?? 0, kind: kinds[ring.kind[at] ?? 0] ?? 'ok', cause: ring.causes[at], ms: ring.ms[at] ?? 0 }
      })
    },
    keep: (isKept) => {
      for (const address of rings.keys()) if (!isKept(address)) rings.delete(address)
    },
  }
}
