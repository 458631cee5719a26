/** Many waiters on one AbortSignal with one listener: hundreds of checks share the scheduler's signal. */
export interface AbortHub {
  /** Calls `run` when the signal aborts, soon if it already has, unless the returned function has been called before. */
  subscribe(signal: AbortSignal, run: () => void): () => void
}

/** Node 20 warns of a leak from the eleventh listener on, and removing one walks through all of them. */
export const createAbortHub = (): AbortHub => {
  const waiting = new WeakMap<AbortSignal, { readonly runs: Set<() => void>; readonly listener: () => void }>()
  const join = (signal: AbortSignal): { readonly runs: Set<() => void>; readonly listener: () => void } => {
    const runs = new Set<() => void>()
    const listener = (): void => {
      waiting.delete(signal)
      for (const run of runs) run()
    }
    signal.addEventListener('abort', listener, { once: true })
    const entry = { runs, listener }
    waiting.set(signal, entry)
    return entry
  }
  return {
    subscribe: (signal, run) => {
      if (signal.aborted) queueMicrotask(run)
      const { runs, listener } = waiting.get(signal) ?? join(signal)
      const own = (): void => run()
      runs.add(own)
      return () => {
        runs.delete(own)
        if (runs.size > 0) return
        signal.removeEventListener('abort', listener)
        if (waiting.get(signal)?.runs === runs) waiting.delete(signal)
      }
    },
  }
}
