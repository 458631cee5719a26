import { type Address, isPublishable } from './address.ts'
import { type Decision, isFreeRemoval } from './decision.ts'
import { type Change, keyText } from './rrset.ts'

/** What the last check before a write knows, apart from the change itself. */
export interface GuardFacts {
  readonly decision: Decision
  /** Addresses that a region leads to, or led to before it was repointed. */
  readonly known: ReadonlySet<Address>
  readonly allowPrivate: boolean
  /** The policy that removes foreign values. */
  readonly mayRemoveForeign: boolean
  /** Addresses that may be removed by automatic decision: counted already, or within the budget. */
  readonly removed: ReadonlySet<Address>
  readonly budgetLeft: number
  /** AAAA: an A address of the name is up and published. */
  readonly mayBeEmpty: boolean
}

export type GuardCode = 'floor' | 'foreign' | 'unknown-value' | 'unpublishable' | 'budget'
export type GuardVerdict = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly code: GuardCode; readonly text: string }

const refused = (code: GuardCode, text: string): GuardVerdict => ({ kind: 'refused', code, text })

/**
 * Whether a change may be applied, judged on its before and after alone and without trust in the decision that
 * made it: a set of ours is not emptied, nothing foreign goes, nothing unknown comes, and not too much at once.
 */
export const guard = (change: Change, facts: GuardFacts): GuardVerdict => {
  const { before, after, key } = change
  const owned = new Set(before.owned)
  const isOurs = (address: Address): boolean => owned.has(address) || facts.known.has(address)
  const added = after.values.filter((value) => !before.values.includes(value))
  const removed = before.values.filter((value) => !after.values.includes(value))

  const bad = added.find((value) => !isPublishable(value, facts.allowPrivate))
  if (bad !== undefined) return refused('unpublishable', `${bad} is not an address to publish in ${keyText(key)}`)
  const stranger = added.find((value) => !facts.known.has(value))
  if (stranger !== undefined) return refused('unknown-value', `${stranger} belongs to no region, so it is not added to ${keyText(key)}`)
  const foreign = removed.find((value) => !isOurs(value))
  if (foreign !== undefined && !facts.mayRemoveForeign) {
    return refused('foreign', `${foreign} in ${keyText(key)} is not ours to remove`)
  }

  const left = after.values.filter(isOurs).length
  const had = before.values.filter(isOurs).length
  const { mode } = facts.decision
  if (before.values.length > 0 && after.values.length === 0 && had === 0) {
    return refused('floor', `${keyText(key)} would be left empty; at least 1 of its ${before.values.length} addresses must stay`)
  }
  const isEmptyAllowed = mode === 'fail-closed' || (key.type === 'AAAA' && (mode === 'family-down' || mode === 'family-drained') && facts.mayBeEmpty)
  if (had > 0 && left === 0 && !isEmptyAllowed) {
    return refused('floor', `${keyText(key)} would be left with ${left} of our ${had} addresses; at least 1 must stay`)
  }

  const free = new Set(facts.decision.entries.filter((entry) => isFreeRemoval(entry.rule)).map((entry) => entry.address))
  const costly = removed.filter((value) => isOurs(value) && !free.has(value) && !facts.removed.has(value))
  if (costly.length > facts.budgetLeft) {
    return refused('budget', `${keyText(key)}: ${costly.length} addresses would go, ${facts.budgetLeft} may at this time`)
  }
  return { kind: 'allowed' }
}
