import { parseAddress } from '../../core/address.ts'
import { type Change, keyText, sameContent } from '../../core/rrset.ts'
import { ProviderError } from '../provider-error.ts'
import type { Purpose } from './budget.ts'
import type { Client } from './client.ts'
import { deletedText, deletedUnseen, postBack } from './deleted-unseen.ts'
import { BatchReply, type DeletedRecord, single } from './envelope.ts'
import { type Operations, operationsOf } from './operations.ts'
import { byZone, readRRsets, versionOf } from './read-rrsets.ts'
import type { Records } from './records.ts'
import type { BatchBody } from './sdk.ts'
import type { Zone, Zones } from './zones.ts'

export interface Parts {
  readonly client: Client
  readonly zones: Zones
  readonly records: Records
}

/** Operations in one batch on the Free plan. */
const batchSize = 200

type Batch = { readonly [kind in keyof Operations]: Operations[kind] }

const chunks = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / batchSize) }, (_, at) => list.slice(at * batchSize, (at + 1) * batchSize))

/** First all that adds or alters, then all that deletes: as one batch where it is all of one kind and fits. */
const batchesOf = (all: readonly Operations[]): readonly Batch[] => {
  const none: Batch = { deletes: [], patches: [], posts: [] }
  const additions = all.flatMap(({ patches, posts }) => [
    ...patches.map((patch) => ({ kind: 'patch', patch }) as const),
    ...posts.map((post) => ({ kind: 'post', post }) as const),
  ])
  return [
    ...chunks(additions).map((chunk) => ({
      ...none,
      patches: chunk.flatMap((each) => (each.kind === 'patch' ? [each.patch] : [])),
      posts: chunk.flatMap((each) => (each.kind === 'post' ? [each.post] : [])),
    })),
    ...chunks(all.flatMap(({ deletes }) => deletes)).map((deletes) => ({ ...none, deletes })),
  ]
}

const bodyOf = ({ deletes, patches, posts }: Batch): BatchBody => ({
  ...(deletes.length === 0 ? {} : { deletes: deletes.map(({ id }) => ({ id })) }),
  ...(patches.length === 0 ? {} : { patches: [...patches] }),
  ...(posts.length === 0 ? {} : { posts: [...posts] }),
})

const namesOf = (changes: readonly Change[]): string => changes.map((change) => keyText(change.key)).join(', ')

/** Whether the answer tells of exactly what was asked for. */
const tellsOf = (reply: BatchReply, { deletes, patches, posts }: Batch): boolean => {
  const isDone = (wanted: { readonly content: string; readonly ttl: number; readonly id?: string }): boolean =>
    [...(reply.patches ?? []), ...(reply.posts ?? [])].some(
      (got) => (wanted.id === undefined || got.id === wanted.id) && parseAddress(got.content) === wanted.content && got.ttl === wanted.ttl,
    )
  return deletes.every(({ id }) => reply.deletes?.some((got) => got.id === id) === true) && patches.every(isDone) && posts.every(isDone)
}

/** What people changed is theirs. One by one, so that one that is there already does not keep out another. */
const putBack = async (client: Client, zone: Zone, deleted: readonly DeletedRecord[], what: string, signal: AbortSignal): Promise<void> => {
  const lost: DeletedRecord[] = []
  for (const record of deleted) {
    const post = postBack(record)
    const call = { what: `put back ${deletedText(record)}`, isWrite: true, purpose: 'withdrawal', schema: single(BatchReply) } as const
    try {
      if (post === undefined) lost.push(record)
      else await client.call({ ...call, ask: (sdk, until) => sdk.batch(zone.id, { posts: [post] }, until) }, signal)
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'conflict') lost.push(record)
    }
  }
  if (lost.length === 0) return
  const text = `somebody changed what was to be deleted, and it may not be there any more; put it back by hand: ${lost.map(deletedText).join(', ')}`
  throw new ProviderError(`cannot ${what} at Cloudflare: ${text}`, { code: 'unavailable', outcome: 'unknown' })
}

const send = async ({ client }: Parts, zone: Zone, batch: Batch, what: string, purpose: Purpose, signal: AbortSignal): Promise<void> => {
  const body = bodyOf(batch)
  const { result } = await client.call(
    { what, isWrite: true, purpose, schema: single(BatchReply), ask: (sdk, until) => sdk.batch(zone.id, body, until) },
    signal,
  )
  if (!tellsOf(result, batch)) {
    throw new ProviderError(`cannot tell whether this was done at Cloudflare: ${what}; its answer tells of other records than those it was given`, { code: 'unavailable', outcome: 'unknown' })
  }
  const unseen = deletedUnseen(batch.deletes, result.deletes ?? [])
  if (unseen.length === 0) return
  await putBack(client, zone, unseen, what, signal)
  const text = `somebody changed what was to be deleted, which was put back: ${unseen.map(deletedText).join(', ')}`
  throw new ProviderError(`cannot ${what} at Cloudflare: ${text}`, { code: 'conflict', outcome: 'unknown' })
}

