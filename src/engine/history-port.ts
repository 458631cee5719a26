import type { EngineEvent } from './events.ts'
import type { AddressView } from './views.ts'

/** Something that happened, as it is kept and told. */
export interface StoredEvent {
  /** Grows with each event; a reader goes on after the last one that it has. */
  readonly id: number
  readonly at: string
  readonly site: string | null
  readonly region: string | null
  readonly address: string | null
  readonly kind: EngineEvent['kind'] | 'operator' | 'webhook' | 'service'
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  /** The event's own facts, JSON. */
  readonly data: unknown
}

export interface EventQuery {
  readonly site?: string | undefined
  readonly region?: string | undefined
  readonly kinds?: readonly string[] | undefined
  /** ISO 8601. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Only those with a greater id, oldest first; otherwise the newest first. */
  readonly after?: number | undefined
  /** Only those with a smaller id. */
  readonly before?: number | undefined
  /** 1 to 1000. */
  readonly limit: number
}

/** What has happened. No method rejects for trouble with its file: what it cannot give is missing, and `trouble` says why. */
export interface HistoryReader {
  events(query: EventQuery): Promise<{ readonly events: readonly StoredEvent[]; readonly trouble: string | null }>
  report(query: { readonly sites: readonly string[]; readonly sinceMs: number; readonly untilMs: number }): Promise<ReportView>
  /** Calls back with each new event until the signal aborts; those after `after` that are kept come first. */
  follow(after: number | undefined, listener: (event: StoredEvent) => void, signal: AbortSignal): void
}

export interface ReportView {
  readonly since: string
  readonly until: string
  readonly sites: readonly SiteReportView[]
  readonly trouble: string | null
}

export interface SiteReportView {
  readonly site: string
  /** Of the time that was watched, how much the site had an address published that was up; null: not watched. In [0, 1]. */
  readonly availability: number | null
  /** How much of the period was watched, in [0, 1]. */
  readonly coverage: number
  readonly regions: readonly { readonly region: string; readonly availability: number | null; readonly coverage: number; readonly incidents: number; readonly downMs: number }[]
  readonly incidents: readonly IncidentView[]
}

/** A region's address that went down, or a site that failed open, was blind, or had a failing provider. */
export interface IncidentView {
  /** Stable: the id of the event that began it. */
  readonly id: number
  readonly site: string
  readonly region: string | null
  readonly address: string | null
  readonly kind: 'down' | 'fail-open' | 'fail-closed' | 'blind' | 'provider-failed' | 'disagreed'
  readonly cause: string
  readonly startedAt: string
  /** Null: it lasts. */
  readonly endedAt: string | null
  readonly durationMs: number
  /** From the first failed check to the verdict, to the write, to the last name server's agreement. */
  readonly detectMs: number | null
  readonly withdrawMs: number | null
  readonly effectMs: number | null
}

export interface SeriesPoint {
  readonly at: string
  readonly ok: number
  readonly failed: number
  readonly cannotTell: number
  readonly causes: Readonly<Record<string, number>>
  /** Of the checks that passed; null: none did. Milliseconds. */
  readonly latency: { readonly minMs: number; readonly meanMs: number; readonly p50Ms: number; readonly p95Ms: number; readonly maxMs: number } | null
  /** Means of those that passed. Milliseconds. */
  readonly phases: Readonly<Partial<Record<'connect' | 'tls' | 'headers' | 'body', number>>>
  readonly certificateDays: number | null
}

export interface DayView {
  /** UTC, `2026-01-31`. */
  readonly day: string
  /** Null: of the site itself. */
  readonly region: string | null
  readonly availability: number | null
  readonly coverage: number
  readonly downMs: number
  readonly degradedMs: number
}

/** For charts and stories; what the file cannot give is missing, and `trouble` says why. */
export interface ChartReader {
  series(query: { readonly site: string; readonly address: string; readonly sinceMs: number; readonly untilMs: number; readonly stepMs: number }): Promise<{ readonly points: readonly SeriesPoint[]; readonly trouble: string | null }>
  days(query: { readonly site: string; readonly sinceMs: number; readonly untilMs: number }): Promise<{ readonly days: readonly DayView[]; readonly trouble: string | null }>
  /** Newest first. */
  incidents(query: IncidentQuery): Promise<{ readonly incidents: readonly IncidentView[]; readonly trouble: string | null }>
  /** Undefined: there is no such incident. */
  story(id: number): Promise<{ readonly story: StoryView | undefined; readonly trouble: string | null }>
}

export interface IncidentQuery {
  readonly sites: readonly string[]
  readonly region?: string | undefined
  readonly kinds?: readonly IncidentView['kind'][] | undefined
  readonly sinceMs: number
  readonly untilMs: number
  /** 1 to 1000. */
  readonly limit: number
}

/** All that is kept of an incident. */
export interface StoryView {
  readonly incident: IncidentView
  /** Of its site, from shortly before it began until shortly after it ended, oldest first: words, verdicts, decisions, writes, verifications, orders. */
  readonly events: readonly StoredEvent[]
  /** There were more. */
  readonly isCut: boolean
  /** The checks of its address over that time; empty if it is about no address. */
  readonly points: readonly SeriesPoint[]
}

export interface AddressSample extends Pick<AddressView, 'address' | 'state'> {
  readonly sets: readonly { readonly isPublished: boolean }[]
}

/** How a site's addresses stand, and nothing of why: for whoever asks of thousands every few seconds. A `SiteView` says the same, and is one. */
export interface SiteSample {
  readonly site: string
  /** `drain` is null where no operator took the region out. */
  readonly regions: readonly { readonly region: string; readonly drain: object | null; readonly addresses: readonly AddressSample[] }[]
  /** Published, but led to by no region. */
  readonly others: readonly AddressSample[]
}
