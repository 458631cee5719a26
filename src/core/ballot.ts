import type { Health } from './health.ts'
import type { FailureCause } from './result.ts'
import type { Witness } from './sight.ts'

/** Why a vantage does not vote. */
export type Abstention = 'unknown' | 'never-passed' | 'blind'

/** A vantage's opinion of one address. Times: engine milliseconds. */
export type Ballot = { readonly vantage: string; readonly since: number } & (
  | { readonly opinion: 'up'; readonly readmitAt: number | undefined }
  | { readonly opinion: 'down'; readonly cause: FailureCause; readonly detail: string; readonly failures: number; readonly witness: string }
  | { readonly opinion: 'abstain'; readonly why: Abstention; readonly cause?: FailureCause; readonly detail?: string }
)

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

/** What the ballots together say: down by a strict majority of those who vote, up likewise; a tie decides nothing. */
export type Verdict = { readonly opinion: 'up' | 'down' | 'undecided'; readonly ballots: readonly Ballot[] }

export const verdictOf = (ballots: readonly Ballot[]): Verdict => {
  const count = (opinion: Ballot['opinion']): number => ballots.filter((ballot) => ballot.opinion === opinion).length
  const up = count('up')
  const down = count('down')
  return { opinion: up > down ? 'up' : down > up ? 'down' : 'undecided', ballots }
}

/** Why nobody could say, if all abstained for one reason; `unknown` otherwise. */
export const abstentionOf = (verdict: Verdict): Abstention => {
  const whys = verdict.ballots.flatMap((ballot) => (ballot.opinion === 'abstain' ? [ballot.why] : []))
  const [first] = whys
  return first !== undefined && whys.length === verdict.ballots.length && whys.every((why) => why === first) ? first : 'unknown'
}
