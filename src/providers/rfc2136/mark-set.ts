import { type Address, addressSet } from '../../core/address.ts'
import { decodeMark, encodeMark } from '../../core/mark.ts'
import type { CurrentRRset, RRsetContent } from '../../core/rrset.ts'
import { decodeText, encodeText } from './record-data.ts'

/** The TXT RRset at a mark's name as it was read: our mark, and whatever others keep there. */
export interface MarkSet {
  readonly kind: 'rfc2136-mark'
  readonly records: readonly Buffer[]
  /** Seconds; 0 if there are no records. */
  readonly ttl: number
}

export const noMark: MarkSet = { kind: 'rfc2136-mark', records: [], ttl: 0 }

/** Seconds: a mark's TTL where the RRset that it marks is empty. */
const lonelyMarkTtl = 300

/** What the mark names as ours. */
export const ownedBy = (set: MarkSet): readonly Address[] => addressSet(set.records.flatMap((record) => decodeMark(decodeText(record)) ?? []))

/** The set's mark as `read` put it into `CurrentRRset.version`; undefined if it did not come from there. */
export const markSetOf = (current: CurrentRRset): MarkSet | undefined => {
  const version = current.version as Partial<MarkSet> | undefined | null
  return version?.kind === 'rfc2136-mark' && version.records !== undefined && version.ttl !== undefined ? (version as MarkSet) : undefined
}

/**
 * The TXT RRset that says what `after` owns: our one record replaced, others kept. An RRset has one TTL (RFC 2181
 * section 5.2): where others keep records there, theirs stays.
 */
export const markSetFor = (before: MarkSet, after: RRsetContent): MarkSet => {
  const foreign = before.records.filter((record) => decodeMark(decodeText(record)) === undefined)
  const ours = after.owned.length === 0 ? [] : [encodeText(encodeMark(after.owned))]
  const ttl = foreign.length > 0 ? before.ttl : after.values.length > 0 ? after.ttl : lonelyMarkTtl
  const records = [...foreign, ...ours]
  return records.length === 0 ? noMark : { kind: 'rfc2136-mark', records, ttl }
}

const sorted = (set: MarkSet): readonly Buffer[] => set.records.toSorted(Buffer.compare)

export const sameMarkSet = (a: MarkSet, b: MarkSet): boolean =>
  a.ttl === b.ttl && a.records.length === b.records.length && Buffer.concat([...sorted(a)]).equals(Buffer.concat([...sorted(b)]))
