/** What a refusal of the API says, as far as the page tells it on (RFC 9457). */
export interface Problem {
  readonly status: number
  /** Stable, for programs. */
  readonly code: string
  readonly detail: string
  readonly advice?: string
  readonly errors?: readonly { readonly field: string; readonly text: string }[]
}

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Nobody knows what came of it. */
  | { readonly kind: 'unreachable'; readonly detail: string }

export type Failure = Exclude<Answer<never>, { readonly kind: 'ok' }>

export const failureText = (failure: Failure): string => (failure.kind === 'unreachable' ? failure.detail : failure.problem.detail)

/** What it says, or what stands in front of it: a proxy's own page is no problem document. */
export const problemFrom = (status: number, body: unknown): Problem => {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) return { ...(body as Problem), status }
  return { status, code: 'unexpected-answer', detail: `the service answered with status ${status} and nothing that says why` }
}
