import { abstentionOf, type Ballot, type Verdict } from '../core/ballot.ts'
import type { Explanation } from '../core/explain.ts'
import type { CheckResult } from '../core/result.ts'
import type { Clock } from './ports.ts'
import type { AddressView } from './views.ts'
import { isoAt } from './wire-time.ts'

type Clocks = Pick<Clock, 'now' | 'wallNow'>

const ballotText = (ballot: Ballot): string => {
  if ('told' in ballot) return ballot.told.detail
  switch (ballot.opinion) {
    case 'up':
      return ballot.reason ?? 'passes its checks'
    case 'down':
      if (ballot.cause === 'stale') return `stale: ${ballot.detail}, at ${ballot.failures} looks in a row`
      return `${ballot.cause}: ${ballot.detail}, ${ballot.failures} failed checks while ${ballot.witness} answered`
    case 'abstain': {
      const what = { unknown: 'not decided yet', 'never-passed': 'has never passed this check', blind: 'fails while nothing else answers' }[ballot.why]
      return ballot.cause === undefined ? what : `${what}: ${ballot.cause} (${ballot.detail ?? ''})`
    }
  }
}

const ballotView = (ballot: Ballot, clock: Clocks): AddressView['ballots'][number] => ({
  vantage: ballot.vantage,
  opinion: ballot.opinion,
  since: isoAt(ballot.since, clock) ?? '',
  expiresAt: 'told' in ballot ? isoAt(ballot.told.expiresAt, clock) : null,
  text: ballotText(ballot),
})

/** One address, as it is told. `last`: its latest check. */
export const addressView = (explanation: Explanation, verdict: Verdict | undefined, last: CheckResult | undefined, clock: Clocks): AddressView => {
  const { address, standing, health, sets } = explanation
  const state = health?.state ?? 'unknown'
  const readmitAt = health?.readmitAt
  return {
    address,
    standing,
    state,
    since: state === 'unknown' ? null : isoAt(health?.since, clock),
    checkedAt: isoAt(health?.observedAt, clock),
    hasPassed: health?.hasPassed ?? false,
    failures: health?.failing?.count ?? 0,
    cause: health?.failing?.cause ?? (last !== undefined && last.kind === 'cannot-tell' ? last.cause : null),
    detail: health?.failing?.detail ?? (last !== undefined && last.kind === 'cannot-tell' ? last.detail : null),
    latencyMs: last?.timing.totalMs ?? null,
    certificateDays: last?.certificateDays ?? null,
    readmitAt: readmitAt === undefined || readmitAt <= clock.now() ? null : isoAt(readmitAt, clock),
    verdict: verdict === undefined || (verdict.isSplit === true && abstentionOf(verdict) === 'unknown') ? 'undecided' : verdict.opinion,
    ballots: (verdict?.ballots ?? []).map((ballot) => ballotView(ballot, clock)),
    sets: sets.map(({ key, action, rule, text, isPublished, isOwned, removedAt }) => ({
      ...key,
      isPublished,
      isWanted: action === 'publish',
      isOurs: isOwned,
      rule,
      text,
      removedAt: isoAt(removedAt, clock),
    })),
  }
}
