import { type FaultName, faultNames, isSilence } from './faults.ts'
import { quantile } from './lateness.ts'
import type { Checker } from './peers/checker.ts'

/** What one of them did with one fault. */
export interface Sample {
  readonly who: string
  readonly product: Checker['product']
  readonly everyMs: number
  readonly timeoutMs: number
  readonly fault: FaultName
  readonly regions: number
  /** From the fault until its name server answered without the address; undefined: not while it was waited for. */
  readonly withdrawnMs: number | undefined
  /** From the end of the fault until it answered with it again; undefined: it never was without. */
  readonly restoredMs: number | undefined
  /** It answered with the address again while the fault lasted. */
  readonly hasReturned: boolean
}

/** A quantile of which those that never came are the longest. */
export const quantileOfAll = (values: readonly (number | undefined)[], share: number): number | undefined => {
  const value = quantile(values.map((each) => each ?? Number.POSITIVE_INFINITY), share)
  return Number.isFinite(value) ? value : undefined
}

/**
 * The least that who checks at regular times can take, if a single check counts and nothing else takes time: the wait for the
 * next check, and the timeout where there is no answer.
 */
export const limitMs = ({ everyMs, timeoutMs, fault }: Pick<Sample, 'everyMs' | 'timeoutMs' | 'fault'>, share: number): number => everyMs * share + (isSilence(fault) ? timeoutMs : 0)

/** All that one of them did with one fault; each pair is the median and the 90th percentile. */
export interface Row {
  readonly regions: number
  readonly fault: FaultName
  readonly first: Sample
  readonly runs: number
  readonly withdrawn: readonly [number | undefined, number | undefined]
  readonly restored: readonly [number | undefined, number | undefined]
}

/** By regions and fault; undefined in a pair: never. */
export const rowsOf = (samples: readonly Sample[]): readonly Row[] => {
  const groups = new Map<string, Sample[]>()
  for (const each of samples) {
    const key = `${each.regions} ${faultNames.indexOf(each.fault)} ${each.who}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const rows = [...groups.values()].flatMap((all): readonly Row[] => {
    const [first] = all
    if (first === undefined) return []
    const both = (values: readonly (number | undefined)[]) => [quantileOfAll(values, 0.5), quantileOfAll(values, 0.9)] as const
    const restored = all.filter(({ withdrawnMs }) => withdrawnMs !== undefined).map(({ restoredMs }) => restoredMs)
    return [{ regions: first.regions, fault: first.fault, first, runs: all.length, withdrawn: both(all.map(({ withdrawnMs }) => withdrawnMs)), restored: restored.length === 0 ? [undefined, undefined] : both(restored) }]
  })
  return rows.toSorted((a, b) => a.regions - b.regions || faultNames.indexOf(a.fault) - faultNames.indexOf(b.fault))
}
