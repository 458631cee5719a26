import { useEffect, useRef, useState } from 'preact/hooks'
import type { IncidentView, StoredEvent } from '../../../engine/history-port.ts'
import type { Failure } from '../../api/problem.ts'
import { readEvents, readIncidents } from '../../api/read.ts'
import { actionKinds, incidentKinds, isActionKind, isIncidentKind } from '../../format/incident-words.ts'
import { isEchoed } from '../../format/is-echoed.ts'
import { joinItems, mergeTimeline, type ReadPart, type TimelineEntry } from '../../format/merge-timeline.ts'
import type { TimelineFilter } from '../../route/route.ts'
import { onEvent } from '../../store/live.ts'

const limit = 100

interface Lists {
  readonly incidents: ReadPart<IncidentView>
  readonly events: ReadPart<StoredEvent>
  readonly trouble: string | null
  readonly failure: Failure | undefined
  readonly isRead: boolean
}

const nothing: Lists = { incidents: { items: [], isWhole: false }, events: { items: [], isWhole: false }, trouble: null, failure: undefined, isRead: false }

/** Of which kinds something is asked; nothing of a list of whose kinds none is wanted. */
const wanted = (kinds: readonly string[]): { readonly incidents: readonly string[]; readonly actions: readonly string[] } =>
  kinds.length === 0 ? { incidents: incidentKinds, actions: actionKinds } : { incidents: kinds.filter(isIncidentKind), actions: kinds.filter(isActionKind) }

/** The newest page of both lists, or the next one after what was read. */
const readPage = async ({ site, region, kinds, since }: TimelineFilter, before: Lists, isNext: boolean, signal: AbortSignal): Promise<Lists> => {
  const { incidents: incidentsWanted, actions } = wanted(kinds)
  // With those that began at the same moment as the last one: `until` is exclusive.
  const last = isNext ? before.incidents.items.at(-1) : undefined
  const oldest = last === undefined ? undefined : new Date(Date.parse(last.startedAt) + 1).toISOString()
  const lastId = isNext ? before.events.items.at(-1)?.id : undefined
  const wantsIncidents = incidentsWanted.length > 0 && !(isNext && before.incidents.isWhole)
  const wantsEvents = actions.length > 0 && !(isNext && before.events.isWhole)
  const kindText = kinds.length === 0 ? undefined : incidentsWanted.join(',')
  const [incidents, events] = await Promise.all([
    wantsIncidents ? readIncidents({ site, region, kind: kindText, since, until: oldest, limit }, signal) : undefined,
    wantsEvents ? readEvents({ site, region, kind: actions.join(','), since, before: lastId, limit }, signal) : undefined,
  ])
  const failure = incidents !== undefined && incidents.kind !== 'ok' ? incidents : events !== undefined && events.kind !== 'ok' ? events : undefined
  if (failure !== undefined) return { ...before, failure, isRead: true }
  const page = incidents?.kind === 'ok' ? incidents.value : undefined
  const eventPage = events?.kind === 'ok' ? events.value : undefined
  const joined = joinItems(before.incidents.items, page?.incidents ?? [], ({ startedAt }) => startedAt)
  // Those that began at one moment may fill a page: one that brings nothing new is the last.
  const hasMore = page !== undefined && page.incidents.length === limit && (!isNext || joined.length > before.incidents.items.length)
  return {
    incidents: { items: joined, isWhole: isNext || !before.isRead ? !hasMore : before.incidents.isWhole },
    events: { items: joinItems(before.events.items, eventPage?.events ?? [], ({ at }) => at), isWhole: isNext || !before.isRead ? (eventPage?.next ?? null) === null : before.events.isWhole },
    trouble: page?.trouble ?? eventPage?.trouble ?? null,
    failure: undefined,
    isRead: true,
  }
}

export interface Timeline {
  readonly entries: readonly TimelineEntry[]
  readonly isWhole: boolean
  readonly isRead: boolean
  readonly isReading: boolean
  readonly failure: Failure | undefined
  readonly trouble: string | null
  readonly readMore: () => void
}

/** Incidents and actions by a filter, page by page, and what is new as it happens. */
export const useTimeline = (filter: TimelineFilter): Timeline => {
  const key = JSON.stringify(filter)
  const [state, setState] = useState<{ readonly key: string; readonly lists: Lists }>({ key, lists: nothing })
  const [isReading, setReading] = useState(false)
  const run = useRef<(isNext: boolean) => void>(() => undefined)

  useEffect(() => {
    const ending = new AbortController()
    let lists = nothing
    let isUnderWay = false
    let isNewsWaiting = false
    const read = async (isNext: boolean): Promise<void> => {
      if (isUnderWay) return void (isNewsWaiting ||= !isNext)
      isUnderWay = true
      setReading(true)
      const next = await readPage(filter, lists, isNext, ending.signal)
      isUnderWay = false
      if (ending.signal.aborted) return
      lists = next
      setReading(false)
      setState({ key, lists })
      if (!isNewsWaiting) return
      isNewsWaiting = false
      void read(false)
    }
    run.current = (isNext) => void read(isNext)
    void read(false)
    const stop = onEvent((event) => {
      if (event === undefined || filter.site === undefined || event.site === filter.site) void read(false)
    })
    return () => {
      ending.abort()
      stop()
    }
  }, [key])

  const lists = state.key === key ? state.lists : nothing
  const { incidents, events, failure, trouble, isRead } = lists
  const shown = { ...events, items: events.items.filter((event) => !isEchoed(event, filter.kinds)) }
  return { entries: mergeTimeline(incidents, shown), isWhole: incidents.isWhole && events.isWhole, isRead, isReading, failure, trouble, readMore: () => run.current(true) }
}
