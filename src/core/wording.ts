import { abstentionOf, type Ballot, type Verdict } from './ballot.ts'
import type { Candidate } from './candidate.ts'
import type { Rule } from './decision.ts'

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1000))} s`

const opinionText = (ballot: Ballot): string => `${ballot.vantage} ${ballot.opinion === 'abstain' ? 'does not know' : `says ${ballot.opinion}`}`

/** What the checks, and others, say of an address, in one phrase. */
export const verdictText = (verdict: Verdict): string => {
  const opinions = (): string => verdict.ballots.map(opinionText).join(', ')
  if (verdict.isUnsighted === true) return `nothing answers us, so that what others say does not count: ${opinions()}`
  if (verdict.isSplit === true) return `no majority: ${opinions()}${verdict.isKept === true ? `; ${verdict.opinion}, as it was judged last` : ''}`
  const agreeing = verdict.ballots.filter((each) => each.opinion === verdict.opinion)
  const ballot = agreeing.find((each) => !('told' in each)) ?? agreeing[0] ?? verdict.ballots[0]
  if (ballot !== undefined && 'told' in ballot) return `${ballot.vantage} says that it is ${ballot.opinion} (${ballot.told.detail})`
  switch (ballot?.opinion) {
    case 'up':
      return 'up'
    case 'down':
      if (ballot.cause === 'stale') return `stale (${ballot.detail}), at ${ballot.failures} looks in a row`
      return `${ballot.cause} (${ballot.detail}), ${ballot.failures} failed checks while ${ballot.witness} answered`
    case 'abstain':
      return { unknown: 'not decided yet', 'never-passed': 'has never passed this check', blind: 'fails while nothing else answers' }[
        abstentionOf(verdict)
      ].concat(ballot.cause === undefined ? '' : `: ${ballot.cause} (${ballot.detail ?? ''})`)
    case undefined:
      return 'nobody has checked it'
  }
}

const waitText = (candidate: Candidate, now: number): string => {
  const reason = candidate.verdict.ballots.flatMap((ballot) => ('readmitAt' in ballot ? (ballot.reason ?? []) : []))[0]
  if (reason !== undefined) return reason
  const until = Math.max(now, ...candidate.verdict.ballots.flatMap((ballot) => ('readmitAt' in ballot ? [ballot.readmitAt ?? now] : [])))
  return `up, but it has fallen repeatedly: re-admitted in ${seconds(until - now)}`
}

/** One line for people on why a rule decided as it did. */
export const ruleText = (rule: Rule, candidate: Candidate, now: number): string => {
  const verdict = verdictText(candidate.verdict)
  switch (rule) {
    case 'up':
    case 'down':
      return verdict
    case 'unknown':
      return `${verdict}: stays as it is`
    case 'never-passed':
      return `${verdict}: stays as it is, for it may be the check that is wrong`
    case 'blind':
      return 'checks of this family fail, and nothing shows that the fault is not ours: all stays as it is'
    case 'drained':
      return `drained: ${candidate.drain?.reason ?? ''}`
    case 'forced-up':
      return `forced up: ${candidate.force?.reason ?? ''} (${verdict})`
    case 'forced-down':
      return `forced down: ${candidate.force?.reason ?? ''}`
    case 'split':
      return `${verdict}: stays as it is`
    case 'drained-but-passing':
      return `drained, but it passes and too few others do (${candidate.drain?.reason ?? ''})`
    case 'waiting':
      return waitText(candidate, now)
    case 'waiting-but-needed':
      return `${waitText(candidate, now)}, but too few others are up`
    case 'standby':
      return 'standby: not needed'
    case 'standby-needed':
      return 'standby: too few active regions are up'
    case 'fail-open':
      return `fail open: too few are up; ${verdict}`
    case 'fail-closed':
      return `fail closed: ${verdict}`
    case 'no-record-yet':
      return `${verdict}; a name without records gets addresses only as they prove up`
    case 'undecided':
      return `${verdict}; not removed while too few are up and others are not decided`
    case 'budget':
      return `${verdict}; not removed, for half of the site's addresses were removed just now`
    case 'floor':
      return `${verdict}; not removed, for it would leave the set empty`
    case 'foreign':
      return 'foreign: nobody configured it and we never wrote it'
    case 'foreign-removed':
      return 'foreign: removed, as configured'
    case 'foreign-suspended':
      return 'foreign: not removed while a region is unresolved or not decided'
    case 'replaced':
      return 'no region leads here any more, and its replacement is up'
    case 'retired':
      return `no region leads here any more; it stays until its replacement is up (${verdict})`
    case 'unpublishable':
      return 'this kind of address is never published'
  }
}
