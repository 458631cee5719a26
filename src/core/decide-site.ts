import type { Address } from './address.ts'
import { budgetLeft, countedRemovals, type Removal } from './budget.ts'
import { type Candidate, isUp } from './candidate.ts'
import { decide } from './decide.ts'
import { type Decision, isFreeRemoval } from './decision.ts'
import { guard, type GuardVerdict } from './guard.ts'
import { plan } from './plan.ts'
import type { Fqdn } from './fqdn.ts'
import type { Change, CurrentRRset } from './rrset.ts'
import type { Site } from './site.ts'

export interface SiteFacts {
  readonly site: Pick<Site, 'policy' | 'ttl'>
  readonly now: number
  /** The site's RRsets as they are now; of each name A before AAAA. */
  readonly current: readonly CurrentRRset[]
  /** Who may stand in one RRset; `isPublished` and `isOwned` as in that set. */
  readonly candidatesOf: (current: CurrentRRset) => readonly Candidate[]
  /** Every address that a region leads or led to. */
  readonly known: ReadonlySet<Address>
  /** How many addresses the site has; those that only wait to be replaced are not counted. */
  readonly addressCount: number
  readonly isAnyUnresolved: boolean
  readonly removals: readonly Removal[]
}

export interface PlannedChange {
  readonly change: Change
  readonly verdict: GuardVerdict
}

export interface SiteDecision {
  readonly decisions: readonly Decision[]
  readonly changes: readonly PlannedChange[]
  /** The removals that count once the allowed changes are sent; new ones are uncertain until they are confirmed. */
  readonly removals: readonly Removal[]
  /** Each address on which there is a verdict, a split vote being none. */
  readonly judged: ReadonlyMap<Address, 'up' | 'down'>
}

/** Decides on all RRsets of a site, A before AAAA, out of one budget, and guards what is planned. */
export const decideSite = (facts: SiteFacts): SiteDecision => {
  const { site, now, current } = facts
  const published = new Set(current.flatMap((rrset) => rrset.values))
  const counted = countedRemovals(facts.removals, published, site.policy.budgetWindowMs, now)
  const decisions: Decision[] = []
  const changes: PlannedChange[] = []
  /** Names whose A set holds an address that is up, and keeps it: their AAAA set may become empty. */
  const served = new Set<Fqdn>()
  const judged = new Map<Address, 'up' | 'down'>()
  let removals = counted
  for (const rrset of current) {
    const removed = new Set(removals.map((removal) => removal.address))
    const left = budgetLeft(facts.addressCount, removals)
    const mayBeEmpty = rrset.key.type === 'AAAA' && served.has(rrset.key.name)
    const { policy } = site
    const { isAnyUnresolved } = facts
    const candidates = facts.candidatesOf(rrset)
    for (const { address, verdict } of candidates) if (verdict.isSplit !== true && verdict.opinion !== 'undecided') judged.set(address, verdict.opinion)
    const decision = decide({ key: rrset.key, now, policy, candidates, mayBeEmpty, isAnyUnresolved, removed, budgetLeft: left })
    decisions.push(decision)
    if (rrset.key.type === 'A' && servesStill(decision, candidates)) served.add(rrset.key.name)
    const change = plan(rrset, decision, site.ttl)
    if (change === undefined) continue
    const mayRemoveForeign = policy.foreign === 'remove'
    const { allowPrivate } = policy
    const verdict = guard(change, { decision, known: facts.known, allowPrivate, mayRemoveForeign, removed, budgetLeft: left, mayBeEmpty })
    changes.push({ change, verdict })
    if (verdict.kind === 'allowed') removals = [...removals, ...newRemovals(decision, removed, now)]
  }
  return { decisions, changes, removals, judged }
}

/** By our own checks; what a split vote leaves there, or others alone call up, may not serve. */
const isSeenUp = (candidate: Candidate): boolean =>
  isUp(candidate) && candidate.verdict.isSplit !== true && candidate.verdict.ballots.some((ballot) => ballot.opinion === 'up' && !('told' in ballot))

/** Whether an address of ours is in the set now, stays, and is up. */
const servesStill = (decision: Decision, candidates: readonly Candidate[]): boolean => {
  const up = new Set(candidates.filter((each) => isSeenUp(each) && each.standing !== 'foreign').map((each) => each.address))
  return decision.entries.some((entry) => entry.action === 'publish' && entry.wasPublished && up.has(entry.address))
}

const newRemovals = (decision: Decision, removed: ReadonlySet<Address>, now: number): readonly Removal[] =>
  decision.entries
    .filter((entry) => entry.action === 'withhold' && entry.wasPublished && !isFreeRemoval(entry.rule))
    .filter((entry) => !removed.has(entry.address))
    .map((entry) => ({ address: entry.address, at: now, isUncertain: true }))
