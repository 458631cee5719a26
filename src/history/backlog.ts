import { type CheckSums, checkSum } from './check-sums.ts'
import type { EventRow, HistoryRow } from './messages.ts'
import { type WatchSums, watchSum } from './watch-sums.ts'

type SumRow = Exclude<HistoryRow, EventRow>
type Place = Pick<SumRow, 'site' | 'region' | 'address' | 'at'>

/** What is not in the file yet. Of what does not fit the oldest sums go first: events tell more. */
export interface Backlog {
  event(row: EventRow): void
  checks(place: Place, sums: CheckSums): void
  watched(place: Place, sums: WatchSums): void
  /** Takes the oldest out: events before sums. Sums only where these are wanted, for they still grow. */
  take(most: number, withSums: boolean): readonly HistoryRow[]
  events(): number
  size(): number
  /** How many rows were dropped since this was last asked. */
  takeDropped(): number
}

export const createBacklog = (most: number): Backlog => {
  const events: EventRow[] = []
  const sums = new Map<string, SumRow>()
  let dropped = 0

  const bound = (): void => {
    while (events.length + sums.size > most) {
      const oldest = sums.keys().next()
      if (oldest.done === true) events.shift()
      else sums.delete(oldest.value)
      dropped++
    }
  }

  const keyOf = (kind: SumRow['kind'], { site, region, address, at }: Place): string => `${at} ${kind} ${site} ${region} ${address}`

  return {
    event: (row) => {
      events.push(row)
      bound()
    },
    checks: (place, more) => {
      const key = keyOf('checks', place)
      const known = sums.get(key)
      sums.set(key, { kind: 'checks', ...place, sums: known?.kind === 'checks' ? checkSum(known.sums, more) : more })
      bound()
    },
    watched: (place, more) => {
      const key = keyOf('watched', place)
      const known = sums.get(key)
      sums.set(key, { kind: 'watched', ...place, sums: known?.kind === 'watched' ? watchSum(known.sums, more) : more })
      bound()
    },
    take: (count, withSums) => {
      const rows: HistoryRow[] = events.splice(0, count)
      if (!withSums) return rows
      for (const [key, row] of sums) {
        if (rows.length >= count) break
        sums.delete(key)
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
