import type { Address, Family } from './address.ts'
import type { RRsetKey } from './rrset.ts'

/** The rule that decided one address, by name; `explain` and the plan show it. */
export type Rule =
  | 'up'
  | 'down'
  | 'unknown' // not decided yet: as it is
  | 'never-passed' // fails, but has never passed this check: as it is
  | 'blind' // we may be the ones cut off: as it is
  | 'drained'
  | 'drained-but-passing' // drained, but needed for minPublished
  | 'forced-up' // by an operator, whatever the checks say
  | 'forced-down'
  | 'split' // those who vote outweigh each other, or are too few: as it is
  | 'waiting' // up, but it has fallen too often lately, or has yet to catch up with the others' content
  | 'waiting-but-needed'
  | 'standby'
  | 'standby-needed'
  | 'fail-open'
  | 'fail-closed'
  | 'no-record-yet' // nothing is up, and a name is never failed open into existence
  | 'undecided' // what is up is too little, and others have yet to be decided: nothing is removed
  | 'budget' // too many removed in a short time
  | 'floor' // the set would be empty
  | 'foreign'
  | 'foreign-removed'
  | 'foreign-suspended' // would be removed, but a region is unresolved or unknown
  | 'replaced' // retired, and its replacement is up
  | 'retired' // no region leads to it any more, and its replacement is not up yet
  | 'unpublishable'

/** Removals that do not count against the budget: an operator's order, somebody's value, a value whose successor serves. */
export const isFreeRemoval = (rule: Rule): boolean => rule === 'drained' || rule === 'forced-down' || rule === 'replaced' || rule === 'foreign-removed'

export interface Entry {
  readonly address: Address
  readonly region: string | undefined
  readonly action: 'publish' | 'withhold'
  readonly rule: Rule
  /** One line for people, with cause and numbers. */
  readonly text: string
  readonly wasPublished: boolean
  /** Whether the mark is to name it, while it is published. */
  readonly isOwned: boolean
}

/** How the site as a whole stands in one family. */
export type Mode =
  | 'normal'
  | 'blind'
  | 'undecided'
  | 'fail-open'
  | 'fail-closed'
  | 'family-drained' // AAAA: all that has IPv6 is taken out by an operator, and IPv4 serves: the set is emptied
  | 'family-down' // AAAA: nothing is up over IPv6, we can see, and IPv4 serves: the set is emptied

/** For each address of one RRset: published or withheld, and why. */
export interface Decision {
  readonly key: RRsetKey
  readonly family: Family
  readonly mode: Mode
  readonly entries: readonly Entry[]
  /** Whether checks have said enough to touch TTL and mark where the values stay. */
  readonly isSettled: boolean
}
