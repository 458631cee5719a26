import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { DrainProgressView } from '../../engine/views.ts'
import { momentText } from '../format/clock-text.ts'
import { countdownText } from '../format/span-text.ts'
import { now, serviceNow } from '../store/now.ts'
import { Icon } from './icon.tsx'

type Phase = DrainProgressView['phase']

const steps: readonly { readonly phase: Phase; readonly word: string }[] = [
  { phase: 'withdrawing', word: 'out of the records' },
  { phase: 'spreading', word: 'out of the name servers' },
  { phase: 'expiring', word: 'out of caches' },
  { phase: 'safe', word: 'safe to work on' },
]

const CountDown = ({ untilMs }: { readonly untilMs: number }): JSX.Element => {
  const text = useComputed(() => countdownText(untilMs - now.value))
  return <b class="nowrap">{text}</b>
}

/** How far a drain has come: four steps, the last one of which says that the server may be touched. */
export const DrainSteps = ({ progress }: { readonly progress: DrainProgressView }): JSX.Element => {
  const { phase, text, servers, expiresAt, safeSince } = progress
  const at = steps.findIndex((step) => step.phase === phase)
  return (
    <div class="stack drain">
      <ol class="steps" aria-label="Progress of the drain">
        {steps.map((step, index) => {
          const state = phase === 'safe' || index < at ? 'done' : index === at ? 'doing' : 'waiting'
          return (
            <li key={step.phase} class={`step-${state}`} aria-current={state === 'doing' ? 'step' : undefined}>
              <Icon name={state === 'done' ? 'check' : state === 'doing' ? 'mixed' : 'withheld'} />
              <span>
                {step.word}
                <span class="unseen">: {state}</span>
              </span>
            </li>
          )
        })}
      </ol>
      <p class={phase === 'safe' ? 'badge tone-ok wraps' : phase === 'held' ? 'badge tone-warn wraps' : 'small anywhere'} role="status">
        {phase === 'safe' ? <Icon name="healthy" /> : phase === 'held' ? <Icon name="degraded" /> : null}
        <span>
          {phase === 'safe' ? 'Safe: ' : phase === 'held' ? 'Not drained: ' : ''}
          {text}
          {phase === 'safe' && safeSince !== null ? `, since ${momentText(safeSince, serviceNow())}` : ''}
        </span>
      </p>
      {phase === 'expiring' && expiresAt !== null ? (
        <p class="small">
          The last copy in a cache expires in <CountDown key={expiresAt} untilMs={Date.parse(expiresAt)} />
        </p>
      ) : null}
      {phase === 'spreading' && servers.length > 0 ? (
        <ul class="small">
          {servers.map(({ name, address, standing, detail }) => (
            <li key={`${name} ${address}`} class="anywhere">
              <Icon name={standing === 'without' ? 'check' : standing === 'with' ? 'minus' : 'unknown'} /> {name} <span class="muted">{address}</span> {standing === 'without' ? 'answers without it' : standing === 'with' ? 'still answers with it' : standing}
              {detail === null ? '' : `: ${detail}`}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
