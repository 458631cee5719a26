import { signal } from '@preact/signals'

let offsetMs = 0

/** The service's clock, as far as its answers tell it: ages are counted by it, whatever the reader's device believes. */
export const serviceNow = (): number => Date.now() + offsetMs

/** Moves once a second, while somebody looks. */
export const now = signal(Date.now())
/** Moves now and then: for what is said in minutes, of which there may be a thousand. */
export const slowNow = signal(Date.now())
const slowMs = 15_000

/** An answer says when it was made. It can only be older than it seems, so the least difference is the truest. */
export const setServiceClock = (at: string): void => {
  const ms = Date.parse(at) - Date.now()
  if (!Number.isFinite(ms)) return
  // Within what an answer takes on its way there is nothing to correct.
  offsetMs = Math.abs(ms) < 2_000 ? 0 : ms
}

const tick = (): void => {
  if (document.hidden) return
  now.value = serviceNow()
  if (Math.abs(now.value - slowNow.value) >= slowMs) slowNow.value = now.value
}

export const startClock = (): void => {
  setInterval(tick, 1_000)
  document.addEventListener('visibilitychange', tick)
}
