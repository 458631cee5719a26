import type { Address } from './address.ts'
import { abstentionOf, isBlindVerdict } from './ballot.ts'
import { type Candidate, isOrderedOut, isReady, isUp } from './candidate.ts'
import { type Decision, isFreeRemoval, type Mode, type Rule } from './decision.ts'
import { familyOfType, type RRsetKey } from './rrset.ts'
import type { Policy } from './site.ts'
import { ruleText } from './wording.ts'

export interface DecisionInput {
  readonly key: RRsetKey
  readonly now: number
  readonly policy: Pick<Policy, 'minPublished' | 'failOpenBelow' | 'failOpen' | 'foreign'>
  /** All of the key's family; each address once. */
  readonly candidates: readonly Candidate[]
  /** AAAA only: whether an A address of the site is up, so that this set may become empty. */
  readonly mayBeEmpty: boolean
  /** Whether some region's subdomain could not be resolved. */
  readonly isAnyUnresolved: boolean
  /** Addresses whose removal is already counted: these may go at no further cost. */
  readonly removed: ReadonlySet<Address>
  /** How many more addresses automatic decisions may remove now. */
  readonly budgetLeft: number
}

type Choice = { readonly candidate: Candidate; readonly action: 'publish' | 'withhold'; readonly rule: Rule }

const asItIs = (candidate: Candidate, rule: Rule): Choice => ({ candidate, action: candidate.isPublished ? 'publish' : 'withhold', rule })
const publish = (candidate: Candidate, rule: Rule): Choice => ({ candidate, action: 'publish', rule })
const withhold = (candidate: Candidate, rule: Rule): Choice => ({ candidate, action: 'withhold', rule })

const isOurs = (choice: Choice): boolean => choice.candidate.standing !== 'foreign'
const isRemoval = (choice: Choice): boolean => choice.action === 'withhold' && choice.candidate.isPublished
const isDecidedDown = (candidate: Candidate): boolean =>
  candidate.verdict.opinion === 'down' || (candidate.verdict.opinion === 'undecided' && abstentionOf(candidate.verdict) === 'never-passed')

const isBlind = (candidate: Candidate): boolean =>
  candidate.standing !== 'foreign' &&
  candidate.isPublished &&
  isBlindVerdict(candidate.verdict)

/**
 * Whether what a retired address served is served by others now, so that it may go: its region's new addresses, or
 * where its region is unknown (lost state, a region taken out of the config) every active region there is. While
 * a subdomain is unresolved, an address of unknown region may well be that region's.
 */
const isReplaced = (retired: Candidate, input: DecisionInput): boolean => {
  const configured = input.candidates.filter((each) => each.standing === 'configured')
  if (retired.isOrphan && input.isAnyUnresolved) return false
  const successors = configured.filter((each) => (retired.isOrphan ? each.role === 'active' : each.region === retired.region))
  return successors.length > 0 && successors.every((each) => isReady(each, input.now) && !isOrderedOut(each))
}

/** AAAA: all that has an address of this family is taken out by an operator, and the set may be empty. */
const isFamilyDrained = ({ candidates, mayBeEmpty }: DecisionInput): boolean => {
  const configured = candidates.filter((each) => each.standing === 'configured' && each.isPublishable)
  const isSighted = candidates.some((each) => each.verdict.opinion !== 'undecided')
  return mayBeEmpty && isSighted && configured.length > 0 && configured.every(isOrderedOut)
}

const chooseForeign = (candidate: Candidate, input: DecisionInput): Choice => {
  if (input.policy.foreign === 'keep') return asItIs(candidate, 'foreign')
  const configured = input.candidates.filter((each) => each.standing === 'configured')
  const isOpen = configured.some((each) => each.verdict.opinion === 'undecided')
  const isServed = configured.some((each) => isReady(each, input.now) && !isOrderedOut(each) && each.isPublishable)
  const isSuspended = input.isAnyUnresolved || isOpen || !isServed
  return isSuspended ? asItIs(candidate, 'foreign-suspended') : withhold(candidate, 'foreign-removed')
}

