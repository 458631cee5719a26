import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { AnswersView, SetView, SiteView } from '../../../engine/views.ts'
import { readAnswers } from '../../api/read.ts'
import { momentText } from '../../format/clock-text.ts'
import { countdownText, spanText } from '../../format/span-text.ts'
import { Ago } from '../../parts/ago.tsx'
import { Icon } from '../../parts/icon.tsx'
import { FailureNote, Note } from '../../parts/note.tsx'
import { RecordValues } from '../../parts/record-values.tsx'
import { now, serviceNow } from '../../store/now.ts'
import { type Reading, useReading } from '../../store/use-reading.ts'

type AnswerSet = AnswersView['sets'][number]
type AnswerServer = AnswerSet['servers'][number]

/** While a change spreads it is worth asking again and again; otherwise the servers are left alone. */
const whileSpreadingMs = 5_000
const otherwiseMs = 60_000

const standings = {
  agrees: { word: 'agrees', tone: 'ok', icon: 'check' },
  differs: { word: 'differs', tone: 'bad', icon: 'cross' },
  lame: { word: 'lame', tone: 'warn', icon: 'degraded' },
  unreachable: { word: 'unreachable', tone: 'warn', icon: 'unknown' },
} as const

const Server = ({ server }: { readonly server: AnswerServer }): JSX.Element => {
  const { name, address, standing, values, ttl, ms, detail } = server
  const { word, tone, icon } = standings[standing]
  return (
    <li class="server">
      <span class={`badge tone-${tone}`}>
        <Icon name={icon} />
        {word}
      </span>
      <span class="anywhere">
        {name} <span class="muted small mono">{address}</span>
      </span>
      <span class="anywhere mono">{values === null ? <span class="muted">{detail ?? 'no answer'}</span> : values.length === 0 ? <span class="muted">empty</span> : values.join('  ')}</span>
      <span class="muted small nowrap">
        {ttl === null ? '' : `TTL ${ttl} s`}
        {ms === null ? '' : ` · ${spanText(ms)}`}
      </span>
    </li>
  )
}

/** Runs down until, by TTLs, the last cache has let go of what was there before. */
const TtlClock = ({ untilMs, ttlMs }: { readonly untilMs: number; readonly ttlMs: number }): JSX.Element => {
  const left = useComputed(() => Math.max(0, untilMs - now.value))
  const text = useComputed(() => (left.value <= 0 ? 'caches have let go of what was there before' : `caches may keep what was there before for ${countdownText(left.value)} more`))
  const width = useComputed(() => `${Math.min(100, (left.value / Math.max(1, ttlMs)) * 100)}%`)
  return (
    <div class="ttl-clock">
      <div class="track">
        <div style={{ width: width.value }} />
      </div>
      <p class="small">{text}</p>
    </div>
  )
}

const SetPart = ({ set, answers }: { readonly set: SetView; readonly answers: AnswerSet | undefined }): JSX.Element => {
  const { name, ttl, readAt, verification, refused, mode } = set
  const cachedUntil = answers?.cachedUntil ?? null
  return (
    <section class="record-set" aria-label={`${name} ${set.type}`}>
      <div class="spread">
        <h3>
          {name} <span class="muted">{set.type}</span>
        </h3>
        <p class="small muted">
          TTL {ttl} s{mode === 'normal' ? '' : ` · ${mode}`}
          {readAt === null ? ' · not read yet' : <> · read <Ago at={readAt} /></>}
        </p>
      </div>
      <RecordValues set={set} />
      {refused === null ? null : (
        <Note tone="bad">
          <p>The guard refuses the change that is wanted: {refused}</p>
        </Note>
      )}
      {cachedUntil !== null && Date.parse(cachedUntil) > serviceNow() ? <TtlClock key={cachedUntil} untilMs={Date.parse(cachedUntil)} ttlMs={ttl * 1000} /> : null}
      <ul class="servers">{answers?.servers.map((server) => <Server key={`${server.name} ${server.address}`} server={server} />)}</ul>
      {verification === null ? (
        <p class="small muted">No write has been verified yet.</p>
      ) : (
        <p class="small muted">
          Last verification {momentText(verification.at, serviceNow())}: {verification.outcome}
          {verification.timeToEffectMs === null ? '' : `, effective in ${spanText(verification.timeToEffectMs)}`}
          {verification.movedAt === null ? '' : `, clients moved by ${momentText(verification.movedAt, serviceNow())}`}
        </p>
      )}
    </section>
  )
}

const isUnsettled = (answers: AnswersView | undefined): boolean =>
  answers?.sets.some(({ servers, cachedUntil }) => servers.some(({ standing }) => standing === 'differs') || (cachedUntil !== null && Date.parse(cachedUntil) > serviceNow())) === true

const useAnswers = (site: string): Reading<AnswersView> => {
  const [isSpreading, setSpreading] = useState(false)
  const reading = useReading(site, (signal) => readAnswers(site, signal), {
    everyMs: isSpreading ? whileSpreadingMs : otherwiseMs,
    isNews: (event) => event.site === site && ['written', 'verified', 'restored'].includes(event.kind),
  })
  const isNowSpreading = isUnsettled(reading.value)
  useEffect(() => setSpreading(isNowSpreading), [isNowSpreading])
  return reading
}

/** The record sets: what is published, what should be, and what each authoritative server answers at this moment. */
export const RecordsPart = ({ view }: { readonly view: SiteView }): JSX.Element => {
  const { value, failure, isReading, again } = useAnswers(view.site)
  return (
    <section class="panel stack" aria-labelledby="records">
      <div class="spread">
        <h2 id="records">Records</h2>
        <span class="row small muted">
          {value === undefined ? 'Asking the name servers…' : <>Name servers asked <Ago at={value.at} /></>}
          <button type="button" onClick={again} disabled={isReading}>
            <Icon name="refresh" />
            Ask again
          </button>
        </span>
      </div>
      {failure === undefined ? null : <FailureNote failure={failure} />}
      {view.sets.length === 0 ? <p class="muted">The records have yet to be read.</p> : null}
      {view.sets.map((set) => (
        <SetPart key={`${set.name} ${set.type}`} set={set} answers={value?.sets.find(({ name, type }) => name === set.name && type === set.type)} />
      ))}
    </section>
  )
}
