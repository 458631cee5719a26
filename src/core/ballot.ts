import type { Health } from './health.ts'
import type { FailureCause } from './result.ts'
import type { Witness } from './sight.ts'
import type { Stale } from './stale.ts'
import type { SourceMode, Word } from './word.ts'

/** Why a vantage does not vote. */
export type Abstention = 'unknown' | 'never-passed' | 'blind'

/** A vantage's opinion of one address. Times: engine milliseconds. */
export type Ballot = { readonly vantage: string; readonly since: number } & (
  /** `reason`: why it waits, where it is not for its falls; then there is no telling until when. */
  | { readonly opinion: 'up'; readonly readmitAt: number | undefined; readonly reason?: string }
  | { readonly opinion: 'down'; readonly cause: FailureCause; readonly detail: string; readonly failures: number; readonly witness: string }
  | { readonly opinion: 'abstain'; readonly why: Abstention; readonly cause?: FailureCause; readonly detail?: string }
  /** An outside monitor's word, taken as it is. */
  | { readonly opinion: 'up' | 'down'; readonly told: Told }
)

export interface Told {
  readonly detail: string
  readonly expiresAt: number
  /** It decides alone. */
  readonly isOverride: boolean
}

/**
 * Our own vote. We abstain while we do not know, while the address has never passed (it may be the check that is
 * wrong), and while nothing shows that we can see.
 */
export const ballotOf = (vantage: string, health: Health, witness: Witness | undefined): Ballot => {
  const { since, failing } = health
  if (health.state === 'up') return { vantage, since, opinion: 'up', readmitAt: health.readmitAt }
  if (health.state === 'unknown' || failing === undefined) return { vantage, since, opinion: 'abstain', why: 'unknown' }
  const { cause, detail, count } = failing
  if (!health.hasPassed) return { vantage, since, opinion: 'abstain', why: 'never-passed', cause, detail }
  if (witness === undefined) return { vantage, since, opinion: 'abstain', why: 'blind', cause, detail }
  return { vantage, since, opinion: 'down', cause, detail, failures: count, witness: witness.name }
}

/**
 * What its region's content makes of the vote for an address that passes: one that serves what is old is as good as down,
 * and one that came back waits until it has what others have. What fails is simply down.
 */
export const withFreshness = (ballot: Ballot, stale: Stale | undefined, catchingUp: string | undefined): Ballot => {
  if (ballot.opinion !== 'up' || 'told' in ballot) return ballot
  if (stale !== undefined) return { vantage: ballot.vantage, since: stale.since, opinion: 'down', cause: 'stale', detail: stale.detail, failures: stale.looks, witness: stale.ahead }
  return catchingUp === undefined ? ballot : { ...ballot, readmitAt: Number.POSITIVE_INFINITY, reason: catchingUp }
}

/** Monitors whose words a ballot quotes. */
const mostNamed = 5

/** A source is one vantage, however many monitors it has: down while one of these says so. A hint is no vote. */
export const ballotsOfWords = (words: readonly Word[], modes: Readonly<Record<string, SourceMode>>): readonly Ballot[] =>
  [...new Set(words.map(({ source }) => source))].flatMap((source): readonly Ballot[] => {
    const mode = Object.hasOwn(modes, source) ? modes[source] : undefined
    if (mode === undefined || mode === 'hint') return []
    const said = words.filter((word) => word.source === source)
    const opinion = said.some((word) => word.opinion === 'down') ? 'down' : 'up'
    const telling = said.filter((word) => word.opinion === opinion)
    const named = telling.slice(0, mostNamed).map((word) => (word.detail === '' ? word.monitor : `${word.monitor}: ${word.detail}`))
    const detail = [...named, ...(telling.length > mostNamed ? [`and ${telling.length - mostNamed} more`] : [])].join('; ')
    const since = Math.min(...telling.map((word) => word.since))
    const expiresAt = Math.max(...telling.map((word) => word.expiresAt))
    return [{ vantage: source, since, opinion, told: { detail, expiresAt, isOverride: mode === 'override' } }]
  })

