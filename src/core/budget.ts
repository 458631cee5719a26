import type { Address } from './address.ts'

/** An address that an automatic decision took out, and that has not come back since. */
export interface Removal {
  readonly address: Address
  /** Engine milliseconds. */
  readonly at: number
}

/** Removals that still count: within the window, and not published again meanwhile. */
export const countedRemovals = (
  removals: readonly Removal[],
  published: ReadonlySet<Address>,
  windowMs: number,
  now: number,
): readonly Removal[] => removals.filter((removal) => now - removal.at < windowMs && !published.has(removal.address))

/** At most half of a site's addresses, rounded up, are out by automatic decisions of one window. */
export const budgetLeft = (siteAddresses: number, removals: readonly Removal[]): number =>
  Math.max(0, Math.ceil(siteAddresses / 2) - removals.length)
