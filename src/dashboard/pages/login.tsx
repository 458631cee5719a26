import { useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Failure } from '../api/problem.ts'
import { signIn } from '../api/session.ts'
import { FailureNote } from '../parts/note.tsx'
import { parseRoute } from '../route/route.ts'
import { goTo } from '../store/location.ts'
import { session } from '../store/session.ts'

/** A token for a session. It is sent once, and kept by nothing of this page. */
export const Login = ({ next }: { readonly next: string }): JSX.Element => {
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  const [isUnderWay, setUnderWay] = useState(false)
  const field = useRef<HTMLInputElement>(null)

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const token = field.current?.value.trim() ?? ''
    if (token === '') return field.current?.focus()
    setUnderWay(true)
    const answer = await signIn(token)
    setUnderWay(false)
    if (answer.kind !== 'ok') {
      setFailure(answer)
      field.current?.focus()
      field.current?.select()
      return
    }
    session.value = answer.value
    const route = parseRoute(next)
    goTo(route.page === 'login' || route.page === 'unknown' ? { page: 'overview', filter: '' } : route)
  }

  return (
    <div class="page login">
      <form class="panel stack" onSubmit={(event) => void submit(event)}>
        <h1>Sign in</h1>
        <p class="muted">With a token of this service: one with the scope “operate” may act, one with “read” may look.</p>
        <label class="stack">
          <b>Token</b>
          <input ref={field} type="password" name="token" autocomplete="current-password" autocapitalize="off" spellcheck={false} required aria-invalid={failure !== undefined} />
        </label>
        {failure === undefined ? null : <FailureNote failure={failure} isAlert />}
        <button type="submit" class="primary" disabled={isUnderWay}>
          {isUnderWay ? 'Signing in…' : 'Sign in'}
        </button>
        {session.value?.mayRead === true ? (
          <p class="small">
            <a href={next === '' ? '#/' : next}>Go on without signing in</a>: you can look, but not act.
          </p>
        ) : null}
      </form>
    </div>
  )
}