/** What the ballots together say. */
export interface Verdict {
  readonly opinion: 'up' | 'down' | 'undecided'
  readonly ballots: readonly Ballot[]
  /** There are opinions, but they outweigh each other, or are too few: the state before stays. */
  readonly isSplit?: true
  /** Split, and `opinion` is the verdict that stood before, though the records are otherwise. */
  readonly isKept?: true
  /** Others say something, but nothing answers us. */
  readonly isUnsighted?: true
}

const isOverride = (ballot: Ballot): boolean => 'told' in ballot && ballot.told.isOverride

/** It has yet to pass our own check, of late or ever, or nobody but others says anything: nothing is published on hearsay alone. */
const isHearsay = (ballots: readonly Ballot[]): boolean =>
  ballots.some((ballot) => ballot.opinion === 'abstain' && ballot.why !== 'blind') || ballots.every((ballot) => 'told' in ballot || ballot.opinion === 'abstain')

/**
 * Up or down by a strict majority of those who vote, if at least `quorum` do (down only), by default more than half of
 * the vantages that are there. What overrides decides alone.
 */
export const verdictOf = (all: readonly Ballot[], quorum?: number): Verdict => {
  const overriding = all.filter(isOverride)
  const ballots = overriding.length > 0 ? overriding : all
  const up = ballots.filter(({ opinion }) => opinion === 'up').length
  const down = ballots.filter(({ opinion }) => opinion === 'down').length
  const majority = Math.floor(ballots.length / 2) + 1
  const isEnough = (needed: number): boolean => overriding.length > 0 || up + down >= needed
  if (down > up && isEnough(quorum ?? majority)) return { opinion: 'down', ballots: all }
  if (up > down && isEnough(majority) && (overriding.length > 0 || !isHearsay(ballots))) return { opinion: 'up', ballots: all }
  return up + down > 0 ? { opinion: 'undecided', ballots: all, isSplit: true } : { opinion: 'undecided', ballots: all }
}

const ownOpinion = ({ ballots }: Verdict): 'up' | 'down' | undefined => {
  const own = ballots.find((ballot) => !('told' in ballot) && ballot.opinion !== 'abstain')?.opinion
  return own === 'abstain' ? undefined : own
}

/**
 * What a split vote leaves as it is: the verdict that stood last, where our own checks agree with it. Where they do not, or none
 * has stood yet, what is published: by a split vote nothing comes in that fails our own checks, and nothing goes that passes.
 */
export const settled = (verdict: Verdict, isPublished: boolean, last?: 'up' | 'down'): Verdict => {
  if (verdict.isSplit !== true) return verdict
  const asPublished = isPublished ? 'up' : 'down'
  return last !== undefined && last !== asPublished && last === ownOpinion(verdict) ? { ...verdict, opinion: last, isKept: true } : { ...verdict, opinion: asPublished }
}

/**
 * What others say decides nothing while our own checks do not know and nothing of the family answers us: whoever says it may be on the
 * other side of the same cut, and what is unknown, after a lost state above all, hides that we are blind.
 */
export const withSight = (verdict: Verdict, isSighted: boolean): Verdict =>
  isSighted || verdict.opinion === 'undecided' || ownOpinion(verdict) !== undefined ? verdict : { opinion: 'undecided', ballots: verdict.ballots, isUnsighted: true }

/** Whether we ourselves may be the ones cut off: what others say does not change that. */
export const isBlindVerdict = (verdict: Verdict): boolean => verdict.ballots.some((ballot) => ballot.opinion === 'abstain' && ballot.why === 'blind')

/** Why nobody could say, if all abstained for one reason; `unknown` otherwise. */
export const abstentionOf = (verdict: Verdict): Abstention => {
  const whys = verdict.ballots.flatMap((ballot) => (ballot.opinion === 'abstain' ? [ballot.why] : []))
  const [first] = whys
  return first !== undefined && whys.length === verdict.ballots.length && whys.every((why) => why === first) ? first : 'unknown'
}

/** Of an address that nobody has been asked about. */
export const unknownVerdict: Verdict = { opinion: 'undecided', ballots: [] }
