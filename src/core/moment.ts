/** When something was written down, by clocks that other processes can read too. */
export interface Moment {
  /** Milliseconds since the epoch; may step. */
  readonly wallMs: number
  /** Which start of the machine it is, and milliseconds since then; does not step. Undefined where unknown. */
  readonly boot: { readonly id: string; readonly uptimeMs: number } | undefined
}

/**
 * Milliseconds from one moment to a later one. Within one boot by the uptime, whatever was done to the clock
 * meanwhile; otherwise by the clock, and a clock that went back counts as no time at all.
 */
export const elapsedMs = (from: Moment, to: Moment): number => {
  const isSameBoot = from.boot !== undefined && from.boot.id === to.boot?.id
  const elapsed = isSameBoot ? (to.boot?.uptimeMs ?? 0) - (from.boot?.uptimeMs ?? 0) : to.wallMs - from.wallMs
  return Math.max(0, elapsed)
}
