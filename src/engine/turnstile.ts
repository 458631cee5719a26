/** Lets everybody on who waits for the next time that something has happened. */
export interface Turnstile {
  pass(): void
  /** Resolves at the next pass, or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>
}

export const createTurnstile = (): Turnstile => {
  const waiting = new Set<() => void>()
  return {
    pass: () => {
      for (const go of waiting) go()
    },
    next: (signal) =>
      new Promise((resolve) => {
        const go = (): void => {
          waiting.delete(go)
          signal.removeEventListener('abort', go)
          resolve()
        }
        waiting.add(go)
        signal.addEventListener('abort', go)
        if (signal.aborted) go()
      }),
  }
}
