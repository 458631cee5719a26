import type { Site } from '../core/site.ts'
import type { OnceResult } from '../engine/once.ts'
import type { ProviderError } from '../providers/provider-error.ts'
import { holdsOf, type RunFacts } from './reconcile-holds.ts'

/** How one site came out, in one word. `held` and `unverified` may well have applied something. */
export type SiteOutcome = 'unchanged' | 'planned' | 'applied' | 'held' | 'unverified' | 'failed' | 'interrupted'

const exitCodes: Readonly<Record<SiteOutcome, number>> = { unchanged: 0, applied: 0, planned: 2, held: 3, unverified: 4, failed: 1, interrupted: 1 }

/** The worst first. */
const order = [64, 1, 4, 3, 2, 0]

/** The exit code of a run over these sites: the worst one wins. */
export const exitCodeOf = (outcomes: readonly SiteOutcome[]): number => {
  const codes = new Set(outcomes.map((outcome) => exitCodes[outcome]))
  return order.find((code) => codes.has(code)) ?? 0
}

/** What went wrong at the provider, if something did. */
export const failureOf = ({ cycle: { outcome, obstacles } }: OnceResult): ProviderError | { readonly code: 'contended'; readonly message: string } | undefined => {
  switch (outcome.kind) {
    case 'read-failed':
    case 'write-failed':
    case 'write-unknown':
      return outcome.error
    case 'contended':
      return { code: 'contended', message: `somebody else keeps changing the records: gave up after ${outcome.attempts} attempts; ${outcome.text}` }
    case 'steady':
    case 'planned':
    case 'applied':
    case 'refused':
      return obstacles[0]
  }
}

/** One site's outcome. */
export const outcomeOf = (site: Site, result: OnceResult, facts: RunFacts): SiteOutcome => {
  if (facts.isInterrupted) return 'interrupted'
  if (failureOf(result) !== undefined) return 'failed'
  if (result.verifications.some((verification) => verification.outcome !== 'agreed')) return 'unverified'
  if (holdsOf(site, result, facts).length > 0) return 'held'
  if (result.cycle.outcome.kind === 'planned') return 'planned'
  return result.cycle.writes.length > 0 ? 'applied' : 'unchanged'
}
