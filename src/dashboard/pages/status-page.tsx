import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { PublicStatusView } from '../../engine/views.ts'
import { request } from '../api/request.ts'
import { shortMomentText } from '../format/clock-text.ts'
import { lastDays, meanAvailability } from '../format/day-look.ts'
import { percentText } from '../format/percent-text.ts'
import { spanText } from '../format/span-text.ts'
import { regionStatusWords, statusWords } from '../format/status-words.ts'
import { DayBars } from '../parts/day-bars.tsx'
import { Icon } from '../parts/icon.tsx'

const everyMs = 30_000
const dayCount = 90

const incidentWhen = ({ startedAt, endedAt }: PublicStatusView['incidents'][number], nowMs: number): string =>
  endedAt === null ? `since ${shortMomentText(startedAt, nowMs)}` : `${shortMomentText(startedAt, nowMs)}, for ${spanText(Date.parse(endedAt) - Date.parse(startedAt))}`

const Shown = ({ view, isOld }: { readonly view: PublicStatusView; readonly isOld: boolean }): JSX.Element => {
  const { word, tone, icon } = statusWords(view.state)
  const nowMs = Date.parse(view.at)
  const days = lastDays(view.days, dayCount, nowMs)
  return (
    <>
      <header class="stack">
        <p class="title">{view.title}</p>
        <h1 class={`state tone-${tone}`}>
          <Icon name={icon} />
          <span role="status">{word}</span>
        </h1>
        <p class="muted small">
          As of {shortMomentText(view.at, Date.now())}
          {isOld ? '. The latest state cannot be read now; it is tried again.' : ''}
        </p>
      </header>
      {view.regions.length === 0 ? null : (
        <section aria-label="Regions">
          <ul class="regions">
            {view.regions.map(({ region, state }) => {
              const words = regionStatusWords(state)
              return (
                <li key={region}>
                  <span class="anywhere">{region}</span>
                  <span class={`badge tone-${words.tone}`}>
                    <Icon name={words.icon} />
                    {words.word}
                  </span>
                </li>
              )
            })}
          </ul>
        </section>
      )}
      <section class="stack" aria-labelledby="days">
        <div class="spread">
          <h2 id="days">Last {dayCount} days</h2>
          <span>{percentText(meanAvailability(days))}</span>
        </div>
        <DayBars label="Availability" days={days} />
        <div class="spread small muted">
          <span>{dayCount} days ago</span>
          <span>today</span>
        </div>
      </section>
      <section class="stack" aria-labelledby="incidents">
        <h2 id="incidents">Incidents</h2>
        {view.incidents.length === 0 ? (
          <p class="muted">{view.isPastKnown ? 'None.' : 'Not known at the moment.'}</p>
        ) : (
          <ul class="incidents">
            {view.incidents.map((incident) => (
              <li key={incident.startedAt + incident.text}>
                <p class="anywhere">{incident.text}</p>
                <p class="small muted">{incidentWhen(incident, nowMs)}</p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}

/** What visitors may see of a site. */
export const StatusPage = ({ site }: { readonly site: string }): JSX.Element => {
  const [view, setView] = useState<PublicStatusView | undefined>(undefined)
  const [trouble, setTrouble] = useState<string | undefined>(undefined)

  useEffect(() => {
    const ending = new AbortController()
    const read = async (): Promise<void> => {
      const answer = await request<PublicStatusView>(`../api/v1/status/${encodeURIComponent(site)}`, undefined, ending.signal)
      if (ending.signal.aborted) return
      if (answer.kind === 'ok') setView(answer.value)
      setTrouble(answer.kind === 'ok' ? undefined : answer.kind === 'problem' && answer.problem.status === 404 ? 'There is no such status page.' : 'The state cannot be read now; it is tried again.')
    }
    void read()
    const look = (): void => void (document.hidden || void read())
    const timer = setInterval(look, everyMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      ending.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [site])

  useEffect(() => {
    if (view !== undefined) document.title = `${statusWords(view.state).word} · ${view.title}`
  }, [view])

  return <main class="status">{view === undefined ? <h1 class="waiting">{trouble ?? 'Reading…'}</h1> : <Shown view={view} isOld={trouble !== undefined} />}</main>
}
