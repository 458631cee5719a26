import { signal } from '@preact/signals'
import type { Failure } from '../api/problem.ts'
import { readSession } from '../api/session.ts'
import type { SessionView } from '../api/views.ts'

/** Undefined: not known yet. */
export const session = signal<SessionView | undefined>(undefined)
/** Why it is not known. */
export const sessionFailure = signal<Failure | undefined>(undefined)

export const refreshSession = async (): Promise<void> => {
  const answer = await readSession()
  if (answer.kind === 'ok') {
    sessionFailure.value = undefined
    session.value = answer.value
  } else sessionFailure.value = answer
}