const isThere = async ({ zones, records }: Parts, changes: readonly Change[], purpose: Purpose, signal: AbortSignal): Promise<boolean> => {
  const current = await readRRsets(zones, records, changes.map((change) => change.key), purpose, signal)
  return changes.every(({ after }, at) => after.values.every((value) => current[at]?.values.includes(value) === true))
}

const halfDone = (error: unknown, what: string): unknown =>
  error instanceof ProviderError
    ? new ProviderError(`${error.message} (a part of this write was made before)`, {
        code: error.code === 'conflict' ? 'unavailable' : error.code,
        outcome: 'unknown',
        cause: error,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      })
    : new ProviderError(`cannot ${what} at Cloudflare`, { code: 'unavailable', outcome: 'unknown', cause: error })

/** Propagation is not atomic: what is to stand afterwards must be there before anything is deleted after it. */
const writeZone = async (parts: Parts, zone: Zone, changes: readonly Change[], operations: readonly Operations[], purpose: Purpose, signal: AbortSignal): Promise<void> => {
  const what = `update ${namesOf(changes)}`
  let isSeen = false
  for (const [at, batch] of batchesOf(operations).entries()) {
    try {
      if (at > 0 && batch.deletes.length > 0 && !isSeen) {
        isSeen = await isThere(parts, changes, purpose, signal)
        if (!isSeen) throw new ProviderError(`cannot ${what} at Cloudflare: what was added is not there, so nothing was deleted`, { code: 'unavailable', outcome: 'unknown' })
      }
      await send(parts, zone, batch, what, purpose, signal)
    } catch (error) {
      throw at === 0 ? error : halfDone(error, what)
    }
  }
}

const isWithdrawal = ({ before, after }: Change): boolean => before.values.some((value) => !after.values.includes(value))

/** What was not read by us is read now. */
const prepared = async ({ zones, records }: Parts, changes: readonly Change[], purpose: Purpose, signal: AbortSignal): Promise<readonly Operations[]> => {
  const isKnown = changes.every(({ before }) => versionOf(before) !== undefined)
  const current = isKnown ? changes.map(({ before }) => before) : await readRRsets(zones, records, changes.map(({ key }) => key), purpose, signal)
  return changes.map((change, at) => {
    const from = current[at]
    return operationsOf(change, from === undefined ? [] : (versionOf(from)?.records ?? []))
  })
}

/** A record that is gone, or there already, may be the work of the same change before. */
const isAlreadySo = async ({ zones, records }: Parts, changes: readonly Change[], purpose: Purpose, signal: AbortSignal): Promise<boolean> => {
  const current = await readRRsets(zones, records, changes.map((change) => change.key), purpose, signal)
  return changes.every(({ after }, at) => {
    const now = current[at]
    return now !== undefined && sameContent(now, after)
  })
}

/**
 * Makes the changes: one batch for each zone, and a second where something is deleted besides what is added or altered.
 * A batch is one transaction that fails as a whole if a record it names is gone or there already. A record that others
 * repointed just before it was deleted shows in the answer, and is put back; one that they repointed just before it was
 * turned does not (the answer has only what it became), nor does what they did to records that the batch does not name:
 * so the caller reads back.
 * @throws ProviderError
 */
export const writeChanges = async (parts: Parts, changes: readonly Change[], signal: AbortSignal): Promise<void> => {
  if (changes.length === 0) return
  const purpose: Purpose = changes.some(isWithdrawal) ? 'withdrawal' : 'write'
  const places = [...(await byZone(parts.zones, changes.map((change) => change.key), signal)).values()]
  const operations = await prepared(parts, changes, purpose, signal)
  const isOf = (names: readonly string[]) => (_: unknown, at: number): boolean => names.includes(changes[at]?.key.name ?? '')
  for (const [at, { zone, names }] of places.entries()) {
    const here = changes.filter(isOf(names))
    try {
      await writeZone(parts, zone, here, operations.filter(isOf(names)), purpose, signal)
    } catch (error) {
      const isMoved = error instanceof ProviderError && error.code === 'conflict'
      if (!isMoved || !(await isAlreadySo(parts, here, purpose, signal).catch(() => false))) throw at === 0 ? error : halfDone(error, `update ${namesOf(here)}`)
    }
  }
}
