import type { Address } from '../../src/core/address.ts'
import type { CheckResult } from '../../src/core/result.ts'

interface Delivery {
  readonly at: number
  readonly isOk: boolean
}

/**
 * What checks have really told the running process of each address, kept apart from the engine's own books: the
 * rules are judged by it. Times are virtual.
 */
export interface Evidence {
  deliver(address: Address, result: CheckResult, startedAt: number): void
  /** The process has written down what it knows. */
  saved(): void
  /** A new process: what the old one had half gathered, or not written down, is gone. */
  restart(losesState: boolean): void
  hasPassed(address: Address): boolean
  /** Starts of the failures that no `rise` successes in a row have forgiven, oldest first. */
  failuresOf(address: Address): readonly number[]
}

export const createEvidence = (rise: number): Evidence => {
  const deliveries = new Map<Address, readonly Delivery[]>()
  let passed = new Set<Address>()
  let written = new Set<Address>()
  const endsWithRise = (all: readonly Delivery[]): boolean => all.length >= rise && all.slice(-rise).every((each) => each.isOk)

  return {
    deliver: (address, result, at) => {
      if (result.kind === 'cannot-tell') return
      const all = [...(deliveries.get(address) ?? []), { at, isOk: result.kind === 'ok' }]
      if (endsWithRise(all)) passed.add(address)
      deliveries.set(address, endsWithRise(all) ? all.slice(-rise) : all)
    },
    saved: () => {
      written = new Set(passed)
    },
    restart: (losesState) => {
      deliveries.clear()
      passed = new Set(losesState ? [] : written)
      written = new Set(passed)
    },
    hasPassed: (address) => passed.has(address),
    failuresOf: (address) => (deliveries.get(address) ?? []).filter((each) => !each.isOk).map((each) => each.at),
  }
}
