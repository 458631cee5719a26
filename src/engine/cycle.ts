import type { Address } from '../core/address.ts'
import type { Removal } from '../core/budget.ts'
import { createCandidates, type Observer } from '../core/candidates.ts'
import { decideSite, type PlannedChange, type SiteDecision } from '../core/decide-site.ts'
import type { Decision } from '../core/decision.ts'
import { withReplaced } from '../core/exposure.ts'
import { withLastVerdicts } from '../core/last-verdicts.ts'
import { ordersAt, type Pause } from '../core/orders.ts'
import { type Change, type CurrentRRset, sameContent, sameKey } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { knownAddresses, pruned, type SiteState, unresolvedRegions, withOrders } from '../core/site-state.ts'
import type { ProviderError } from '../providers/provider-error.ts'
import type { SitePorts } from './ports.ts'
import { keysOf } from './site-keys.ts'
import { lookBack, readCurrent, type ReadOutcome, write } from './write.ts'

export interface AppliedChange {
  readonly change: Change
  /** Engine milliseconds: when the provider had confirmed it. */
  readonly writtenAt: number
}

export interface CycleResult {
  readonly site: string
  /** The removals that count now; checks went on meanwhile, so the rest of the state is not this function's to give. */
  readonly removals: readonly Removal[]
  /** What was written, in order. */
  readonly writes: readonly AppliedChange[]
  readonly current: readonly CurrentRRset[]
  /** All readings, in order: each version that was there may be in a cache. The last is `current`. */
  readonly readings: readonly (readonly CurrentRRset[])[]
  readonly decisions: readonly Decision[]
  /** Of names that were left out, for something stands there that address records cannot share. */
  readonly obstacles: readonly ProviderError[]
  /** All that was planned at the last reading, with the guard's word on each. */
  readonly planned: readonly PlannedChange[]
  /** In force at the last reading: then nothing was written after it. */
  readonly pause: Pause | undefined
  /** The verdicts by which was decided at the last reading. */
  readonly judged: SiteDecision['judged']
  readonly outcome: CycleOutcome
}

export type CycleOutcome =
  | { readonly kind: 'steady' }
  /** A dry run, or a pause: the plan was not applied. */
  | { readonly kind: 'planned' }
  | { readonly kind: 'applied' }
  /** The guard refused all that was planned. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'read-failed'; readonly error: ProviderError }
  | { readonly kind: 'write-failed'; readonly error: ProviderError }
  | { readonly kind: 'write-unknown'; readonly error: ProviderError }
  /** Somebody else keeps changing the records; tried so many times. */
  | { readonly kind: 'contended'; readonly attempts: number; readonly text: string }

/** The RRsets as they stand after a cycle, as far as it knows. */
export const currentAfter = ({ current, writes }: CycleResult): readonly CurrentRRset[] =>
  current.map((rrset) => ({ ...rrset, ...writes.findLast(({ change }) => sameKey(change.key, rrset.key))?.change.after }))

export interface CycleOptions {
  readonly isDryRun: boolean
  /** A reading of moments ago: enough to see that nothing is to be done. Whatever is to be done is planned on a new one. */
  readonly seen?: ReadOutcome
  /**
   * A reading from while a verdict was being gathered. Where the provider compares before it writes, plans may rest on it; but not
   * for a set that was not there, as nothing but a new reading shows what may stand in its way by now, nor to empty one, which
   * rests on the name's other set: the provider compares only what is written.
   */
  readonly foreseen?: readonly CurrentRRset[] | undefined
}

const attempts = 4

/** A process that was stopped, or a disk that took its time, between a decision and its write: decide anew. Milliseconds. */
const longestThoughtMs = 1_000

/** What was recorded before a write serves for the same write so much later: a good part of the flight that exposures allow it. Milliseconds. */
const longestRecordMs = 5_000

const areSameChanges = (a: readonly Change[], b: readonly Change[]): boolean =>
  a.length === b.length && a.every((change, at) => b[at] !== undefined && sameKey(change.key, b[at].key) && sameContent(change.before, b[at].before) && sameContent(change.after, b[at].after))

/** Pure: what would be decided and planned on these RRsets. */
export const decideNow = (site: Site, state: SiteState, current: readonly CurrentRRset[], observer: Observer, now: number): SiteDecision => {
  const known = new Set(knownAddresses(site, state, current))
  const addressCount = [...known].filter((address) => state.retired[address] === undefined).length
  return decideSite({
    site,
    now,
    current,
    candidatesOf: createCandidates(current, known, site, state, observer, now),
    known,
    addressCount,
    isAnyUnresolved: unresolvedRegions(site, state).length > 0,
    removals: state.removals,
  })
}

/** A state that cannot be saved is said, and does not stop failover. */
export const save = async (site: Site, state: SiteState, ports: Pick<SitePorts, 'store' | 'report'>, isFlushed = true): Promise<void> => {
  try {
    await ports.store.save(site.name, state, isFlushed)
  } catch (error) {
    ports.report({ site: site.name, kind: 'state-not-saved', text: error instanceof Error ? error.message : String(error) })
  }
}

/** New removals count from when they were written, not from when they were decided: a slow provider lies between. */
const confirmed = (removals: readonly Removal[], batch: readonly Change[], writtenAt: number): readonly Removal[] => {
  const gone = new Set(batch.flatMap(({ before, after }) => before.values.filter((value) => !after.values.includes(value))))
  return removals.map((removal) => (gone.has(removal.address) ? { ...removal, at: writtenAt, isUncertain: false } : removal))
}

