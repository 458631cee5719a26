import type { JSX } from 'preact'
import type { StoredEvent } from '../../../engine/history-port.ts'
import { momentText, timeText } from '../../format/clock-text.ts'
import { changesIn, decisionIn, plainFacts, serversIn } from '../../format/event-details.ts'
import { eventText } from '../../format/event-text.ts'
import { spanText } from '../../format/span-text.ts'
import { offsetText, stepWords } from '../../format/story-steps.ts'
import { Icon } from '../../parts/icon.tsx'
import { ChangePart } from '../../parts/plan-part.tsx'

const Servers = ({ event }: { readonly event: StoredEvent }): JSX.Element => (
  <ul class="small servers">
    {serversIn(event.data).map(({ name, address, standing, agreedAt, values, detail }) => (
      <li key={`${name} ${address}`} class="anywhere">
        <Icon name={standing === 'agrees' ? 'check' : standing === 'differs' ? 'cross' : 'unknown'} /> {name} <span class="muted mono">{address}</span> {standing}
        {agreedAt === null ? '' : ` at ${timeText(agreedAt)}`}
        {values.length === 0 ? null : <span class="mono">: {values.join(', ')}</span>}
        {detail === null ? '' : ` (${detail})`}
      </li>
    ))}
  </ul>
)

/** What is told of only some kinds, as it is told there. */
const shownFacts: readonly StoredEvent['kind'][] = ['heard', 'drained', 'forced', 'paused', 'repointed', 'promoted', 'refused']

const Details = ({ event }: { readonly event: StoredEvent }): JSX.Element | null => {
  const { kind, data } = event
  const decision = kind === 'decided' ? decisionIn(data) : undefined
  if (kind === 'written') return <>{changesIn(data).map((change) => <ChangePart key={`${change.name} ${change.type}`} change={change} />)}</>
  if (kind === 'verified') return serversIn(data).length === 0 ? null : <Servers event={event} />
  if (decision !== undefined) {
    return (
      <p class="small muted anywhere">
        {decision.key}, by the rule “{decision.rule}”{decision.before === null ? '' : `; before: ${decision.before}`}
      </p>
    )
  }
  const facts = shownFacts.includes(kind) ? plainFacts(data).filter(({ name, value }) => name !== 'text' && !event.text.includes(value)) : []
  return facts.length === 0 ? null : <p class="small muted anywhere">{facts.map(({ name, value }) => `${name} ${/^\d{4}-\d\d-\d\dT/.test(value) ? momentText(value, Date.parse(event.at)) : value}`).join(', ')}</p>
}

/** The event's sentence, but where its details say the same in a better form. */
const sentenceOf = ({ kind, data, text, at }: StoredEvent): string | undefined => {
  const decision = kind === 'decided' ? decisionIn(data) : undefined
  if (decision !== undefined) return `${decision.action === 'publish' ? 'publish' : 'withhold'} ${decision.address}: ${decision.text}`
  return kind === 'written' && changesIn(data).length > 0 ? undefined : eventText(text, at)
}

interface Props {
  readonly event: StoredEvent
  readonly before: StoredEvent | undefined
  readonly startedAt: string
}

/** One step of a story, how long after the one before it was, and all that is kept of it. */
export const StepPart = ({ event, before, startedAt }: Props): JSX.Element => {
  const { word, tone, icon } = stepWords(event)
  const sentence = sentenceOf(event)
  const gapMs = before === undefined ? 0 : Date.parse(event.at) - Date.parse(before.at)
  return (
    <>
      {gapMs >= 60_000 ? (
        <li class="gap small muted">{spanText(gapMs)} later</li>
      ) : null}
      <li class={`story-step tone-${tone}`}>
        <div class="story-when">
          <time dateTime={event.at}>{timeText(event.at)}</time>
          <span class="small muted nowrap">{offsetText(event.at, startedAt)}</span>
        </div>
        <span class="dot">
          <Icon name={icon} />
        </span>
        <div class="stack tight">
          <p class="small muted">
            {word}
            {event.region === null ? '' : `, ${event.region}`}
            {gapMs > 0 && gapMs < 60_000 ? `, ${spanText(gapMs)} after the step before` : ''}
          </p>
          {sentence === undefined ? null : <p class="anywhere">{sentence}</p>}
          <Details event={event} />
        </div>
      </li>
    </>
  )
}
