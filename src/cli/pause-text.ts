import type { Pause } from '../core/orders.ts'

/** Until when, by whom and why nothing is written. */
export const pauseText = ({ until, reason, by }: Pause): string =>
  `paused ${until === undefined ? 'until it is resumed' : `until ${new Date(until).toISOString()}`} by ${by}: ${reason}`
