import { type Address, sameAddresses } from '../core/address.ts'
import { type Change, content, type CurrentRRset, keyText, type RRsetContent, type RRsetKey, sameContent, sameKey } from '../core/rrset.ts'
import { type Provider } from '../providers/provider.ts'
import { ProviderError } from '../providers/provider-error.ts'

/** What became of a write. On `moved` nothing was changed and a new plan is due; on `unknown` nobody knows yet. */
export type WriteOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'moved'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: ProviderError }
  | { readonly kind: 'unknown'; readonly error: ProviderError }

const asProviderError = (error: unknown, outcome: 'unchanged' | 'unknown'): ProviderError =>
  error instanceof ProviderError
    ? error
    : new ProviderError(error instanceof Error ? error.message : String(error), { code: 'unavailable', outcome, cause: error })

export type ReadOutcome =
  /** `obstacles`: names that were left out, for something stands there that address records cannot share. */
  | { readonly kind: 'read'; readonly current: readonly CurrentRRset[]; readonly obstacles: readonly ProviderError[] }
  | { readonly kind: 'failed'; readonly error: ProviderError }

const readAll = async (provider: Provider, keys: readonly RRsetKey[], signal: AbortSignal): Promise<ReadOutcome> => {
  try {
    return { kind: 'read', current: await provider.read(keys, signal), obstacles: [] }
  } catch (error) {
    return { kind: 'failed', error: asProviderError(error, 'unchanged') }
  }
}

/**
 * Reads as a value: a provider that cannot be read is an expected outcome. An obstacle at one of several names does
 * not keep the others from being read.
 */
export const readCurrent = async (provider: Provider, keys: readonly RRsetKey[], signal: AbortSignal): Promise<ReadOutcome> => {
  const outcome = await readAll(provider, keys, signal)
  const names = [...new Set(keys.map((key) => key.name))]
  if (outcome.kind === 'read' || outcome.error.obstacle === undefined || names.length === 1) return outcome
  const each = await Promise.all(
    names.map((name) =>
      readAll(
        provider,
        keys.filter((key) => key.name === name),
        signal,
      ),
    ),
  )
  const failed = each.flatMap((one) => (one.kind === 'failed' ? [one.error] : []))
  const serious = failed.find((error) => error.obstacle === undefined)
  if (serious !== undefined || failed.length === names.length) return { kind: 'failed', error: serious ?? outcome.error }
  return { kind: 'read', current: each.flatMap((one) => (one.kind === 'read' ? one.current : [])), obstacles: failed }
}

const isAt = (current: readonly CurrentRRset[], changes: readonly Change[], side: (change: Change) => RRsetContent): boolean =>
  changes.every((change) => current.some((rrset) => sameKey(rrset.key, change.key) && sameContent(rrset, side(change))))

/** A lost reply is settled by reading: after is applied, anything but before has moved, before may still change. */
const settle = async (provider: Provider, changes: readonly Change[], error: ProviderError, signal: AbortSignal): Promise<WriteOutcome> => {
  const outcome = await readCurrent(
    provider,
    changes.map((change) => change.key),
    signal,
  )
  if (outcome.kind === 'failed') return { kind: 'unknown', error }
  if (isAt(outcome.current, changes, (change) => change.after)) return { kind: 'applied' }
  if (isAt(outcome.current, changes, (change) => change.before)) return { kind: 'unknown', error }
  return { kind: 'moved', text: `${error.message}; read again, the records are neither as before nor as written` }
}

/** The one write primitive: replaces whole RRsets, no more than one batch of the provider's at a time. */
export const write = async (provider: Provider, changes: readonly Change[], signal: AbortSignal): Promise<WriteOutcome> => {
  try {
    await provider.apply(changes, signal)
    return { kind: 'applied' }
  } catch (thrown) {
    const error = asProviderError(thrown, 'unknown')
    if (error.code === 'conflict') return { kind: 'moved', text: error.message }
    return error.outcome === 'unchanged' ? { kind: 'failed', error } : settle(provider, changes, error, signal)
  }
}

export interface LookBack {
  /** Whether each set holds the values that were written. Also where it could not be read. */
  readonly isAsWritten: boolean
  /** Sets of which nothing of ours was left, and what became of putting it back. */
  readonly restored: readonly { readonly key: RRsetKey; readonly text: string }[]
}

/**
 * Where the provider cannot compare-and-set, somebody's edit may have met ours: reads back, and if nothing of ours is
 * left in a set that was to hold some, puts back what was to be there, beside what others have put there.
 */
export const lookBack = async (
  provider: Provider,
  changes: readonly Change[],
  ours: ReadonlySet<Address>,
  signal: AbortSignal,
): Promise<LookBack> => {
  const outcome = await readCurrent(
    provider,
    changes.map((change) => change.key),
    signal,
  )
  if (outcome.kind === 'failed') return { isAsWritten: true, restored: [] }
  const found = changes.flatMap((change) => {
    const now = outcome.current.find((rrset) => sameKey(rrset.key, change.key))
    return now === undefined ? [] : [{ change, now }]
  })
  const isAsWritten = found.every(({ change, now }) => sameAddresses(now.values, change.after.values))
  const lost = found.filter(({ change, now }) => change.after.values.some((value) => ours.has(value)) && !now.values.some((value) => ours.has(value)))
  if (lost.length === 0) return { isAsWritten, restored: [] }
  const back = lost.map(({ change, now }): Change => {
    const values = [...now.values, ...change.after.values.filter((value) => ours.has(value))]
    const owned = [...now.owned, ...change.after.owned]
    return { ...change, before: now, after: content(values, change.after.ttl, owned) }
  })
  const result = await write(provider, back, signal)
  const text = result.kind === 'applied' ? 'put back what was to be there' : `putting it back: ${result.kind}`
  return { isAsWritten, restored: back.map(({ key }) => ({ key, text: `nothing of ours was left in ${keyText(key)} after the write; ${text}` })) }
}
