import type { JSX } from 'preact'
import type { SetView } from '../../engine/views.ts'
import { readSite } from '../api/read.ts'
import { spanText } from '../format/span-text.ts'
import { ConditionBadge } from '../parts/condition-badge.tsx'
import { DrainSteps } from '../parts/drain-steps.tsx'
import { FailureNote } from '../parts/note.tsx'
import { RecordValues } from '../parts/record-values.tsx'
import type { Action } from '../store/actions.ts'
import { useReading } from '../store/use-reading.ts'

const everyMs = 1_000

const outcomes = { agreed: 'every name server agrees', disagreed: 'name servers disagree', unconfirmed: 'not confirmed by the name servers yet' } as const

const effectText = ({ verification }: SetView): string => (verification === null || verification.timeToEffectMs === null ? '' : `, effective in ${spanText(verification.timeToEffectMs)}`)

/** What an order brings about, as it does: followed until the dialog is closed. */
export const EffectPart = ({ action }: { readonly action: Action }): JSX.Element => {
  const { site, region } = action
  const { value: view, failure } = useReading(site, (signal) => readSite(site, signal), { everyMs, isNews: (event) => event.site === site })
  const drain = view?.regions.find((each) => each.region === region?.region)?.drain ?? null
  return (
    <section class="stack effect" aria-labelledby="effect">
      <h3 id="effect">Since then</h3>
      {failure === undefined ? null : <FailureNote failure={failure} />}
      {view === undefined ? (
        <p class="muted">Reading the site…</p>
      ) : (
        <>
          <p class="row">
            <ConditionBadge condition={view.condition} isFilled />
            <span class="anywhere small">{view.text}</span>
          </p>
          {drain === null ? null : <DrainSteps progress={drain.progress} />}
          {view.sets.map((set) => (
            <div key={`${set.name} ${set.type}`} class="stack tight">
              <p class="small muted anywhere">
                {set.name}: {set.verification === null ? 'not verified yet' : outcomes[set.verification.outcome]}
                {effectText(set)}
              </p>
              <RecordValues set={set} />
            </div>
          ))}
        </>
      )}
    </section>
  )
}
