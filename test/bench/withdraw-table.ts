import { type FaultName, faultNames, isSilence } from './faults.ts'
import { quantile } from './lateness.ts'
import type { Checker } from './peers/checker.ts'
import { secondsText, type Table, timesText } from './table.ts'

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

interface Row {
  readonly regions: number
  readonly fault: FaultName
  readonly first: Sample
  readonly runs: number
  readonly withdrawn: readonly [number | undefined, number | undefined]
  readonly restored: readonly [number | undefined, number | undefined]
}

const rowsOf = (samples: readonly Sample[]): readonly Row[] => {
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

/** How many times as long each peer takes, median and 90th percentile: `3.1, 2.4 times`. Empty for a peer itself. */
const ratioTo = (row: Row, rows: readonly Row[], product: Checker['product']): string => {
  const peer = rows.find((each) => each.first.product === product && each.regions === row.regions && each.fault === row.fault)
  if (row.first.product !== 'dns-failover' || peer === undefined) return ''
  const [median, ninetieth] = [0, 1].map((at) => timesText(peer.withdrawn[at], row.withdrawn[at]))
  return median === 'it never does' || ninetieth === 'it never does' ? 'it never does' : `${median?.replace(' times', '')}, ${ninetieth}`
}

/** Everybody by regions and fault, and how many times as long as ours the peers take. */
export const withdrawTable = (title: string, notes: readonly string[], samples: readonly Sample[]): Table => {
  const rows = rowsOf(samples)
  return {
    title,
    notes,
    columns: ['regions', 'fault', 'who', 'runs', 'withdrawn, median', '90th', 'limit, median', '90th', 'PowerDNS takes', 'gdnsd takes', 'restored, median', '90th'],
    rows: rows.map((row) => [
      `${row.regions}`,
      row.fault,
      row.first.who,
      `${row.runs}`,
      ...row.withdrawn.map(secondsText),
      secondsText(limitMs(row.first, 0.5)),
      secondsText(limitMs(row.first, 0.9)),
      ratioTo(row, rows, 'PowerDNS'),
      ratioTo(row, rows, 'gdnsd'),
      ...(row.withdrawn[0] === undefined ? ['-', '-'] : row.restored.map(secondsText)),
    ]),
    values: rows.map(({ regions, fault, first, runs, withdrawn, restored }) => ({
      regions,
      fault,
      who: first.who,
      runs,
      withdrawnMedianMs: withdrawn[0],
      withdrawn90thMs: withdrawn[1],
      limitMedianMs: limitMs(first, 0.5),
      limit90thMs: limitMs(first, 0.9),
      restoredMedianMs: restored[0],
      restored90thMs: restored[1],
    })),
  }
}
