import type { Address } from './address.ts'

/** An address that an automatic decision took out, and that has not come back since. */
export interface Removal {
  readonly address: Address
  /** Engine milliseconds. */
  readonly at: number
  /** The write is under way, or its reply was lost: it may take effect yet. */
  readonly isUncertain: boolean
}

/** A write whose reply was lost may take effect this much later, not more. Milliseconds. */
export const longestFlightMs = 10_000

/** When a removal is past: the window begins when its write takes effect, at the latest. Engine milliseconds. */
export const countsUntil = ({ at, isUncertain }: Removal, windowMs: number): number => at + windowMs + (isUncertain ? longestFlightMs : 0)

/** Removals that still count: within the window, and not published again meanwhile (or still, while it is uncertain). */
export const countedRemovals = (
  removals: readonly Removal[],
  published: ReadonlySet<Address>,
  windowMs: number,
  now: number,
): readonly Removal[] =>
  removals.filter((removal) => {
    const mayStillHappen = removal.isUncertain && now - removal.at < longestFlightMs
    return now < countsUntil(removal, windowMs) && (mayStillHappen || !published.has(removal.address))
  })

/** At most half of a site's addresses, rounded up, are out by automatic decisions of one window. */
export const budgetLeft = (siteAddresses: number, removals: readonly Removal[]): number =>
  Math.max(0, Math.ceil(siteAddresses / 2) - removals.length)
