import type { Removal } from '../core/budget.ts'
import { candidatesOf, type Observer } from '../core/candidates.ts'
import { decideSite, type PlannedChange, type SiteDecision } from '../core/decide-site.ts'
import type { Decision } from '../core/decision.ts'
import type { Change, CurrentRRset } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { knownAddresses, pruned, type SiteState, unresolvedRegions } from '../core/site-state.ts'
import type { ProviderError } from '../providers/provider-error.ts'
import type { SitePorts } from './ports.ts'
import { keysOf } from './site-keys.ts'
import { readCurrent, restoreIfEmptied, write } from './write.ts'

export interface CycleResult {
  readonly site: string
  /** The removals that count now; checks went on meanwhile, so the rest of the state is not this function's to give. */
  readonly removals: readonly Removal[]
  readonly current: readonly CurrentRRset[]
  readonly decisions: readonly Decision[]
  /** All that was planned, with the guard's word on each. */
  readonly planned: readonly PlannedChange[]
  readonly outcome: CycleOutcome
}

export type CycleOutcome =
  | { readonly kind: 'steady' }
  /** A dry run, or a pause: the plan was not applied. */
  | { readonly kind: 'planned' }
  | { readonly kind: 'applied'; readonly changes: readonly Change[]; readonly writtenAt: number }
  /** The guard refused all that was planned. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'read-failed'; readonly error: ProviderError }
  | { readonly kind: 'write-failed'; readonly error: ProviderError }
  | { readonly kind: 'write-unknown'; readonly error: ProviderError }
  /** Somebody else keeps changing the records; tried so many times. */
  | { readonly kind: 'contended'; readonly attempts: number; readonly text: string }

export interface CycleOptions {
  readonly isDryRun: boolean
}

const attempts = 4

/** Pure: what would be decided and planned on these RRsets. */
export const decideNow = (site: Site, state: SiteState, current: readonly CurrentRRset[], observer: Observer, now: number): SiteDecision =>
  decideSite({
    site,
    now,
    current,
    candidatesOf: (rrset) => candidatesOf(rrset, current, site, state, observer, now),
    known: new Set(knownAddresses(site, state, current)),
    isAnyUnresolved: unresolvedRegions(site, state).length > 0,
    removals: state.removals,
  })

/** A state that cannot be saved is said, and does not stop failover. */
export const save = async (site: Site, state: SiteState, ports: Pick<SitePorts, 'store' | 'report'>): Promise<void> => {
  try {
    await ports.store.save(site.name, state)
  } catch (error) {
    ports.report({ site: site.name, kind: 'state-not-saved', text: error instanceof Error ? error.message : String(error) })
  }
}

/**
 * From the current RRsets to the desired ones: read, decide, plan, guard, apply. What is removed is recorded
 * before it is written, so that a crash in between cannot widen the budget. If the records moved since they were
 * read, all of it starts over. `stateNow` is asked again at each attempt, for checks go on meanwhile.
 */
export const runCycle = async (
  site: Site,
  stateNow: () => SiteState,
  observerNow: () => Observer,
  ports: SitePorts,
  options: CycleOptions,
  signal: AbortSignal,
): Promise<CycleResult> => {
  let moved = ''
  let last: Omit<CycleResult, 'outcome'> = { site: site.name, removals: stateNow().removals, current: [], decisions: [], planned: [] }
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const read = await readCurrent(ports.provider, keysOf(site), signal)
    if (read.kind === 'failed') return { ...last, outcome: { kind: 'read-failed', error: read.error } }
    const { current } = read
    const state = pruned(stateNow(), site, current)
    const decided = decideNow(site, state, current, observerNow(), ports.clock.now())
    const { decisions, changes: planned } = decided
    const changes = planned.filter((each) => each.verdict.kind === 'allowed').map((each) => each.change)
    const result = { site: site.name, removals: decided.removals, current, decisions, planned }
    if (planned.length === 0) return { ...result, outcome: { kind: 'steady' } }
    if (changes.length === 0) return { ...result, outcome: { kind: 'refused' } }
    if (options.isDryRun || signal.aborted) return { ...result, removals: state.removals, outcome: { kind: 'planned' } }

    await save(site, { ...state, removals: decided.removals }, ports)
    const outcome = await write(ports.provider, changes, signal)
    const writtenAt = ports.clock.now()
    switch (outcome.kind) {
      case 'applied':
        if (!ports.provider.capabilities.compareAndSet) {
          for (const text of await restoreIfEmptied(ports.provider, changes, signal)) {
            ports.report({ site: site.name, kind: 'provider-failed', text })
          }
        }
        return { ...result, outcome: { kind: 'applied', changes, writtenAt } }
      case 'failed':
        return { ...result, outcome: { kind: 'write-failed', error: outcome.error } }
      case 'unknown':
        return { ...result, outcome: { kind: 'write-unknown', error: outcome.error } }
      case 'moved':
        moved = outcome.text
        last = result
    }
  }
  return { ...last, outcome: { kind: 'contended', attempts, text: moved } }
}
