import type { Damping } from './site.ts'

/** How often an address has fallen lately: each fall adds one, and the sum halves every `halfLifeMs`. */
export interface Falls {
  readonly weight: number
  readonly at: number
}

export const noFalls: Falls = { weight: 0, at: 0 }

const decayed = (falls: Falls, now: number, damping: Damping): number =>
  falls.weight * 0.5 ** (Math.max(0, now - falls.at) / damping.halfLifeMs)

export const afterFall = (falls: Falls, now: number, damping: Damping): Falls => ({ weight: decayed(falls, now, damping) + 1, at: now })

/**
 * Milliseconds from coming up to re-admission. A single fall costs nothing: the way back is as fast as `rise`.
 * From the second on the wait starts at `baseMs` and doubles with each, up to `maxMs`.
 */
export const waitAfter = (falls: Falls, now: number, damping: Damping): number => {
  const weight = decayed(falls, now, damping)
  return weight < 1.5 ? 0 : Math.min(damping.maxMs, damping.baseMs * 2 ** (weight - 2))
}
