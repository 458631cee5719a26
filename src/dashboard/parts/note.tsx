import type { ComponentChildren, JSX } from 'preact'
import type { Failure } from '../api/problem.ts'
import type { Tone } from '../format/condition-words.ts'
import { Icon, type IconName } from './icon.tsx'

const icons: Readonly<Record<Tone, IconName>> = { ok: 'healthy', held: 'info', warn: 'degraded', bad: 'failed', unsure: 'info' }

export const Note = ({ tone, children, isAlert = false }: { readonly tone: Tone; readonly children: ComponentChildren; readonly isAlert?: boolean }): JSX.Element => (
  <div class={`note tone-${tone}`} role={isAlert ? 'alert' : undefined}>
    <Icon name={icons[tone]} />
    <div class="stack">{children}</div>
  </div>
)

/** What was refused or could not be asked, why, and what to do. */
export const FailureNote = ({ failure, isAlert = false }: { readonly failure: Failure; readonly isAlert?: boolean }): JSX.Element =>
  failure.kind === 'unreachable' ? (
    <Note tone="warn" isAlert={isAlert}>
      <p>{sentence(failure.detail)}</p>
    </Note>
  ) : (
    <Note tone="bad" isAlert={isAlert}>
      <p>{sentence(failure.problem.detail)}</p>
      {(failure.problem.errors ?? []).map(({ field, text }) => (
        <p key={field}>
          <code>{field}</code>: {text}
        </p>
      ))}
      {failure.problem.advice === undefined ? null : <p class="muted">{sentence(failure.problem.advice)}</p>}
    </Note>
  )

const sentence = (text: string): string => {
  const begun = text.charAt(0).toLocaleUpperCase('en') + text.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
