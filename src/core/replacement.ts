import type { Address } from './address.ts'
import { counted, noPromotion, type Promotion } from './promotion.ts'
import { factsOf, type PromotionInput, withVerdictsKept } from './promotion-facts.ts'
import { otherRegionOf } from './repoint-objection.ts'
import type { Region, Site } from './site.ts'
import { regionState, type SiteState } from './site-state.ts'

/** Regions that a replacement may be promoted for. */
const promotable = ({ regions }: Site): readonly Region[] =>
  regions.filter(({ replacements, promoteAfterMs, source }) => replacements.length > 0 && promoteAfterMs !== undefined && source.kind === 'service')

const known = ({ promotions }: SiteState, region: string): Promotion => (Object.hasOwn(promotions, region) ? (promotions[region] ?? noPromotion) : noPromotion)

/** The state's `promotions` after one look more at every region; to be called once a second. */
export const countedPromotions = (given: PromotionInput, now: number): Readonly<Record<string, Promotion>> => {
  const input = withVerdictsKept(given)
  return Object.fromEntries(promotable(input.site).map((region) => [region.name, counted(known(input.state, region.name), factsOf(region, input), now)]))
}

/** It leads to one of its replacements: by our doing or somebody else's, it is not done again. */
const isPromoted = (region: Region, state: SiteState): boolean =>
  (regionState(state, region.name)?.addresses ?? []).some((address) => region.replacements.some((replacement) => replacement.includes(address)))

/** Who has it, if it is not free for this region: a name for people. */
export type TakenBy = (address: Address, region: string) => string | undefined

export interface ReplacementCandidate {
  readonly addresses: readonly Address[]
  readonly state: 'unknown' | 'up' | 'down'
  readonly takenBy: string | undefined
}

/** How a region stands to its replacements. */
export interface ReplacementStatus {
  readonly candidates: readonly ReplacementCandidate[]
  readonly promoteAfterMs: number
  readonly downForMs: number
  /** If all stays as it is; undefined: never. */
  readonly dueInMs: number | undefined
  /** Why the time does not count, or why nothing is done although it is over. */
  readonly heldBy: string | undefined
  readonly isPromoted: boolean
  /** The replacement that is to be promoted now. */
  readonly due: readonly Address[] | undefined
}

const candidateOf = (addresses: readonly Address[], region: Region, { site, state }: PromotionInput, takenBy: TakenBy): ReplacementCandidate => {
  const states = addresses.map((address) => {
    const health = state.health[address]
    return health?.identity === site.check.identity ? health.state : 'unknown'
  })
  const is = states.includes('down') ? 'down' : states.length > 0 && states.every((each) => each === 'up') ? 'up' : 'unknown'
  const takers = addresses.map((address) => otherRegionOf(address, region, site, state)?.name ?? takenBy(address, region.name))
  return { addresses, state: is, takenBy: takers.find((taker) => taker !== undefined) }
}

/** Undefined: none is promoted for this region, however long it is down. */
export const replacementStatus = (region: Region, input: PromotionInput, takenBy: TakenBy): ReplacementStatus | undefined => {
  const { promoteAfterMs } = region
  if (promoteAfterMs === undefined || !promotable(input.site).some(({ name }) => name === region.name)) return undefined
  const candidates = region.replacements.map((addresses) => candidateOf(addresses, region, input, takenBy))
  const next = candidates.find((candidate) => candidate.state === 'up' && candidate.takenBy === undefined)
  const { is, heldBy } = factsOf(region, input)
  const { downMs } = known(input.state, region.name)
  const about = { candidates, promoteAfterMs, downForMs: downMs, isPromoted: isPromoted(region, input.state) }
  if (about.isPromoted || is === 'up') return { ...about, dueInMs: undefined, heldBy: undefined, due: undefined }
  const undecided = is === 'undecided' ? 'our checks do not find all of its addresses down' : undefined
  const nobody = next === undefined && downMs >= promoteAfterMs ? 'no replacement is both free and up' : undefined
  const hold = heldBy ?? undecided ?? nobody
  if (hold !== undefined || next === undefined) return { ...about, dueInMs: undefined, heldBy: hold, due: undefined }
  const dueInMs = Math.max(0, promoteAfterMs - downMs)
  return { ...about, dueInMs, heldBy: undefined, due: dueInMs === 0 ? next.addresses : undefined }
}

export interface DuePromotion {
  readonly region: Region
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly downMs: number
}

/** What is to be promoted now, in the config's order: a server that two regions could have is the first's. */
export const duePromotions = (given: PromotionInput, takenBy: TakenBy): readonly DuePromotion[] => {
  const input = withVerdictsKept(given)
  const due = promotable(input.site).flatMap((region): readonly DuePromotion[] => {
    const to = replacementStatus(region, input, takenBy)?.due
    const from = regionState(input.state, region.name)?.addresses ?? []
    return to === undefined ? [] : [{ region, from, to, downMs: known(input.state, region.name).downMs }]
  })
  return due.filter(({ to }, at) => !due.slice(0, at).some((earlier) => earlier.to.some((address) => to.includes(address))))
}

/**
 * Servers that are checked though no region leads to them: the replacements of regions that are down, so that they are
 * proven by when one is due. They are no candidates for the main domain before the subdomain leads to them. One that two
 * regions could have is asked as the first's.
 */
export const replacementTargets = (given: Pick<PromotionInput, 'site' | 'state' | 'verdictOf'>): readonly { readonly address: Address; readonly region: Region }[] => {
  const input = { ...withVerdictsKept(given), pause: undefined }
  const { site, state } = input
  const waiting = promotable(site).filter((region) => factsOf(region, input).is === 'down' && !isPromoted(region, state))
  const all = waiting.flatMap((region) => region.replacements.flat().map((address) => ({ address, region })))
  return all.filter(({ address, region }, at) => otherRegionOf(address, region, site, state) === undefined && all.findIndex((each) => each.address === address) === at)
}
