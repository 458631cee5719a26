import type { JSX } from 'preact'
import type { RegionView, ResultsView } from '../../../engine/views.ts'
import { momentText, shortMomentText } from '../../format/clock-text.ts'
import { spanText } from '../../format/span-text.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { DrainSteps } from '../../parts/drain-steps.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Note } from '../../parts/note.tsx'
import { serviceNow } from '../../store/now.ts'
import { AddressPart } from './address-part.tsx'

const until = (iso: string | null): string => (iso === null ? '' : `, until ${shortMomentText(iso, serviceNow())}`)

const Orders = ({ region }: { readonly region: RegionView }): JSX.Element => {
  const { drain, force, words, replacement, problems, freshness } = region
  return (
    <>
      {problems.map((problem) => (
        <Note key={problem} tone="warn">
          <p>Its subdomain cannot be resolved: {problem}</p>
        </Note>
      ))}
      {force === null ? null : (
        <Note tone="held">
          <p>
            Forced {force.to} by {force.by}
            {until(force.until)}: {force.reason}
          </p>
        </Note>
      )}
      {drain === null ? null : (
        <Note tone="held">
          <p>
            {drain.origin === 'window' ? 'Drained by a planned window' : `Drained by ${drain.by}`} since {momentText(drain.since, serviceNow())}
            {until(drain.until)}: {drain.reason}
          </p>
          <DrainSteps progress={drain.progress} />
        </Note>
      )}
      {freshness === null ? null : (
        <p class="row small">
          <span class={`badge tone-${{ fresh: 'ok', behind: 'warn', stale: 'bad', 'catching-up': 'warn', unknown: 'unsure' }[freshness.state]}`}>
            <Icon name={freshness.state === 'fresh' ? 'check' : 'stale'} />
            content {freshness.state === 'catching-up' ? 'catching up' : freshness.state}
          </span>
          <span class="anywhere">{freshness.text}</span>
          {freshness.heartbeatAgeMs === null ? null : <span class="muted">heartbeat {spanText(freshness.heartbeatAgeMs)} ago</span>}
        </p>
      )}
      {words.map(({ source, mode, monitor, opinion, detail, heardAt, expiresAt }) => (
        <p key={`${source} ${monitor}`} class="small anywhere">
          <Icon name={opinion} /> {monitor} ({source}, {mode}) says {opinion}: {detail}{' '}
          <span class="muted">
            {momentText(heardAt, serviceNow())}, believed until {momentText(expiresAt, serviceNow())}
          </span>
        </p>
      ))}
      {replacement === null || replacement.candidates.length === 0 ? null : (
        <p class="small anywhere">
          {replacement.isPromoted ? 'A replacement has taken over. ' : ''}
          Replacements: {replacement.candidates.map(({ addresses, state, takenBy }) => `${addresses.join(', ')} (${takenBy === null ? state : `taken by ${takenBy}`})`).join('; ')}
          {replacement.dueAt === null ? '' : `, takes over at ${momentText(replacement.dueAt, serviceNow())} if all stays as it is`}
          {replacement.heldBy === null ? '' : `; held: ${replacement.heldBy}`}
        </p>
      )}
    </>
  )
}

interface Props {
  readonly site: string
  readonly region: RegionView
  readonly results: ResultsView | undefined
}

export const RegionPart = ({ site, region, results }: Props): JSX.Element => {
  const { role, service, addresses, drain, force } = region
  const name = region.region
  return (
    <section class="panel region" aria-labelledby={`region-${name}`}>
      <header class="spread">
        <div class="row">
          <h3 id={`region-${name}`}>{name}</h3>
          {role === 'standby' ? <span class="chip">standby</span> : null}
          {service === null ? null : <code class="muted">{service}</code>}
        </div>
        <div class="row acts">
          {drain === null ? (
            <ActButton action={{ kind: 'drain', site, region }} label={`Drain ${name}`}>
              <Icon name="drained" />
              Drain
            </ActButton>
          ) : force?.to === 'down' ? null : (
            <ActButton action={{ kind: 'undrain', site, region }} label={`Undrain ${name}`}>
              Undrain
            </ActButton>
          )}
          {force === null ? (
            <ActButton action={{ kind: 'force', site, region }} label={`Force ${name}`}>
              Force
            </ActButton>
          ) : (
            <ActButton action={{ kind: 'unforce', site, region }} label={`End the force of ${name}`}>
              End force
            </ActButton>
          )}
          {service === null ? null : (
            <ActButton action={{ kind: 'repoint', site, region }} label={`Repoint ${name}`}>
              Repoint
            </ActButton>
          )}
        </div>
      </header>
      <Orders region={region} />
      {addresses.length === 0 ? <p class="muted">It has no address.</p> : null}
      {addresses.map((address) => (
        <AddressPart key={address.address} address={address} results={results?.addresses.find((each) => each.address === address.address)?.results ?? []} />
      ))}
    </section>
  )
}
