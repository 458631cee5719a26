import type { Decision, Entry } from '../../core/decision.ts'
import { keyText } from '../../core/rrset.ts'

export type FloorProblem = { readonly canBeForced: boolean; readonly text: string }

/** Of a region that is to be taken out, what a decision would keep published all the same. */
const kept = (decisions: readonly Decision[], region: string): readonly { readonly set: string; readonly entry: Entry }[] =>
  decisions.flatMap(({ key, entries }) =>
    entries.filter((entry) => entry.region === region && entry.action === 'publish').map((entry) => ({ set: keyText(key), entry })),
  )

/** Why a region cannot be taken out as things stand; undefined: it can. `decisions`: as they would be under the order. */
export const floorProblem = (decisions: readonly Decision[], region: string, isForced: boolean): FloorProblem | undefined => {
  const [first] = kept(decisions, region)
  if (first === undefined) return undefined
  const { set, entry } = first
  const others = decisions
    .flatMap(({ entries }) => entries)
    .filter((each) => each.region !== region && each.region !== undefined)
    .map((each) => `${each.region} ${each.address}: ${each.text}`)
  const why = others.length === 0 ? 'no other region has an address' : [...new Set(others)].join('; ')
  const text = `${set} would be left with too few: ${entry.address} stays by rule ${entry.rule} (${why})`
  return { canBeForced: !isForced && entry.rule === 'drained-but-passing', text }
}