/** Each address by itself. */
const chooseOne = (candidate: Candidate, input: DecisionInput): Choice => {
  if (candidate.standing === 'foreign') return chooseForeign(candidate, input)
  if (!candidate.isPublishable) return withhold(candidate, 'unpublishable')
  if (candidate.force !== undefined) return candidate.force.to === 'up' ? publish(candidate, 'forced-up') : withhold(candidate, 'forced-down')
  if (candidate.drain !== undefined) return withhold(candidate, 'drained')
  const { opinion, isSplit, isKept } = candidate.verdict
  if (isSplit === true && isKept !== true) return asItIs(candidate, 'split')
  if (opinion === 'down') return withhold(candidate, 'down')
  if (candidate.standing === 'retired') return isReplaced(candidate, input) ? withhold(candidate, 'replaced') : asItIs(candidate, 'retired')
  if (opinion === 'undecided') return asItIs(candidate, abstentionOf(candidate.verdict))
  if (candidate.role === 'standby') return withhold(candidate, 'standby')
  return isReady(candidate, input.now) ? publish(candidate, 'up') : withhold(candidate, 'waiting')
}

type Threshold = (policy: DecisionInput['policy']) => number
const enough: Threshold = (policy) => Math.max(policy.minPublished, policy.failOpenBelow)

/** What is up is taken before failing open is thought of; what an operator drained, only for `minPublished`. */
const groups: readonly { readonly from: Rule; readonly to: Rule; readonly upTo: Threshold }[] = [
  { from: 'waiting', to: 'waiting-but-needed', upTo: enough },
  { from: 'standby', to: 'standby-needed', upTo: enough },
  { from: 'drained', to: 'drained-but-passing', upTo: (policy) => policy.minPublished },
]

/** Counts towards `minPublished`: ours, published, and not known to fail. */
const serves = (choice: Choice): boolean => isOurs(choice) && choice.action === 'publish' && !isDecidedDown(choice.candidate)

/** Who serves already goes on; then who need not wait for re-admission. */
const preference = (candidate: Candidate, now: number): number =>
  candidate.isPublished ? 0 : isReady(candidate, now) ? 1 : 2

const canServe = (choice: Choice, group: Rule, input: DecisionInput): boolean =>
  isUp(choice.candidate) && (group !== 'drained' || (choice.candidate.drain?.isForced !== true && !isFamilyDrained(input)))

/** Group by group, only while too few are there. */
const fillUp = (choices: readonly Choice[], input: DecisionInput): readonly Choice[] =>
  groups.reduce((filled, group) => {
    const missing = Math.max(0, group.upTo(input.policy) - filled.filter(serves).length)
    const fitting = filled
      .filter((choice) => choice.rule === group.from && choice.action === 'withhold' && canServe(choice, group.from, input))
      .toSorted((a, b) => preference(a.candidate, input.now) - preference(b.candidate, input.now))
    const taken = new Set(fitting.slice(0, missing))
    return filled.map((choice) => (taken.has(choice) ? publish(choice.candidate, group.to) : choice))
  }, choices)

const isServing = (choice: Choice): boolean => serves(choice) && isUp(choice.candidate)

const rewrite = (choices: readonly Choice[], rules: readonly Rule[], to: (choice: Choice) => Choice): readonly Choice[] =>
  choices.map((choice) => (isOurs(choice) && rules.includes(choice.rule) ? to(choice) : choice))

/** Not decided, and free to be published: it may turn out to be up. */
const mayStillServe = (candidate: Candidate): boolean =>
  !isUp(candidate) &&
  !isDecidedDown(candidate) &&
  candidate.isPublishable &&
  !isOrderedOut(candidate) &&
  candidate.standing === 'configured'

/** Our own checks have decided, and so it has passed once: others' words alone prove nothing. */
const isProven = ({ standing, verdict }: Candidate): boolean =>
  standing === 'configured' && verdict.ballots.some((ballot) => !('told' in ballot) && ballot.opinion !== 'abstain')

/**
 * What to do when fewer than `failOpenBelow` are up. Failing open adds no address that has never passed: it could
 * not be withdrawn again afterwards.
 */
const whenTooFew = (choices: readonly Choice[], input: DecisionInput): { readonly mode: Mode; readonly choices: readonly Choice[] } => {
  const { candidates, policy } = input
  if (isFamilyDrained(input)) return { mode: 'family-drained', choices }
  if (candidates.some(mayStillServe)) {
    return { mode: 'undecided', choices: rewrite(choices, ['down'], (choice) => asItIs(choice.candidate, 'undecided')) }
  }
  const isSighted = candidates.some((each) => each.verdict.opinion !== 'undecided')
  if (input.mayBeEmpty && isSighted && !choices.some(isServing)) return { mode: 'family-down', choices }
  if (policy.failOpen === 'none' && choices.some((choice) => choice.rule === 'down')) {
    return { mode: 'fail-closed', choices: rewrite(choices, ['down'], (choice) => withhold(choice.candidate, 'fail-closed')) }
  }
  const exists = candidates.some((each) => each.isPublished)
  const toOpen = (choice: Choice): Choice => {
    if (!exists) return withhold(choice.candidate, 'no-record-yet')
    const isOpened = choice.candidate.isPublished || (policy.failOpen === 'all' && isProven(choice.candidate))
    return isOpened ? publish(choice.candidate, 'fail-open') : choice
  }
  return { mode: 'fail-open', choices: rewrite(choices, ['down', 'never-passed', 'split', 'waiting', 'standby'], toOpen) }
}

