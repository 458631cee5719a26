/** A flag that can be waited for; raised twice before it is taken, it counts once. */
export interface Bell {
  ring(): void
  /** Resolves when it has been rung since the last time, or when the signal aborts. */
  rung(): Promise<void>
}

/** One listener on the signal for as long as there is a bell: it is waited for each second of each site. */
export const createBell = (signal: AbortSignal): Bell => {
  let isRung = false
  let wake: (() => void) | undefined
  signal.addEventListener('abort', () => wake?.(), { once: true })
  return {
    ring: () => {
      isRung = true
      wake?.()
    },
    rung: async () => {
      if (!isRung && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      isRung = false
      wake = undefined
    },
  }
}
