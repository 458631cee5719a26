import type { IncidentView, StoredEvent } from '../../engine/history-port.ts'

export type TimelineEntry =
  | { readonly kind: 'incident'; readonly at: string; readonly incident: IncidentView }
  | { readonly kind: 'action'; readonly at: string; readonly event: StoredEvent }

/** One of the two lists as far as it has been read, newest first. */
export interface ReadPart<T> {
  readonly items: readonly T[]
  /** There is no more. */
  readonly isWhole: boolean
}

/** With what was read now; the newer word on an item counts. */
export const joinItems = <T extends { readonly id: number }>(before: readonly T[], page: readonly T[], atOf: (item: T) => string): readonly T[] => {
  const all = new Map(before.map((item) => [item.id, item]))
  for (const item of page) all.set(item.id, item)
  return [...all.values()].toSorted((a, b) => Date.parse(atOf(b)) - Date.parse(atOf(a)) || b.id - a.id)
}

const oldestKnown = (at: readonly string[], isWhole: boolean): number => (isWhole ? Number.NEGATIVE_INFINITY : Date.parse(at.at(-1) ?? '9999-12-31T00:00:00Z'))

/**
 * Both lists in one, newest first. What is older than the oldest that is read of a list which has more is left for later: a
 * page that comes in must not push itself between what is already there.
 */
export const mergeTimeline = (incidents: ReadPart<IncidentView>, events: ReadPart<StoredEvent>): readonly TimelineEntry[] => {
  const entries: readonly TimelineEntry[] = [
    ...incidents.items.map((incident) => ({ kind: 'incident', at: incident.startedAt, incident }) as const),
    ...events.items.map((event) => ({ kind: 'action', at: event.at, event }) as const),
  ]
  const horizon = Math.max(
    oldestKnown(
      incidents.items.map(({ startedAt }) => startedAt),
      incidents.isWhole,
    ),
    oldestKnown(
      events.items.map(({ at }) => at),
      events.isWhole,
    ),
  )
  return entries.filter(({ at }) => Date.parse(at) >= horizon).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

/** By the reader's own days. */
export const byDay = (entries: readonly TimelineEntry[], dayOf: (iso: string) => string): readonly { readonly day: string; readonly entries: readonly TimelineEntry[] }[] => {
  const days: { day: string; entries: TimelineEntry[] }[] = []
  for (const entry of entries) {
    const day = dayOf(entry.at)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
