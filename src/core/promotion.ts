/** How long a region has been down, as far as that counts towards the promotion of a replacement. */
export interface Promotion {
  readonly downMs: number
  /** Engine milliseconds of the latest look, if the time since then may count. */
  readonly countedAt: number | undefined
}

export const noPromotion: Promotion = { downMs: 0, countedAt: undefined }

/** Nobody looked for longer than this, in milliseconds: what happened meanwhile is not known, and does not count. */
const longestGapMs = 10_000

/** What a look at a region finds. */
export interface PromotionFacts {
  readonly is: 'up' | 'down' | 'undecided'
  /** Why the time does not count although the region may be down. */
  readonly heldBy: string | undefined
}

/**
 * One look more. Time counts between two looks that both find the region down, by our own checks and held by nothing.
 * Up, it begins anew; all else only stops the clock.
 */
export const counted = (promotion: Promotion, { is, heldBy }: PromotionFacts, now: number): Promotion => {
  if (is === 'up') return noPromotion
  if (is === 'undecided' || heldBy !== undefined) return { downMs: promotion.downMs, countedAt: undefined }
  const gap = now - (promotion.countedAt ?? now)
  return { downMs: promotion.downMs + (gap >= 0 && gap <= longestGapMs ? gap : 0), countedAt: now }
}

/** Milliseconds from the nth failure of a promotion in a row to the next attempt. */
export const promotionBackoffMs = (failures: number): number => Math.min(600_000, 60_000 * 2 ** Math.min(failures - 1, 10))