/** Whether the records hold what was written, where that is not certain. What was lost on the way is put back, and said. */
const isAsWritten = async (site: Site, changes: readonly Change[], ours: ReadonlySet<Address>, ports: SitePorts, signal: AbortSignal): Promise<boolean> => {
  if (ports.provider.capabilities.compareAndSet) return true
  const seen = await lookBack(ports.provider, changes, ours, signal)
  for (const { key, text } of seen.restored) ports.report({ site: site.name, kind: 'restored', key, text })
  return seen.isAsWritten
}

/**
 * From the current RRsets to the desired ones: read, decide, plan, guard, apply. What is removed or replaced is recorded
 * before it is written, so that a crash in between cannot widen the budget. If the records moved since they were
 * read, all of it starts over; so it does after each batch, where not all changes fit into one, for checks go on
 * meanwhile and what was decided before a slow write may no longer hold after it.
 */
export const runCycle = async (
  site: Site,
  stateNow: () => SiteState,
  observerNow: () => Observer,
  ports: SitePorts,
  options: CycleOptions,
  signal: AbortSignal,
): Promise<CycleResult> => {
  let writes: readonly AppliedChange[] = []
  let removals = stateNow().removals
  const readings: (readonly CurrentRRset[])[] = []
  let last: Pick<CycleResult, 'current' | 'obstacles' | 'decisions' | 'planned' | 'pause' | 'judged'> = { current: [], obstacles: [], decisions: [], planned: [], pause: undefined, judged: new Map() }
  const end = (outcome: CycleOutcome): CycleResult => ({ site: site.name, removals, writes, readings, ...last, outcome })

  const foreseen: ReadOutcome | undefined = options.foreseen && { kind: 'read', current: options.foreseen, obstacles: [] }
  const mayPlanOn = (read: ReadOutcome, planned: readonly PlannedChange[]): boolean =>
    read === foreseen && ports.provider.capabilities.compareAndSet && planned.every(({ change: { before, after } }) => before.values.length > 0 && after.values.length > 0)
  /** What the state holds already, should it have to be decided anew. */
  let recorded: { readonly changes: readonly Change[]; readonly at: number } | undefined
  let seen = foreseen ?? options.seen
  for (let moves = 0; ; ) {
    const read = seen?.kind === 'read' ? seen : await readCurrent(ports.provider, keysOf(site), signal)
    if (read.kind === 'failed') return end({ kind: 'read-failed', error: read.error })
    readings.push(read.current)
    const orders = ordersAt(await ports.orders.load(site.name), ports.clock.wallNow())
    const { pause } = orders
    const state = withOrders(pruned({ ...stateNow(), removals }, site, read.current), orders)
    const decidedAt = ports.clock.now()
    const decided = decideNow(site, state, read.current, observerNow(), decidedAt)
    const planned = decided.changes
    const isStale = read === seen && planned.length > 0 && !mayPlanOn(read, planned)
    seen = undefined
    if (isStale) continue
    last = { current: read.current, obstacles: read.obstacles, decisions: decided.decisions, planned, pause, judged: decided.judged }
    removals = state.removals
    const allowed = planned.filter((each) => each.verdict.kind === 'allowed').map((each) => each.change)
    if (allowed.length === 0) return end({ kind: writes.length > 0 ? 'applied' : planned.length > 0 ? 'refused' : 'steady' })
    if (options.isDryRun || pause !== undefined || signal.aborted) return end({ kind: 'planned' })

    removals = decided.removals
    // Before the write, and without waiting for the disk: what it must survive is our own end. Sets that were not there take nothing out, and replace nothing.
    const isRecorded = recorded !== undefined && decidedAt - recorded.at <= longestRecordMs && areSameChanges(recorded.changes, allowed)
    if (!isRecorded && allowed.some(({ before }) => before.values.length > 0)) {
      await save(site, { ...withLastVerdicts(state, site.check.identity, decided.judged), removals, exposures: withReplaced(state.exposures, allowed, decidedAt) }, ports, false)
      recorded = { changes: allowed, at: decidedAt }
    }
    if (ports.clock.now() - decidedAt > longestThoughtMs && moves < attempts - 1) {
      removals = state.removals
      moves += 1
      continue
    }
    const batch = allowed.slice(0, Math.max(1, ports.provider.capabilities.batch))
    const outcome = await write(ports.provider, batch, signal)
    const writtenAt = ports.clock.now()
    switch (outcome.kind) {
      case 'applied':
        removals = confirmed(removals, batch, writtenAt)
        writes = [...writes, ...batch.map((change) => ({ change, writtenAt }))]
        if (!(await isAsWritten(site, batch, new Set(knownAddresses(site, state, read.current)), ports, signal)) && moves < attempts - 1) moves += 1
        else if (batch.length === allowed.length) return end({ kind: 'applied' })
        break
      case 'failed':
        removals = state.removals
        return end({ kind: 'write-failed', error: outcome.error })
      case 'unknown':
        return end({ kind: 'write-unknown', error: outcome.error })
      case 'moved':
        removals = state.removals
        moves += 1
        if (moves === attempts) return end({ kind: 'contended', attempts, text: outcome.text })
    }
  }
}
