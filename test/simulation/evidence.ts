import type { Address } from '../../src/core/address.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { HealthCheck } from '../../src/core/site.ts'

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
  /** What its results add up to, for one who sees that other things answer. */
  opinionOf(address: Address): 'up' | 'down' | 'unknown'
  /** Starts of the failures that no `rise` successes in a row have forgiven, oldest first. */
  failuresOf(address: Address): readonly number[]
}

export const createEvidence = ({ rise, fall, confirmSpanMs }: Pick<HealthCheck, 'rise' | 'fall' | 'confirmSpanMs'>): Evidence => {
  const deliveries = new Map<Address, readonly Delivery[]>()
  const opinions = new Map<Address, 'up' | 'down'>()
  let passed = new Set<Address>()
  let written = new Set<Address>()
  const endsWithRise = (all: readonly Delivery[]): boolean => all.length >= rise && all.slice(-rise).every((each) => each.isOk)

  const failures = (address: Address): readonly number[] => (deliveries.get(address) ?? []).filter((each) => !each.isOk).map((each) => each.at)

  return {
    deliver: (address, result, at) => {
      if (result.kind === 'cannot-tell') return
      const all = [...(deliveries.get(address) ?? []), { at, isOk: result.kind === 'ok' }]
      if (endsWithRise(all)) passed.add(address)
      deliveries.set(address, endsWithRise(all) ? all.slice(-rise) : all)
      const failed = failures(address)
      if (endsWithRise(all)) opinions.set(address, 'up')
      else if (failed.length >= fall && (failed.at(-1) ?? 0) - (failed[0] ?? 0) >= confirmSpanMs) opinions.set(address, 'down')
    },
    saved: () => {
      written = new Set(passed)
    },
    restart: (losesState) => {
      deliveries.clear()
      opinions.clear()
      passed = new Set(losesState ? [] : written)
      written = new Set(passed)
    },
    hasPassed: (address) => passed.has(address),
    opinionOf: (address) => opinions.get(address) ?? 'unknown',
    failuresOf: failures,
  }
}
