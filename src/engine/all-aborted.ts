/** A signal that aborts once all of these have; `end` lets go of them. */
export const allAborted = (signals: readonly AbortSignal[]): { readonly signal: AbortSignal; end(): void } => {
  const all = new AbortController()
  const onAbort = (): void => (signals.every((each) => each.aborted) ? all.abort() : undefined)
  for (const each of signals) each.addEventListener('abort', onAbort)
  onAbort()
  return {
    signal: all.signal,
    end: () => {
      for (const each of signals) each.removeEventListener('abort', onAbort)
    },
  }
}
