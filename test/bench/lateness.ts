import { phaseOf } from '../../src/core/turns.ts'

/** A check as its region saw it come. */
export interface Arrival {
  readonly site: string
  readonly address: string
  /** Monotonic milliseconds. */
  readonly at: number
}

export interface Lateness {
  readonly count: number
  /** Turns without a check. */
  readonly missed: number
  /** Milliseconds; a missed turn counts as a whole interval. */
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The value that a share of all is not above; 0 of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** Where on a circle the values begin: after the widest gap between two of them. */
const beginning = (values: readonly number[], round: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  let [widest, start] = [-1, 0]
  for (const [index, value] of sorted.entries()) {
    const before = index === 0 ? (sorted.at(-1) ?? 0) - round : (sorted[index - 1] ?? 0)
    if (value - before > widest) [widest, start] = [value - before, value]
  }
  return start
}

/**
 * How late checks came for their regular turns, told from outside: each address has a phase of its own in every interval,
 * so all are off by the same, the difference of two clocks, but for their lateness. The one that came soonest counts as in time.
 */
export const latenessOf = (arrivals: readonly Arrival[], everyMs: number): Lateness => {
  const offset = ({ site, address, at }: Arrival): number => at - phaseOf(`${site} ${address}`) * everyMs
  const start = beginning(arrivals.map((each) => modulo(offset(each), everyMs)), everyMs)
  const turns = new Map<string, number[]>()
  const late = arrivals.map((each) => {
    const since = offset(each) - start
    const turn = Math.floor(since / everyMs)
    turns.set(`${each.site} ${each.address}`, [...(turns.get(`${each.site} ${each.address}`) ?? []), turn])
    return since - turn * everyMs
  })
  const missed = [...turns.values()].reduce((sum, all) => sum + Math.max(...all) - Math.min(...all) + 1 - new Set(all).size, 0)
  const all = [...late, ...Array<number>(missed).fill(everyMs)]
  return { count: late.length, missed, p50: quantile(all, 0.5), p99: quantile(all, 0.99), max: quantile(all, 1) }
}
