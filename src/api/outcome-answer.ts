import type { Outcome } from '../engine/operations.ts'
import { problemOf } from './problem.ts'
import { type Answer, json, problem } from './route.ts'

/** What came of an order, as an answer. */
export const outcomeAnswer = (outcome: Outcome<unknown>): Answer => (outcome.kind === 'done' ? json(outcome.value) : problem(problemOf(outcome)))

export const unknownSite = (known: readonly string[]): Answer =>
  problem({
    status: 404,
    code: 'unknown-site',
    detail: 'there is no such site',
    advice: known.length === 0 ? 'none is configured' : `there are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' and others' : ''}`,
  })

/** Undefined: there are all of these sites. */
export const unknownAmong = (sites: readonly string[], known: readonly string[]): Answer | undefined => (sites.every((site) => known.includes(site)) ? undefined : unknownSite(known))
