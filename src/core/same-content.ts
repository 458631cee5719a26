/** What regions serve at a path: a digest of the bytes, by region. Regions that could not be asked are not there. */
export type Digests = Readonly<Record<string, string>>

/** How the regions have agreed on one path. Times: engine milliseconds. */
export interface Agreement {
  /** Since when they have differed; undefined: they do not, as far as anybody knows. */
  readonly differsSince: number | undefined
  /** Regions that alone serve something else than most, by region. */
  readonly odd: Readonly<Record<string, { readonly looks: number; readonly since: number; readonly others: readonly string[] }>>
  /** At the latest look that could compare. */
  readonly digests: Digests
}

export const noAgreement: Agreement = { differsSince: undefined, odd: {}, digests: {} }

/** The regions that serve what more than half of all that were asked do, if any do. */
const majorityOf = (digests: Digests): readonly string[] | undefined => {
  const all = Object.entries(digests)
  const groups = [...new Set(Object.values(digests))].map((digest) => all.flatMap(([region, its]) => (its === digest ? [region] : [])))
  return groups.find((group) => group.length * 2 > all.length)
}

/**
 * One look more. `spared`: a region that is right by definition, the only writer. Who is the odd one takes three to tell; of
 * two that differ nobody knows which is right.
 */
export const withDigests = (agreement: Agreement, digests: Digests, spared: string | undefined, now: number): Agreement => {
  const regions = Object.keys(digests)
  if (regions.length < 2) return agreement
  const isSame = new Set(Object.values(digests)).size === 1
  const differsSince = isSame ? undefined : (agreement.differsSince ?? now)
  const majority = regions.length > 2 ? majorityOf(digests) : undefined
  const isCleared = (region: string): boolean => regions.includes(region) && (isSame || majority !== undefined)
  const kept = Object.entries(agreement.odd).filter(([region]) => !isCleared(region))
  const minority = majority === undefined ? [] : regions.filter((region) => !majority.includes(region) && region !== spared)
  const found = minority.map((region) => {
    const before = Object.hasOwn(agreement.odd, region) ? agreement.odd[region] : undefined
    return [region, { looks: (before?.looks ?? 0) + 1, since: before?.since ?? now, others: majority ?? [] }] as const
  })
  return { differsSince, odd: Object.fromEntries([...kept, ...found]), digests }
}

/** Whether they have differed for longer than is allowed. */
export const isDifferent = ({ differsSince }: Agreement, maxMs: number, now: number): boolean => differsSince !== undefined && now - differsSince > maxMs

/** Who serves what, region by region, without the digests' length. */
export const differenceText = ({ digests }: Agreement): string => Object.entries(digests).map(([region, digest]) => `${region} ${digest.slice(0, 12)}`).join(', ')
