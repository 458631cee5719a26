import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { StoryView } from '../../../engine/history-port.ts'
import { readStory } from '../../api/read.ts'
import { longDayText, momentText, timeText } from '../../format/clock-text.ts'
import { countText } from '../../format/count-text.ts'
import { incidentWords, subjectText } from '../../format/incident-words.ts'
import { spanText } from '../../format/span-text.ts'
import { milestones } from '../../format/story-steps.ts'
import { Icon } from '../../parts/icon.tsx'
import { FailureNote, Note } from '../../parts/note.tsx'
import { hrefOf } from '../../route/route.ts'
import { serviceNow } from '../../store/now.ts'
import { useReading } from '../../store/use-reading.ts'
import { ChecksPart } from './checks-part.tsx'
import { StepPart } from './step-part.tsx'

const Milestones = ({ story }: { readonly story: StoryView }): JSX.Element => (
  <ol class="milestones" aria-label="How it went">
    {milestones(story).map(({ word, at }, index, all) => {
      const untilNextMs = all[index + 1]?.afterMs ?? null
      return (
        <li key={`${word} ${at}`}>
          <b>{word}</b>
          <time dateTime={at} class="small muted">
            {timeText(at)}
          </time>
          {untilNextMs === null ? null : (
            <span class="until-next small">
              {spanText(untilNextMs)}
              <span class="unseen"> until the next</span>
            </span>
          )}
        </li>
      )
    })}
  </ol>
)

const CopyLink = (): JSX.Element => {
  const [word, say] = useState('Copy link')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href)
      say('Copied')
    } catch {
      // Not over plain HTTP: the address bar has it.
      say('Copy it from the address bar')
    }
  }
  return (
    <button type="button" onClick={() => void copy()}>
      <Icon name="link" />
      <span aria-live="polite">{word}</span>
    </button>
  )
}

const Story = ({ story }: { readonly story: StoryView }): JSX.Element => {
  const { incident, events, isCut, points } = story
  const { site, kind, cause, startedAt, endedAt, durationMs } = incident
  const { word, tone, icon } = incidentWords(kind)
  const subject = subjectText(incident)
  return (
    <>
      <header class="stack">
        <p class="small">
          <a class="back" href={hrefOf({ page: 'timeline', filter: { site, kinds: [], since: '30d' } })}>
            <Icon name="back" />
            Timeline of {site}
          </a>
        </p>
        <div class="spread">
          <h1>{subject === '' ? site : subject}</h1>
          <CopyLink />
        </div>
        <p class="row state-line">
          <span class={`badge filled tone-${tone}`}>
            <Icon name={icon} />
            {word}
          </span>
          <a href={hrefOf({ page: 'site', site })} class="anywhere">
            {site}
          </a>
          {cause === '' ? null : <span class="anywhere">{cause}</span>}
        </p>
        <p class="muted">
          {longDayText(startedAt)}, {timeText(startedAt)}
          {endedAt === null ? <>: it lasts, for {spanText(serviceNow() - Date.parse(startedAt))} now</> : ` to ${momentText(endedAt, Date.parse(startedAt))}: ${spanText(durationMs)}`}
        </p>
      </header>
      <section class="panel" aria-label="How it went">
        <Milestones story={story} />
      </section>
      {points.length === 0 ? null : <ChecksPart points={points} startedAt={startedAt} endedAt={endedAt} />}
      <section class="stack" aria-labelledby="steps">
        <h2 id="steps">Step by step</h2>
        {isCut ? (
          <Note tone="warn">
            <p>More has happened than is shown here: the beginning and the end are.</p>
          </Note>
        ) : null}
        {events.length === 0 ? <p class="muted">Nothing is kept of it any more.</p> : <p class="small muted">{countText(events.length, 'step')}, from shortly before it began until shortly after it ended.</p>}
        <ol class="story">
          {events.map((event, index) => (
            <StepPart key={event.id} event={event} before={events[index - 1]} startedAt={startedAt} />
          ))}
        </ol>
      </section>
    </>
  )
}

/** An incident's full story. Its address can be sent to others. */
export const IncidentPage = ({ id }: { readonly id: number }): JSX.Element => {
  const story = useRef<StoryView | undefined>(undefined)
  const { value, failure } = useReading(String(id), (signal) => readStory(id, signal), { isNews: ({ site }) => story.current !== undefined && story.current.incident.site === site && isOpen(story.current) })
  story.current = value?.story
  return (
    <div class="page incident-page">
      {failure === undefined ? null : (
        <>
          {value === undefined ? <h1>Incident</h1> : null}
          <FailureNote failure={failure} />
        </>
      )}
      {value === undefined ? failure === undefined ? <p class="muted">Reading its story…</p> : null : <Story story={value.story} />}
    </div>
  )
}

/** What comes after its end may still be part of it. */
const tailMs = 5 * 60_000

const isOpen = ({ incident: { endedAt } }: StoryView): boolean => endedAt === null || serviceNow() - Date.parse(endedAt) < tailMs
