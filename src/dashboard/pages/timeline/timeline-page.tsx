import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { IncidentView, StoredEvent } from '../../../engine/history-port.ts'
import { longDayText, timeText } from '../../format/clock-text.ts'
import { eventText } from '../../format/event-text.ts'
import { actionWord, incidentWords, subjectText } from '../../format/incident-words.ts'
import { byDay } from '../../format/merge-timeline.ts'
import { spanText } from '../../format/span-text.ts'
import { Icon } from '../../parts/icon.tsx'
import { FailureNote, Note } from '../../parts/note.tsx'
import { hrefOf, type TimelineFilter } from '../../route/route.ts'
import { serviceNow } from '../../store/now.ts'
import { FilterPart } from './filter-part.tsx'
import { useTimeline } from './use-timeline.ts'

const Incident = ({ incident }: { readonly incident: IncidentView }): JSX.Element => {
  const { id, site, kind, cause, startedAt, endedAt, effectMs } = incident
  const { word, tone, icon } = incidentWords(kind)
  const subject = subjectText(incident)
  return (
    <li class={`entry incident tone-${tone}`}>
      <time dateTime={startedAt}>{timeText(startedAt)}</time>
      <span class="dot">
        <Icon name={icon} />
      </span>
      <div class="anywhere">
        <p>
          <a href={hrefOf({ page: 'incident', id })}>
            <b>{site}</b>
            {subject === '' ? '' : `: ${subject}`}
          </a>{' '}
          <span class="badge">{word}</span>
          {cause === '' ? '' : `, ${cause}`}
        </p>
        <p class="small muted">
          {endedAt === null ? <b class="lasting">lasts, for {spanText(serviceNow() - Date.parse(startedAt))}</b> : `lasted ${spanText(incident.durationMs)}`}
          {effectMs === null ? '' : `, name servers agreed ${spanText(effectMs)} after it began`}
        </p>
      </div>
    </li>
  )
}

const Action = ({ event }: { readonly event: StoredEvent }): JSX.Element => (
  <li class="entry tone-held">
    <time dateTime={event.at}>{timeText(event.at)}</time>
    <span class="dot">
      <Icon name={event.kind === 'drained' || event.kind === 'drain-safe' ? 'drained' : event.kind === 'paused' ? 'paused' : event.kind === 'promoted' ? 'refresh' : 'person'} />
    </span>
    <div class="anywhere">
      <p>
        {event.site === null ? null : (
          <>
            <a href={hrefOf({ page: 'site', site: event.site })}>{event.site}</a>{' '}
          </>
        )}
        <span class="badge">{actionWord(event.kind)}</span> {eventText(event.text, event.at)}
      </p>
    </div>
  </li>
)

/** Incidents and what was done, newest first. */
export const TimelinePage = ({ filter }: { readonly filter: TimelineFilter }): JSX.Element => {
  const { entries, isWhole, isRead, isReading, failure, trouble, readMore } = useTimeline(filter)
  const end = useRef<HTMLDivElement>(null)
  const more = useRef(readMore)
  more.current = readMore

  // The next page is read before its place comes into sight.
  useEffect(() => {
    const element = end.current
    if (element === null || isWhole || !isRead || isReading) return undefined
    const observer = new IntersectionObserver((seen) => void (seen.some(({ isIntersecting }) => isIntersecting) && more.current()), { rootMargin: '600px' })
    observer.observe(element)
    return () => observer.disconnect()
  }, [isWhole, isRead, isReading, entries.length])

  return (
    <div class="page timeline">
      <h1>Timeline</h1>
      <FilterPart filter={filter} />
      {failure === undefined ? null : <FailureNote failure={failure} />}
      {trouble === null ? null : (
        <Note tone="warn">
          <p>Something may be missing: {trouble}</p>
        </Note>
      )}
      {byDay(entries, longDayText).map(({ day, entries: ofDay }) => (
        <section key={day} class="stack" aria-label={day}>
          <h2>{day}</h2>
          <ol class="entries">{ofDay.map((entry) => (entry.kind === 'incident' ? <Incident key={`i${entry.incident.id}`} incident={entry.incident} /> : <Action key={`e${entry.event.id}`} event={entry.event} />))}</ol>
        </section>
      ))}
      {isRead && entries.length === 0 && isWhole ? <p class="muted">Nothing of this kind has happened in this time.</p> : null}
      <div ref={end}>
        {isReading ? <p class="muted">Reading…</p> : null}
        {isRead && !isWhole && !isReading ? (
          <button type="button" onClick={readMore}>
            Older ones
          </button>
        ) : null}
      </div>
    </div>
  )
}
