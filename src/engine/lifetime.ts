import { setMaxListeners } from 'node:events'

/** How long the parts of one thing go on: until the outer signal aborts, it ends, or one of them fails. */
export interface Lifetime {
  readonly signal: AbortSignal
  /** What went wrong first, if anything did. */
  failure(): { readonly error: unknown } | undefined
  /** For a promise that nobody waits for: its rejection ends the whole. */
  fail(error: unknown): void
  end(): void
}

/** Lets go of the outer signal at its end, which may outlive it ten thousand times. */
export const createLifetime = (outer: AbortSignal): Lifetime => {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  let failure: { readonly error: unknown } | undefined
  const end = (): void => {
    outer.removeEventListener('abort', end)
    controller.abort()
  }
  if (outer.aborted) end()
  else outer.addEventListener('abort', end)
  return {
    signal: controller.signal,
    failure: () => failure,
    fail: (error) => {
      failure ??= { error }
      end()
    },
    end,
  }
}
