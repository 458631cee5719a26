import type { HealthCheck } from '../../src/core/site.ts'
import type { LineFault, Span } from './schedule.ts'
import { isWithin } from './world.ts'

/** The times over which nothing at all got through, oldest first; those that meet are one. */
const cutsOf = (line: readonly LineFault[]): readonly Span[] =>
  line
    .filter(({ loss }) => loss === 1)
    .toSorted((one, other) => one.from - other.from)
    .reduce<readonly Span[]>((cuts, { from, until }) => {
      const last = cuts.at(-1)
      return last === undefined || from > last.until ? [...cuts, { from, until }] : [...cuts.slice(0, -1), { from: last.from, until: Math.max(last.until, until) }]
    }, [])

/**
 * Whether too few of the failures (their starts, oldest first, milliseconds) come from a time when the line carried: all but the last must, of `fall`.
 * Who is asked every so often cannot see a cut that is shorter than that. So one failure in each of several such cuts is chance, where
 * the address failed outside of them, too; two in one cut never are.
 */
export const wereBlind = (failures: readonly number[], line: readonly LineFault[], check: Pick<HealthCheck, 'fall' | 'confirmSpanMs' | 'everyMs'>): boolean => {
  const cuts = cutsOf(line)
  const cutAt = (at: number): Span | undefined => cuts.find((cut) => isWithin(at, cut))
  if (failures.filter((at) => cutAt(at) === undefined).length >= check.fall - 1) return false
  const lastAt = failures.at(-1) ?? 0
  const needed = failures.slice(failures.findLastIndex((at, index) => failures.length - index >= check.fall && lastAt - at >= check.confirmSpanMs))
  const missed = needed.flatMap((at) => cutAt(at) ?? [])
  const isChance = new Set(missed).size === missed.length && missed.every(({ from, until }) => until - from < check.everyMs)
  return missed.length === needed.length || !isChance
}
