import type { JSX } from 'preact'
import type { PlannedChangeView } from '../../engine/views.ts'
import { Icon } from './icon.tsx'
import { Note } from './note.tsx'

type Change = Pick<PlannedChangeView, 'name' | 'type' | 'before' | 'after'> & { readonly reasons?: PlannedChangeView['reasons'] | undefined; readonly refused?: string | null }

const marks = { kept: { icon: undefined, word: 'stays' }, added: { icon: 'plus', word: 'is added' }, removed: { icon: 'minus', word: 'is removed' } } as const

/** A change of an RRset, address by address, with the reason for each. */
export const ChangePart = ({ change }: { readonly change: Change }): JSX.Element => {
  const { before, after } = change
  const values = [...new Set([...before.values, ...after.values])].toSorted()
  const reasonOf = (address: string): string | undefined => change.reasons?.find((reason) => reason.address === address)?.text
  return (
    <div class="change">
      <h3 class="anywhere">
        {change.name} <span class="muted">{change.type}</span>
        {before.ttl === after.ttl || before.values.length === 0 ? null : (
          <span class="muted small">
            {' '}
            TTL {before.ttl} s to {after.ttl} s
          </span>
        )}
      </h3>
      <ul>
        {values.map((address) => {
          const kind = before.values.includes(address) ? (after.values.includes(address) ? 'kept' : 'removed') : 'added'
          const { icon, word } = marks[kind]
          const reason = reasonOf(address)
          return (
            <li key={address} class={`change-${kind}`}>
              <span class="sign">{icon === undefined ? null : <Icon name={icon} />}</span>
              <span class="mono">{address}</span>
              <span class="small muted anywhere">
                {word}
                {reason === undefined ? '' : `: ${reason}`}
              </span>
            </li>
          )
        })}
      </ul>
      {after.values.length === 0 ? <p class="small">Afterwards it is empty.</p> : null}
      {change.refused === null || change.refused === undefined ? null : (
        <Note tone="bad">
          <p>The guard refuses it: {change.refused}</p>
        </Note>
      )}
    </div>
  )
}
