/** Something measured, and the most that it may be. Infinite: it never came. */
export interface Bound {
  readonly of: string
  readonly measured: number
  readonly most: number
}

/** What is aimed at, and how far it is reached. */
export interface Goal {
  readonly goal: string
  readonly isMet: boolean
  /** In words: what comes nearest to the bound, or all that is beyond it and by how much. */
  readonly says: string
}

/** `text` says a number with its unit. */
export const judge = (goal: string, bounds: readonly Bound[], text: (value: number) => string): Goal => {
  const share = ({ measured, most }: Bound): number => (most === Number.POSITIVE_INFINITY ? 0 : most <= 0 ? measured - most : measured / most)
  const sorted = bounds.toSorted((a, b) => share(b) - share(a))
  const beyond = sorted.filter(({ measured, most }) => measured > most)
  const beyondText = ({ of, measured, most }: Bound): string => `${of}: ${text(measured)} instead of at most ${text(most)}${Number.isFinite(measured) ? `, ${text(measured - most)} too much` : ''}`
  if (beyond.length > 0) return { goal, isMet: false, says: `not met in ${beyond.length} of ${bounds.length}: ${beyond.map(beyondText).join('; ')}` }
  const [nearest] = sorted
  if (nearest === undefined) return { goal, isMet: false, says: 'not measured' }
  return { goal, isMet: true, says: `met; nearest to it is ${nearest.of}: ${text(nearest.measured)} of at most ${text(nearest.most)}` }
}

export const goalText = ({ goal, says }: Goal): string => `- ${goal}: ${says}.\n`
