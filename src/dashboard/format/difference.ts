/** What is published against what should be. */
export interface Difference {
  /** In both. */
  readonly kept: readonly string[]
  /** Should be published, and is not. */
  readonly missing: readonly string[]
  /** Is published, and should not be. */
  readonly surplus: readonly string[]
}

export const differenceOf = ({ published, wanted }: { readonly published: readonly string[]; readonly wanted: readonly string[] }): Difference => ({
  kept: published.filter((each) => wanted.includes(each)),
  missing: wanted.filter((each) => !published.includes(each)),
  surplus: published.filter((each) => !wanted.includes(each)),
})

export const isAsWanted = ({ missing, surplus }: Difference): boolean => missing.length === 0 && surplus.length === 0
