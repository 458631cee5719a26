import type { DayView, IncidentView, ReportView, SeriesPoint, StoredEvent, StoryView } from '../../engine/history-port.ts'

/*
 * Answers of the API that are not a view of the engine by themselves.
 */

export interface SessionView {
  readonly signedIn: boolean
  readonly name: string | null
  readonly mayRead: boolean
  readonly mayOperate: boolean
  readonly expiresAt: string | null
  readonly version: string
}

interface FromHistory {
  /** Why something may be missing. */
  readonly trouble: string | null
}

export interface SeriesView extends FromHistory {
  readonly points: readonly SeriesPoint[]
}

export interface DaysView extends FromHistory {
  readonly days: readonly DayView[]
}

export interface IncidentsView extends FromHistory {
  readonly incidents: readonly IncidentView[]
}

export interface IncidentStoryView extends FromHistory {
  readonly story: StoryView
}

export interface EventPageView extends FromHistory {
  readonly events: readonly StoredEvent[]
  readonly next: string | null
}

export type { ReportView }
