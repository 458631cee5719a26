import type { ComponentChildren, JSX } from 'preact'
import { type Action, mayOperate, openAction } from '../store/actions.ts'
import { session } from '../store/session.ts'

/** Opens an action's dialog. Who may not act sees that it exists, and why it is not for them. */
export const ActButton = ({ action, children, label }: { readonly action: Action; readonly children: ComponentChildren; readonly label: string }): JSX.Element => {
  const why = session.value?.signedIn === true ? 'Your token may only look' : 'Sign in to act'
  return (
    <button type="button" disabled={!mayOperate.value} title={mayOperate.value ? undefined : why} aria-label={mayOperate.value ? label : `${label} (${why.toLowerCase()})`} onClick={() => void (openAction.value = action)}>
      {children}
    </button>
  )
}
