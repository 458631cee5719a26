import type { WireRecord } from './message.ts'
import { recordClass, recordType } from './numbers.ts'
import type { WireName } from './wire-name.ts'

/**
 * The records that an UPDATE is made of (RFC 2136). Prerequisites look at the zone's real data, so a wildcard cannot
 * answer them; they do not compare TTLs.
 */
const empty = Buffer.alloc(0)

/** "RRset exists (value independent)", section 2.4.1. */
export const exists = (name: WireName, type: number): WireRecord => ({ name, type, class: recordClass.ANY, ttl: 0, data: empty })

/** One record of "RRset exists (value dependent)", section 2.4.2: all of a set's records together mean "exactly these". */
export const holds = (name: WireName, type: number, data: Buffer): WireRecord => ({ name, type, class: recordClass.IN, ttl: 0, data })

/** "RRset does not exist", section 2.4.3. */
export const isAbsent = (name: WireName, type: number): WireRecord => ({ name, type, class: recordClass.NONE, ttl: 0, data: empty })

/** "Exactly these", which may be none. */
export const holdsExactly = (name: WireName, type: number, set: readonly Buffer[]): readonly WireRecord[] =>
  set.length === 0 ? [isAbsent(name, type)] : set.map((data) => holds(name, type, data))

/** "Add to an RRset", section 2.5.1. */
export const addRecord = (name: WireName, type: number, ttl: number, data: Buffer): WireRecord => ({ name, type, class: recordClass.IN, ttl, data })

/** "Delete an RRset", section 2.5.2. */
export const deleteRRset = (name: WireName, type: number): WireRecord => ({ name, type, class: recordClass.ANY, ttl: 0, data: empty })

/** The zone section, section 2.3. */
export const zoneSection = (zone: WireName): { readonly name: WireName; readonly type: number; readonly class: number } => ({
  name: zone,
  type: recordType.SOA,
  class: recordClass.IN,
})