/** Of the removals that cost, those that fail go first, the longest failing before the others. */
const withinBudget = (choices: readonly Choice[], input: DecisionInput): readonly Choice[] => {
  const costs = (choice: Choice): boolean =>
    isRemoval(choice) && isOurs(choice) && !isFreeRemoval(choice.rule) && !input.removed.has(choice.candidate.address)
  const rank = (choice: Choice): number => (isDecidedDown(choice.candidate) ? 0 : 1)
  const since = (choice: Choice): number => Math.min(...choice.candidate.verdict.ballots.map((ballot) => ballot.since))
  const held = new Set(
    choices
      .filter(costs)
      .toSorted((a, b) => rank(a) - rank(b) || since(a) - since(b))
      .slice(Math.max(0, input.budgetLeft)),
  )
  return choices.map((choice) => (held.has(choice) ? publish(choice.candidate, 'budget') : choice))
}

/** A set that has values of ours is left with at least one, unless the mode allows it to be empty. */
const aboveFloor = (choices: readonly Choice[], mode: Mode): readonly Choice[] => {
  const isAllowed = mode === 'fail-closed' || mode === 'family-down' || mode === 'family-drained'
  const remains = choices.some((choice) => isOurs(choice) && choice.action === 'publish')
  if (isAllowed || remains) return choices
  return choices.map((choice) => (isOurs(choice) && isRemoval(choice) ? publish(choice.candidate, 'floor') : choice))
}

/** Nothing changes, but that an operator's order passes, unless those taken out are needed for `minPublished`. */
const freeze = (input: DecisionInput): readonly Choice[] => {
  const ours = input.candidates.filter((each) => each.standing !== 'foreign' && each.isPublished)
  const left = ours.filter((each) => !isOrderedOut(each)).length
  const mayGo = (candidate: Candidate): boolean => left >= (candidate.force !== undefined || candidate.drain?.isForced === true ? 1 : input.policy.minPublished)
  return input.candidates.map((candidate) => {
    if (candidate.standing === 'foreign') return asItIs(candidate, 'foreign')
    if (candidate.force?.to === 'up' && candidate.isPublishable) return publish(candidate, 'forced-up')
    if (isOrderedOut(candidate) && mayGo(candidate)) return withhold(candidate, candidate.force === undefined ? 'drained' : 'forced-down')
    return asItIs(candidate, 'blind')
  })
}

const chooseAll = (input: DecisionInput): { readonly mode: Mode; readonly choices: readonly Choice[] } => {
  if (input.candidates.some(isBlind)) return { mode: 'blind', choices: freeze(input) }
  const choices = fillUp(
    input.candidates.map((candidate) => chooseOne(candidate, input)),
    input,
  )
  const isEnough = choices.filter(isServing).length >= input.policy.failOpenBelow
  return isEnough || choices.every((choice) => !isOurs(choice)) ? { mode: 'normal', choices } : whenTooFew(choices, input)
}

const isSettled = ({ candidates, isAnyUnresolved }: DecisionInput): boolean => {
  const configured = candidates.filter((each) => each.standing === 'configured')
  return !isAnyUnresolved && configured.length > 0 && configured.every((each) => isUp(each) || isDecidedDown(each))
}

/**
 * Whom to publish in one RRset: all that are up and undrained; then, only while fewer than `minPublished` are
 * there, those that wait for re-admission, standbys, and drained ones that pass; and if too few are up, by the
 * `failOpen` policy. What is not decided stays as it is.
 */
export const decide = (input: DecisionInput): Decision => {
  const { mode, choices } = chooseAll(input)
  const final = aboveFloor(withinBudget(choices, input), mode)
  return {
    key: input.key,
    family: familyOfType(input.key.type),
    mode,
    isSettled: isSettled(input),
    entries: final.map(({ candidate, action, rule }) => ({
      address: candidate.address,
      region: candidate.region,
      action,
      rule,
      text: ruleText(rule, candidate, input.now),
      wasPublished: candidate.isPublished,
      isOwned: candidate.standing !== 'foreign' && (candidate.isOwned || !candidate.isPublished || isUp(candidate)),
    })),
  }
}
