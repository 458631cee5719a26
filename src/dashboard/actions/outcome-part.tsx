import type { JSX } from 'preact'
import { Icon } from '../parts/icon.tsx'
import { ChangePart } from '../parts/plan-part.tsx'
import type { Outcome } from './spec.ts'

/** What would happen, or has: the checks that were asked and each change, or the sentence where nothing is changed. */
export const OutcomePart = ({ outcome, isDone }: { readonly outcome: Outcome; readonly isDone: boolean }): JSX.Element => (
  <div class="stack">
    {'changes' in outcome && outcome.changes.length > 0 ? null : <p class="anywhere">{outcome.text}</p>}
    {'checks' in outcome && outcome.checks.length > 0 ? (
      <ul class="small">
        {outcome.checks.map(({ address, ok, text }) => (
          <li key={address} class="anywhere">
            <span class={`badge tone-${ok ? 'ok' : 'bad'}`}>
              <Icon name={ok ? 'check' : 'cross'} />
              {ok ? 'passes' : 'fails'}
            </span>{' '}
            <span class="mono">{address}</span> {text}
          </li>
        ))}
      </ul>
    ) : null}
    {'changes' in outcome ? (
      outcome.changes.length === 0 ? (
        <p class="muted">{isDone ? 'No record was changed.' : 'No record would change now.'}</p>
      ) : (
        outcome.changes.map((change) => <ChangePart key={`${change.name} ${change.type}`} change={change} />)
      )
    ) : null}
  </div>
)
