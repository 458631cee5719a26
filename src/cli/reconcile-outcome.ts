import type { Address } from '../core/address.ts'
import { type Pause } from '../core/orders.ts'
import { keyText } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { regionOf, unresolvedRegions } from '../core/site-state.ts'
import type { OnceResult } from '../engine/once.ts'
import type { ProviderError } from '../providers/provider-error.ts'

/** How one site came out, in one word. `held` and `unverified` may well have applied something. */
export type SiteOutcome = 'unchanged' | 'planned' | 'applied' | 'held' | 'unverified' | 'failed' | 'interrupted'

/** Why something was not done that otherwise might have been, or cannot be known. */
export interface Hold {
  readonly kind: 'paused' | 'guard' | 'blind' | 'undecided' | 'never-passed' | 'budget' | 'floor' | 'unresolved'
  readonly address: Address | undefined
  readonly text: string
}

const exitCodes: Readonly<Record<SiteOutcome, number>> = { unchanged: 0, applied: 0, planned: 2, held: 3, unverified: 4, failed: 1, interrupted: 1 }

/** The worst first. */
const order = [64, 1, 4, 3, 2, 0]

/** The exit code of a run over these sites: the worst one wins. */
export const exitCodeOf = (outcomes: readonly SiteOutcome[]): number => {
  const codes = new Set(outcomes.map((outcome) => exitCodes[outcome]))
  return order.find((code) => codes.has(code)) ?? 0
}

/** An address that could not be decided holds the run up only if a region leads to it and nobody drained that. */
const undecidedHolds = (site: Site, { undecided, state }: OnceResult): readonly Hold[] =>
  undecided.flatMap((address): readonly Hold[] => {
    const region = regionOf(address, site, state)
    if (region === undefined || state.drains[region.name] !== undefined) return []
    return [{ kind: 'undecided', address, text: `${address} (${region.name}) could not be decided in this run: it stays as it is` }]
  })

const entryHolds = ({ cycle }: OnceResult): readonly Hold[] =>
  cycle.decisions.flatMap((decision) =>
    decision.entries.flatMap(({ address, rule, text, wasPublished }): readonly Hold[] => {
      const isHeld = rule === 'budget' || rule === 'floor' || (rule === 'never-passed' && wasPublished)
      return isHeld ? [{ kind: rule, address, text: `${keyText(decision.key)} keeps ${address}: ${text}` }] : []
    }),
  )

/** Until when, by whom and why nothing is written. */
export const pauseText = ({ until, reason, by }: Pause): string =>
  `paused ${until === undefined ? 'until it is resumed' : `until ${new Date(until).toISOString()}`} by ${by}: ${reason}`

/** All that holds one site's run up. */
export const holdsOf = (site: Site, result: OnceResult): readonly Hold[] => {
  const guarded = result.cycle.planned.flatMap(({ verdict }): readonly Hold[] =>
    verdict.kind === 'refused' ? [{ kind: 'guard', address: undefined, text: `refused (${verdict.code}): ${verdict.text}` }] : [],
  )
  const blind = result.cycle.decisions.flatMap(({ mode, key }): readonly Hold[] =>
    mode === 'blind' ? [{ kind: 'blind', address: undefined, text: `${keyText(key)}: checks fail, and nothing else answers us; we may be the ones cut off, so nothing moves` }] : [],
  )
  const unresolved = unresolvedRegions(site, result.state).map(
    ({ region, detail }): Hold => ({ kind: 'unresolved', address: undefined, text: `region ${region} cannot be resolved, its last known addresses stay: ${detail}` }),
  )
  const { pause } = result.cycle
  const paused: readonly Hold[] = pause === undefined ? [] : [{ kind: 'paused', address: undefined, text: `${pauseText(pause)}; nothing was written. "dns-failover resume" ends it` }]
  return [...paused, ...guarded, ...blind, ...undecidedHolds(site, result), ...entryHolds(result), ...unresolved]
}

/** What went wrong at the provider, if something did. */
export const failureOf = ({ cycle: { outcome } }: OnceResult): ProviderError | { readonly code: 'contended'; readonly message: string } | undefined => {
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
      return undefined
  }
}

/** One site's outcome. */
export const outcomeOf = (site: Site, result: OnceResult, isInterrupted: boolean): SiteOutcome => {
  if (isInterrupted) return 'interrupted'
  if (failureOf(result) !== undefined) return 'failed'
  if (result.verifications.some((verification) => verification.outcome !== 'agreed')) return 'unverified'
  if (holdsOf(site, result).length > 0) return 'held'
  if (result.cycle.outcome.kind === 'planned') return 'planned'
  return result.cycle.writes.length > 0 ? 'applied' : 'unchanged'
}
