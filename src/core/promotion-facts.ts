import { type Address, type Family, familyOf } from './address.ts'
import type { Verdict } from './ballot.ts'
import type { Pause } from './orders.ts'
import type { PromotionFacts } from './promotion.ts'
import type { Region, Site } from './site.ts'
import { drainOf, forceOf, regionState, type SiteState } from './site-state.ts'

/** What is known now of everything that bears on a promotion. */
export interface PromotionInput {
  readonly site: Site
  /** Under the operators' orders that are in force. */
  readonly state: SiteState
  readonly verdictOf: (address: Address) => Verdict
  readonly pause: Pause | undefined
}

/**
 * Also where only our own checks see it up: no outside monitor's word makes two times of down one. A split vote says
 * neither, however it is settled for the main domain.
 */
const isUp = ({ opinion, ballots, isSplit }: Verdict): boolean =>
  ballots.some((ballot) => ballot.opinion === 'up' && !('told' in ballot)) || (opinion === 'up' && isSplit !== true)

/** By our own checks, while something else answered: an outside monitor's word alone, or old content, moves no subdomain. */
const isSeenDown = ({ opinion, ballots, isSplit }: Verdict): boolean =>
  opinion === 'down' && isSplit !== true && ballots.some((ballot) => ballot.opinion === 'down' && 'witness' in ballot && ballot.cause !== 'stale')

const isBlind = ({ ballots }: Verdict): boolean => ballots.some((ballot) => ballot.opinion === 'abstain' && ballot.why === 'blind')

const holdOf = (region: Region, addresses: readonly Address[], { site, state, verdictOf, pause }: PromotionInput): string | undefined => {
  if (pause !== undefined) return `site ${site.name} is paused: ${pause.reason}`
  const force = forceOf(state, region.name)
  if (force !== undefined) return `it is forced ${force.to}: ${force.reason}`
  const drain = drainOf(state, region.name)
  if (drain !== undefined) return `it is drained: ${drain.reason}`
  const [problem] = Object.values(regionState(state, region.name)?.problems ?? {})
  if (problem !== undefined) return `its subdomain cannot be resolved: ${problem}`
  const touched = new Set<Family>(addresses.map(familyOf))
  const all = site.regions.flatMap((each) => regionState(state, each.name)?.addresses ?? [])
  const unseen = all.find((address) => touched.has(familyOf(address)) && isBlind(verdictOf(address)))
  return unseen === undefined ? undefined : `blind: ${unseen} fails, and nothing shows that the fault is not ours`
}

/** Whether a region is down, and whether the time may count. */
export const factsOf = (region: Region, input: PromotionInput): PromotionFacts => {
  const addresses = regionState(input.state, region.name)?.addresses ?? []
  const verdicts = addresses.map(input.verdictOf)
  const is = verdicts.some(isUp) ? 'up' : verdicts.length > 0 && verdicts.every(isSeenDown) ? 'down' : 'undecided'
  return { is, heldBy: is === 'up' ? undefined : holdOf(region, addresses, input) }
}

/** The same, each verdict asked for once: what is not known by heart costs a look at the whole site. */
export const withVerdictsKept = <T extends Pick<PromotionInput, 'verdictOf'>>(input: T): T => {
  const kept = new Map<Address, Verdict>()
  const verdictOf = (address: Address): Verdict => {
    const verdict = kept.get(address) ?? input.verdictOf(address)
    kept.set(address, verdict)
    return verdict
  }
  return { ...input, verdictOf }
}
