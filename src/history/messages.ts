import type { EventQuery, IncidentQuery } from '../engine/history-port.ts'
import type { CheckSums } from './check-sums.ts'
import type { WatchSums } from './watch-sums.ts'

/** An event as it goes into the file. `data` is JSON. */
export interface EventRow {
  readonly kind: 'event'
  readonly id: number
  readonly at: number
  readonly site: string | null
  readonly region: string | null
  readonly address: string | null
  readonly event: string
  readonly level: string
  readonly text: string
  readonly data: string
}

/** `at`: the minute's start. Added to what the file has of that minute and its hour already. */
export type HistoryRow =
  | EventRow
  | { readonly kind: 'checks'; readonly site: string; readonly region: string; readonly address: string; readonly at: number; readonly sums: CheckSums }
  | { readonly kind: 'watched'; readonly site: string; readonly region: string; readonly address: string; readonly at: number; readonly sums: WatchSums }

export interface Retention {
  readonly eventsMs: number
  readonly minutesMs: number
  readonly hoursMs: number
}

export interface SeriesQuery {
  readonly site: string
  readonly address: string
  readonly sinceMs: number
  readonly untilMs: number
  readonly stepMs: number
}

export interface DaysQuery {
  readonly site: string
  readonly sinceMs: number
  readonly untilMs: number
}

export type Question =
  | { readonly kind: 'events'; readonly query: EventQuery }
  | { readonly kind: 'report'; readonly sites: readonly string[]; readonly sinceMs: number; readonly untilMs: number; readonly nowMs: number }
  | ({ readonly kind: 'series' } & SeriesQuery)
  | ({ readonly kind: 'days'; readonly nowMs: number } & DaysQuery)
  | { readonly kind: 'incidents'; readonly query: IncidentQuery; readonly nowMs: number }
  | { readonly kind: 'story'; readonly id: number; readonly nowMs: number }

export type ToWorker =
  /** Opens the file if it is not open; answered by `opened` or `trouble`. */
  | { readonly kind: 'open'; readonly wallMs: number }
  /** A batch is written once, however often it is sent: `run` and `seq` say whether it has been. */
  | { readonly kind: 'write'; readonly run: string; readonly seq: number; readonly rows: readonly HistoryRow[]; readonly wallMs: number }
  /** `until`: milliseconds since the epoch; later nobody waits for the answer. */
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly until: number; readonly wallMs: number }
  | { readonly kind: 'tidy'; readonly wallMs: number; readonly retention: Retention }
  | { readonly kind: 'close' }

export type FromWorker =
  /** `maxId`: the greatest id of an event in the file, 0 if there is none. */
  | { readonly kind: 'opened'; readonly maxId: number }
  /** It can be neither opened nor written. */
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'set-aside'; readonly text: string }
  | { readonly kind: 'written'; readonly seq: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  /** `isMore`: not all that is old has been deleted yet. */
  | { readonly kind: 'tidied'; readonly isMore: boolean }
  | { readonly kind: 'closed' }

/** `value` is what the question's kind gives. */
export type Answer = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'trouble'; readonly text: string }
