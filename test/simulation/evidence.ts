import type { Address } from '../../src/core/address.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { HealthCheck } from '../../src/core/site.ts'

interface Delivery {
  readonly at: number
  readonly isOk: boolean
}

interface Underway {
  readonly at: number
  said: CheckResult | undefined
  hasEnded: boolean
}

/**
 * What checks have really told the running process of each address, kept apart from the engine's own books: the
 * rules are judged by it. Times are virtual.
 */
export interface Evidence {
  /** A check begins. What is returned is called with what it said, or undefined if nobody heard it; results count in the order of the starts. */
  begin(address: Address, startedAt: number): (result: CheckResult | undefined) => void
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
  /** Checks that have begun and do not count yet, oldest first. */
  let underway = new Map<Address, Underway[]>()
  let passed = new Set<Address>()
  let written = new Set<Address>()
  const endsWithRise = (all: readonly Delivery[]): boolean => all.length >= rise && all.slice(-rise).every((each) => each.isOk)

  const failures = (address: Address): readonly number[] => (deliveries.get(address) ?? []).filter((each) => !each.isOk).map((each) => each.at)

  const count = (address: Address, result: CheckResult, at: number): void => {
    if (result.kind === 'cannot-tell') return
    const all = [...(deliveries.get(address) ?? []), { at, isOk: result.kind === 'ok' }]
    if (endsWithRise(all)) passed.add(address)
    deliveries.set(address, endsWithRise(all) ? all.slice(-rise) : all)
    const failed = failures(address)
    if (endsWithRise(all)) opinions.set(address, 'up')
    else if (failed.length >= fall && (failed.at(-1) ?? 0) - (failed[0] ?? 0) >= confirmSpanMs) opinions.set(address, 'down')
  }

  return {
    begin: (address, at) => {
      const queue = underway.get(address) ?? []
      underway.set(address, queue)
      const one: Underway = { at, said: undefined, hasEnded: false }
      queue.push(one)
      return (result) => {
        one.said = result
        one.hasEnded = true
        for (let next = queue[0]; next?.hasEnded === true; next = queue[0]) {
          queue.shift()
          if (next.said !== undefined) count(address, next.said, next.at)
        }
      }
    },
    saved: () => {
      written = new Set(passed)
    },
    restart: (losesState) => {
      deliveries.clear()
      underway = new Map()
      opinions.clear()
      passed = new Set(losesState ? [] : written)
      written = new Set(passed)
    },
    hasPassed: (address) => passed.has(address),
    opinionOf: (address) => opinions.get(address) ?? 'unknown',
    failuresOf: failures,
  }
}
