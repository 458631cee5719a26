import type { EventQuery, StoredEvent } from '../engine/history-port.ts'
import { eventMatches } from './event-matches.ts'

/** The latest events, for readers that the file cannot serve, or not yet. */
export interface RecentEvents {
  add(event: StoredEvent): void
  /** Those that a query asks for, in its order, as many as it wants. */
  matching(query: EventQuery): readonly StoredEvent[]
}

export const createRecentEvents = (most: number): RecentEvents => {
  let events: StoredEvent[] = []
  return {
    add: (event) => {
      events.push(event)
      if (events.length >= 2 * most) events = events.slice(-most)
    },
    matching: (query) => {
      const found = events.slice(-most).filter((event) => eventMatches(event, query))
      return query.after === undefined ? found.toReversed().slice(0, query.limit) : found.slice(0, query.limit)
    },
  }
}
