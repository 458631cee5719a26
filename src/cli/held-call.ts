/** Calls of something that is not there yet. */
export interface HeldCall {
  /** At once if there is a listener; otherwise once for all of them when there is one. */
  call(): void
  listen(listener: () => void): void
}

export const createHeldCall = (): HeldCall => {
  let isHeld = false
  let to: (() => void) | undefined
  return {
    call: () => {
      if (to === undefined) isHeld = true
      else to()
    },
    listen: (listener) => {
      to = listener
      if (!isHeld) return
      isHeld = false
      listener()
    },
  }
}
