import type { CheckResult } from '../core/result.ts'
import { addCheck, type CheckSums, newChecks } from './check-sums.ts'
import type { Growing } from './latency.ts'
import type { EventRow, HistoryRow } from './messages.ts'
import { type WatchSums, watchSum } from './watch-sums.ts'

type SumRow = Exclude<HistoryRow, EventRow>
type Place = Pick<SumRow, 'site' | 'region' | 'address' | 'at'>

/** What is not in the file yet. Of what does not fit the oldest sums go first: events tell more. */
export interface Backlog {
  event(row: EventRow): void
  check(place: Place, result: CheckResult): void
  watched(place: Place, sums: WatchSums): void
  /** Takes the oldest out: events before sums. Sums, which still grow, only so many, and only those begun by then (monotonic milliseconds). */
  take(most: number, sums?: { readonly most: number; readonly begunBy: number }): readonly HistoryRow[]
  events(): number
  size(): number
  /** How many rows were dropped since this was last asked. */
  takeDropped(): number
}

interface Waiting {
  readonly row: SumRow
  readonly begunAt: number
  /** The row's own, of checks. */
  readonly growing?: Growing<CheckSums>
}

/** What is summed of one address now: found without a text made for it, which each check would cost. */
interface Current {
  readonly region: string
  readonly at: number
  readonly sums: Growing<CheckSums>
}

const keyOf = (kind: SumRow['kind'], { site, region, address, at }: Place): string => `${at} ${kind} ${site} ${region} ${address}`

/** `now`: monotonic milliseconds. */
export const createBacklog = (most: number, now: () => number): Backlog => {
  const events: EventRow[] = []
  /** In the order in which they were begun. */
  const sums = new Map<string, Waiting>()
  /** By site and address. */
  const current = new Map<string, Map<string, Current>>()
  let dropped = 0

  const remove = (key: string): void => {
    const row = sums.get(key)?.row
    sums.delete(key)
    const ofSite = row?.kind === 'checks' ? current.get(row.site) : undefined
    if (row === undefined || ofSite?.get(row.address)?.sums !== row.sums) return
    ofSite.delete(row.address)
    if (ofSite.size === 0) current.delete(row.site)
  }

  const bound = (): void => {
    while (events.length + sums.size > most) {
      const oldest = sums.keys().next()
      if (oldest.done === true) events.shift()
      else remove(oldest.value)
      dropped++
    }
  }

  const currentOf = ({ site, region, address, at }: Place): Current | undefined => {
    const known = current.get(site)?.get(address)
    return known?.at === at && known.region === region ? known : undefined
  }

  /** An address that led to another region meanwhile may have sums of this minute already. */
  const begin = (place: Place): Current => {
    const key = keyOf('checks', place)
    const known = sums.get(key)?.growing
    const made = { region: place.region, at: place.at, sums: known ?? newChecks() }
    if (known === undefined) sums.set(key, { row: { kind: 'checks', ...place, sums: made.sums }, begunAt: now(), growing: made.sums })
    const ofSite = current.get(place.site) ?? new Map<string, Current>()
    current.set(place.site, ofSite.set(place.address, made))
    return made
  }

  return {
    event: (row) => {
      events.push(row)
      bound()
    },
    check: (place, result) => {
      const known = currentOf(place)
      addCheck((known ?? begin(place)).sums, result)
      if (known === undefined) bound()
    },
    watched: (place, more) => {
      const key = keyOf('watched', place)
      const known = sums.get(key)
      const row = known?.row
      sums.set(key, { row: { kind: 'watched', ...place, sums: row?.kind === 'watched' ? watchSum(row.sums, more) : more }, begunAt: known?.begunAt ?? now() })
      bound()
    },
    take: (count, wanted) => {
      const rows: HistoryRow[] = events.splice(0, count)
      const until = Math.min(count, rows.length + (wanted?.most ?? 0))
      for (const [key, { row, begunAt }] of sums) {
        if (rows.length >= until || wanted === undefined || begunAt > wanted.begunBy) break
        remove(key)
        rows.push(row)
      }
      return rows
    },
    events: () => events.length,
    size: () => events.length + sums.size,
    takeDropped: () => {
      const count = dropped
      dropped = 0
      return count
    },
  }
}
