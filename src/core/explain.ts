import { type Address, addressSet, families, type Family, familyOf, parseAddress } from './address.ts'
import type { Drain } from './candidate.ts'
import type { Decision, Mode, Rule } from './decision.ts'
import { type Health } from './health.ts'
import type { CurrentRRset, RRsetKey } from './rrset.ts'
import { sameKey } from './rrset.ts'
import type { Witness } from './sight.ts'
import type { Site } from './site.ts'
import { configuredAddresses, drainOf, knownAddresses, regionOf, type SiteState } from './site-state.ts'

/** Why one address is, or is not, in each of a site's RRsets. Times: engine milliseconds. */
export interface Explanation {
  readonly address: Address
  /** The region that leads to it, or last did. */
  readonly region: string | undefined
  readonly standing: 'configured' | 'retired' | 'foreign'
  readonly drain: Drain | undefined
  /** What the site's check, as it is now, has said of it. */
  readonly health: Health | undefined
  readonly sets: readonly SetExplanation[]
}

export interface SetExplanation {
  readonly key: RRsetKey
  readonly mode: Mode
  readonly action: 'publish' | 'withhold'
  readonly rule: Rule
  readonly text: string
  /** Whether the set holds it, as it was read. */
  readonly isPublished: boolean
  /** Whether our mark names it. */
  readonly isOwned: boolean
  /** When automatic decision last took it out, while that counts. */
  readonly removedAt: number | undefined
}

/** What is decided, and why, told by address: those of regions in the config's order, then the others. */
export const explain = (site: Site, state: SiteState, current: readonly CurrentRRset[], decisions: readonly Decision[]): readonly Explanation[] => {
  const known = new Set(knownAddresses(site, state, current))
  const all = addressSet([...configuredAddresses(site, state), ...decisions.flatMap(({ entries }) => entries.map((entry) => entry.address))])

  const setsOf = (address: Address): readonly SetExplanation[] =>
    decisions.flatMap(({ key, mode, entries }) =>
      entries
        .filter((entry) => entry.address === address)
        .map(({ action, rule, text }) => {
          const rrset = current.find((each) => sameKey(each.key, key))
          const isPublished = rrset?.values.includes(address) ?? false
          const removedAt = isPublished ? undefined : state.removals.find((removal) => removal.address === address)?.at
          return { key, mode, action, rule, text, isPublished, isOwned: rrset?.owned.includes(address) ?? false, removedAt }
        }),
    )
  const rank = ({ region }: Explanation): number => {
    const at = site.regions.findIndex((each) => each.name === region)
    return at === -1 ? site.regions.length : at
  }

  return all
    .map((address): Explanation => {
      const leading = regionOf(address, site, state)
      const region = leading?.name ?? state.retired[address]
      const health = state.health[address]
      return {
        address,
        region,
        standing: leading !== undefined ? 'configured' : known.has(address) ? 'retired' : 'foreign',
        drain: region === undefined ? undefined : drainOf(state, region),
        health: health?.identity === site.check.identity ? health : undefined,
        sets: setsOf(address),
      }
    })
    .toSorted((a, b) => rank(a) - rank(b))
}

const nobody: Readonly<Record<Family, Address | undefined>> = { v4: parseAddress('0.0.0.0'), v6: parseAddress('::') }

/**
 * Witnesses for a state that was written down: of each fall it says whether it was seen, but not by whom. One for each
 * family whose falls were all seen; where one was not, the family counts as blind, as it did then.
 */
export const recordedWitnesses = (state: SiteState, now: number): readonly Witness[] =>
  families.flatMap((family): readonly Witness[] => {
    const down = (Object.keys(state.health) as Address[]).filter((address) => familyOf(address) === family && state.health[address]?.state === 'down')
    const address = nobody[family]
    const isSeen = down.length > 0 && down.every((each) => state.health[each]?.isFallUnseen === false)
    if (!isSeen || address === undefined) return []
    return [{ name: 'something else', address, isLocal: false, isAnswering: true, answeredAt: now, answeringSince: Number.NEGATIVE_INFINITY }]
  })
