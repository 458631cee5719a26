import { type Address, parseAddress, sameAddresses } from '../../core/address.ts'
import { type Change, keyText } from '../../core/rrset.ts'
import { ProviderError } from '../provider-error.ts'
import { isMarkable, isMarked, withMark, withoutMark } from './comment-mark.ts'
import type { StoredRecord } from './envelope.ts'
import { effectiveTtl } from './read-rrsets.ts'
import type { BatchPatch, BatchPost } from './sdk.ts'

/** What makes one RRset of another, record by record. */
export interface Operations {
  /** As they were read. */
  readonly deletes: readonly StoredRecord[]
  readonly patches: readonly BatchPatch[]
  readonly posts: readonly BatchPost[]
}

const isMarkAlone = ({ before, after }: Change): boolean => sameAddresses(before.values, after.values) && before.ttl === after.ttl

const commentOf = (change: Change, record: Pick<StoredRecord, 'comment'>, address: Address): string => {
  if (!change.after.owned.includes(address)) return withoutMark(record.comment)
  const marked = withMark(record.comment)
  if (marked.ok) return marked.comment
  // Nothing that changes what is published waits for a comment.
  if (!isMarkAlone(change)) return record.comment
  throw new ProviderError(
    `cannot update ${keyText(change.key)} at Cloudflare: the comment of record ${address} leaves no room for our ownership mark; shorten it to ${marked.roomFor} characters`,
    { code: 'rejected', outcome: 'unchanged' },
  )
}

/**
 * Turns a record into what it is to be; undefined if it is that already. A mark that is there already is left as people
 * may have spelled it. What is not named stays: other comments, tags, settings.
 */
const patchOf = (change: Change, record: StoredRecord, address: Address): BatchPatch | undefined => {
  const { key, after } = change
  const isSameMark = isMarked(record.comment) === after.owned.includes(address)
  const isSameTtl = effectiveTtl(record) === after.ttl
  const wanted = isSameMark ? record.comment : commentOf(change, record, address)
  const isSameComment = wanted === record.comment
  if (isSameComment && isSameTtl && parseAddress(record.content) === address) return undefined
  const comment = isSameComment ? {} : { comment: wanted }
  // A part would do, but the published schema wants name, type and TTL with each.
  return { id: record.id, type: key.type, name: key.name, content: address, ttl: isSameTtl ? record.ttl : after.ttl, ...comment }
}

/** `proxied` is said, as the name's other records have it: without it a record would follow the zone's ways. A proxied TTL is 1. */
const postOf = (change: Change, address: Address): BatchPost => {
  const { key, after } = change
  const comment = commentOf(change, { comment: '' }, address)
  const asOthers = change.before.isHidden === true ? { ttl: 1, proxied: true } : { ttl: after.ttl, proxied: false }
  return { type: key.type, name: key.name, content: address, ...asOthers, ...(comment === '' ? {} : { comment }) }
}

/**
 * From the records that were read to `change.after`: as many as possible of those that go are turned into ones that
 * come, so that no moment is without. Nothing, if all is there already. A record that keeps its address and whose
 * comment has no room for the mark stays unmarked; one that goes is not turned, as what came of it could not be marked.
 * @throws ProviderError if there is nothing to do but to mark, and a comment has no room for it.
 */
export const operationsOf = (change: Change, records: readonly StoredRecord[]): Operations => {
  const wanted = new Set(change.after.values)
  const kept = new Map<Address, StoredRecord>()
  const going: StoredRecord[] = []
  for (const record of records) {
    const address = parseAddress(record.content)
    if (address !== undefined && wanted.has(address) && !kept.has(address)) kept.set(address, record)
    else going.push(record)
  }
  const coming = change.after.values.filter((address) => !kept.has(address))
  const turnable = going.filter((record) => isMarkable(record.comment))
  const turned = coming.slice(0, turnable.length).flatMap((address, at) => {
    const record = turnable[at]
    return record === undefined ? [] : [[address, record] as const]
  })
  return {
    deletes: going.filter((record) => !turned.some(([, { id }]) => id === record.id)),
    patches: [...kept, ...turned].flatMap(([address, record]) => patchOf(change, record, address) ?? []),
    posts: coming.slice(turnable.length).map((address) => postOf(change, address)),
  }
}
