import type { JSX } from 'preact'
import type { SiteView } from '../../../engine/views.ts'
import { readResults, readSite } from '../../api/read.ts'
import { momentText, shortMomentText } from '../../format/clock-text.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { ConditionBadge } from '../../parts/condition-badge.tsx'
import { Icon } from '../../parts/icon.tsx'
import { FailureNote, Note } from '../../parts/note.tsx'
import { hrefOf } from '../../route/route.ts'
import { serviceNow } from '../../store/now.ts'
import { useReading } from '../../store/use-reading.ts'
import { AddressPart } from './address-part.tsx'
import { AvailabilityPart } from './availability-part.tsx'
import { LatencyPart } from './latency-part.tsx'
import { RecordsPart } from './records-part.tsx'
import { RegionPart } from './region-part.tsx'

/** Checks make no events: the strips go on by themselves. */
const everyMs = 3_000

const Head = ({ view }: { readonly view: SiteView }): JSX.Element => {
  const { site, condition, text, pause, provider, names, lastChange } = view
  return (
    <header class="stack site-head">
      <p class="small">
        <a href="#/" class="back">
          <Icon name="back" />
          All sites
        </a>
      </p>
      <div class="spread">
        <div class="stack">
          <h1>{site}</h1>
          <p class="row state-line">
            <ConditionBadge condition={condition} isFilled />
            <span class="anywhere">{text}</span>
          </p>
        </div>
        <div class="row acts">
          <ActButton action={{ kind: 'reconcile', site, region: null }} label={`Reconcile now: ${site}`}>
            <Icon name="refresh" />
            Reconcile now
          </ActButton>
          {pause === null ? (
            <ActButton action={{ kind: 'pause', site, region: null }} label={`Pause ${site}`}>
              <Icon name="paused" />
              Pause
            </ActButton>
          ) : (
            <ActButton action={{ kind: 'resume', site, region: null }} label={`Resume ${site}`}>
              Resume
            </ActButton>
          )}
          <a class="button" href={hrefOf({ page: 'timeline', filter: { site, kinds: [], since: '30d' } })}>
            Timeline
          </a>
        </div>
      </div>
      {pause === null ? null : (
        <Note tone="held">
          <p>
            Paused by {pause.by}
            {pause.until === null ? ' until it is resumed' : ` until ${shortMomentText(pause.until, serviceNow())}`}: {pause.reason}. Checks go on; nothing is written.
          </p>
        </Note>
      )}
      {provider.trouble === null ? null : (
        <Note tone="bad">
          <p>
            {provider.name}: {provider.trouble}
            {provider.since === null ? '' : `, since ${momentText(provider.since, serviceNow())}`}
            {provider.retryAt === null ? '' : `. Asked again at ${momentText(provider.retryAt, serviceNow())}.`}
          </p>
        </Note>
      )}
      <p class="small muted row">
        {names.length > 1 ? <span class="anywhere">{names.join(', ')}</span> : null}
        <span>provider {provider.name}</span>
        <span class="anywhere">{lastChange === null ? 'no change yet' : `last change ${momentText(lastChange.at, serviceNow())}: ${lastChange.text}`}</span>
      </p>
    </header>
  )
}

/** All that is known of one site, the state first. */
export const SitePage = ({ site }: { readonly site: string }): JSX.Element => {
  const isNews = (event: { readonly site: string | null }): boolean => event.site === site
  const { value: view, failure } = useReading(site, (signal) => readSite(site, signal), { everyMs, isNews })
  const { value: results } = useReading(site, (signal) => readResults(site, signal), { everyMs, isNews })
  if (view === undefined) {
    return (
      <div class="page">
        <h1>{site}</h1>
        {failure === undefined ? <p class="muted">Reading the site…</p> : <FailureNote failure={failure} />}
      </div>
    )
  }
  return (
    <div class="page site">
      <Head view={view} />
      {failure === undefined ? null : <FailureNote failure={failure} />}
      <div class="site-columns">
        <section class="stack regions" aria-labelledby="regions">
          <h2 id="regions">Regions</h2>
          {view.regions.map((region) => (
            <RegionPart key={region.region} site={site} region={region} results={results} />
          ))}
          {view.others.length === 0 ? null : (
            <section class="panel region" aria-labelledby="others">
              <h3 id="others">Of no region</h3>
              {view.others.map((address) => (
                <AddressPart key={address.address} address={address} results={results?.addresses.find((each) => each.address === address.address)?.results ?? []} />
              ))}
            </section>
          )}
        </section>
        <RecordsPart view={view} />
      </div>
      <LatencyPart view={view} />
      <AvailabilityPart view={view} />
    </div>
  )
}
