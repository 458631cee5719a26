import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareAddresses } from '../../src/core/address.ts'
import { settled } from '../../src/core/ballot.ts'
import type { Candidate } from '../../src/core/candidate.ts'
import { decide, type DecisionInput } from '../../src/core/decide.ts'
import { type Decision, type Entry, isFreeRemoval, type Rule } from '../../src/core/decision.ts'
import { anyDecisionInput } from './arbitrary.ts'
import { published } from './samples.ts'

const runs = { numRuns: 2_000 }
const isRemoval = (entry: Entry): boolean => entry.action === 'withhold' && entry.wasPublished
const byAddress = (entries: readonly Entry[]): readonly Entry[] => entries.toSorted((a, b) => compareAddresses(a.address, b.address))

/** Every candidate with what was decided on it. */
const forEach = (input: DecisionInput, decision: Decision, look: (candidate: Candidate, entry: Entry) => void): void => {
  expect(decision.entries.map((entry) => entry.address)).toEqual(input.candidates.map((each) => each.address))
  for (const [index, candidate] of input.candidates.entries()) {
    const entry = decision.entries[index]
    if (entry !== undefined) look(candidate, entry)
  }
}

/** The input after the decision was applied: what is withheld and nobody configured is forgotten. */
const applied = (input: DecisionInput, decision: Decision): DecisionInput => ({
  ...input,
  candidates: input.candidates.flatMap((candidate, index): readonly Candidate[] => {
    const entry = decision.entries[index]
    const isPublished = entry?.action === 'publish'
    if (!isPublished && candidate.standing !== 'configured') return []
    return [{ ...candidate, verdict: settled(candidate.verdict, isPublished), isPublished, isOwned: isPublished && entry.isOwned }]
  }),
})

it('does not care for the order of its candidates, unless it has to choose among equals', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      const forwards = decide(input)
      const backwards = decide({ ...input, candidates: input.candidates.toReversed() })
      expect(backwards.mode).toBe(forwards.mode)
      const isChoosing = [...forwards.entries, ...backwards.entries].some((entry) => entry.rule === 'budget' || entry.rule.endsWith('-needed') || entry.rule === 'drained-but-passing')
      if (!isChoosing) expect(byAddress(backwards.entries)).toEqual(byAddress(forwards.entries))
    }),
    runs,
  )
})

it('leaves alone what is not decided, but for orders, replacements and bounds', () => {
  const exceptions: readonly Rule[] = ['drained', 'forced-up', 'forced-down', 'unpublishable', 'replaced', 'foreign-removed']
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      forEach(input, decide(input), (candidate, entry) => {
        if (candidate.verdict.opinion !== 'undecided' || exceptions.includes(entry.rule)) return
        expect([entry.rule, entry.action === 'publish']).toEqual([entry.rule, candidate.isPublished])
      })
    }),
    runs,
  )
})

it('never adds what may not be published, what is drained and does not pass, or what is not configured', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      forEach(input, decide(input), (candidate, entry) => {
        if (entry.action === 'withhold' || entry.wasPublished) return
        expect(candidate.isPublishable).toBe(true)
        expect(candidate.standing).toBe('configured')
        if (candidate.force?.to === 'up') return
        expect(candidate.force).toBe(undefined)
        if (candidate.drain !== undefined) expect(candidate.verdict.opinion).toBe('up')
      })
    }),
    runs,
  )
})

it('adds what is not up only by failing open', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      const decision = decide(input)
      forEach(input, decision, (candidate, entry) => {
        if (entry.action === 'withhold' || entry.wasPublished || candidate.verdict.opinion === 'up' || entry.rule === 'forced-up') return
        expect([decision.mode, entry.rule]).toEqual(['fail-open', 'fail-open'])
        expect(input.candidates.some((each) => each.isPublished)).toBe(true)
      })
    }),
    runs,
  )
})

it('never removes more than the budget, but for orders and what is counted already', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      const costly = decide(input).entries.filter(
        (entry) => isRemoval(entry) && !isFreeRemoval(entry.rule) && !input.removed.has(entry.address),
      )
      expect(costly.length).toBeLessThanOrEqual(input.budgetLeft)
    }),
    runs,
  )
})

it('never leaves none of ours where some were, but for fail closed and IPv6 while IPv4 serves', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      const decision = decide(input)
      const before = input.candidates.filter((each) => each.standing !== 'foreign' && each.isPublished)
      const foreign = new Set(input.candidates.filter((each) => each.standing === 'foreign').map((each) => each.address))
      const after = published(decision).filter((address) => !foreign.has(address))
      if (before.length === 0 || after.length > 0) return
      if (decision.mode === 'family-down' || decision.mode === 'family-drained') expect([input.key.type, input.mayBeEmpty]).toEqual(['AAAA', true])
      else expect([decision.mode, input.policy.failOpen]).toEqual(['fail-closed', 'none'])
    }),
    runs,
  )
})

it('changes nothing while blind, but for orders', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      const decision = decide(input)
      if (decision.mode !== 'blind') return
      for (const entry of decision.entries) {
        if (!['drained', 'forced-up', 'forced-down'].includes(entry.rule)) expect(entry.action === 'publish').toBe(entry.wasPublished)
      }
    }),
    runs,
  )
})

it('touches nothing foreign unless told to', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      forEach(input, decide(input), (candidate, entry) => {
        if (candidate.standing !== 'foreign') return
        expect(entry.isOwned).toBe(false)
        if (input.policy.foreign === 'keep') expect(entry.action).toBe('publish')
      })
    }),
    runs,
  )
})

it('comes to rest: without news a few writes are enough, and none goes back and forth', () => {
  fc.assert(
    fc.property(anyDecisionInput, (input) => {
      let now = { ...input, budgetLeft: 100 }
      for (const _ of input.candidates) now = applied(now, decide(now))
      expect(published(decide(now))).toEqual(published(decide(applied(now, decide(now)))))
      expect(published(decide(now)).toSorted(compareAddresses)).toEqual(
        now.candidates.filter((each) => each.isPublished).map((each) => each.address).toSorted(compareAddresses),
      )
    }),
    runs,
  )
})
