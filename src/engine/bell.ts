/** A flag that can be waited for; raised twice before it is taken, it counts once. */
export interface Bell {
  ring(): void
  /** Resolves when it has been rung since the last time, or when `signal` aborts. */
  rung(signal: AbortSignal): Promise<void>
}

export const createBell = (): Bell => {
  let isRung = false
  let wake: (() => void) | undefined
  return {
    ring: () => {
      isRung = true
      wake?.()
    },
    rung: async (signal) => {
      if (!isRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            signal.removeEventListener('abort', done)
            resolve()
          }
          wake = done
          signal.addEventListener('abort', done)
        })
      }
      isRung = false
      wake = undefined
    },
  }
}
