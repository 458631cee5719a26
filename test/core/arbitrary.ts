import * as fc from 'fast-check'
import { settled, verdictOf } from '../../src/core/ballot.ts'
import type { Candidate } from '../../src/core/candidate.ts'
import type { DecisionInput } from '../../src/core/decide.ts'
import { ballots, keyA, keyAaaa, policy, type Seen, v4, v6 } from './samples.ts'

const seen = fc.constantFrom<Seen[]>('up', 'up', 'down', 'down', 'waiting', 'unknown', 'never-passed', 'blind')
const seldom = fc.nat({ max: 5 }).map((number) => number === 0)

const aCandidate = (index: number, isV6: boolean): fc.Arbitrary<Candidate> =>
  fc
    .record({
      seen: fc.oneof(fc.tuple(seen), fc.tuple(seen, seen)),
      standing: fc.constantFrom<Candidate['standing'][]>('configured', 'configured', 'configured', 'retired', 'foreign'),
      region: fc.constantFrom('msk', 'ams', undefined),
      role: fc.constantFrom<Candidate['role'][]>('active', 'active', 'standby'),
      isDrained: seldom,
      isForcedDrain: fc.boolean(),
      forced: fc.constantFrom<('up' | 'down' | undefined)[]>(undefined, undefined, undefined, undefined, undefined, 'up', 'down'),
      isUnpublishable: seldom,
      isPublished: fc.boolean(),
      isOwned: fc.boolean(),
      since: fc.nat({ max: 9_999 }),
    })
    .map((each): Candidate => {
      const isForeign = each.standing === 'foreign'
      return {
        address: isV6 ? v6(index + 1) : v4(index + 1),
        standing: each.standing,
        region: each.standing === 'configured' ? (each.region ?? 'fra') : isForeign ? undefined : each.region,
        isOrphan: each.standing === 'retired' && each.region === undefined,
        role: each.standing === 'configured' ? each.role : 'active',
        verdict: settled(verdictOf((each.isUnpublishable ? (['unknown'] as const) : each.seen).map((one, at) => ({ ...ballots[one], vantage: `vantage-${at}`, since: each.since }))), each.isPublished || each.standing !== 'configured'),
        drain: each.isDrained && !isForeign ? { reason: 'reboot', isForced: each.isForcedDrain } : undefined,
        force: each.forced !== undefined && !isForeign ? { to: each.forced, reason: 'test' } : undefined,
        isPublishable: !each.isUnpublishable,
        isPublished: each.isPublished || each.standing !== 'configured',
        isOwned: each.isPublished && each.isOwned && !isForeign,
      }
    })

/**
 * Whatever one decision may be asked to decide on. A retired or foreign candidate is one that is published; what may
 * never be published is not checked.
 */
export const anyDecisionInput: fc.Arbitrary<DecisionInput> = fc
  .record({
    isV6: fc.boolean(),
    count: fc.nat({ max: 6 }),
    minPublished: fc.integer({ min: 1, max: 4 }),
    failOpenBelow: fc.integer({ min: 1, max: 3 }),
    failOpen: fc.constantFrom('all', 'keep', 'none' as const),
    foreign: fc.constantFrom('keep', 'remove' as const),
    mayBeEmpty: fc.boolean(),
    isAnyUnresolved: seldom,
    budgetLeft: fc.nat({ max: 4 }),
    removed: fc.subarray([1, 2, 3]),
  })
  .chain(({ isV6, count, minPublished, failOpenBelow, failOpen, foreign, mayBeEmpty, isAnyUnresolved, budgetLeft, removed }) =>
    fc.tuple(...Array.from({ length: count }, (_, index) => aCandidate(index, isV6))).map(
      (candidates): DecisionInput => ({
        key: isV6 ? keyAaaa : keyA,
        now: 10_000,
        policy: { ...policy, minPublished, failOpenBelow, failOpen, foreign },
        candidates,
        mayBeEmpty: isV6 && mayBeEmpty,
        isAnyUnresolved,
        removed: new Set(removed.map(isV6 ? v6 : v4)),
        budgetLeft,
      }),
    ),
  )
