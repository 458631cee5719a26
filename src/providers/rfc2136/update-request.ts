import { sameAddresses } from '../../core/address.ts'
import type { Fqdn } from '../../core/fqdn.ts'
import { markName } from '../../core/mark.ts'
import type { Change } from '../../core/rrset.ts'
import type { Request } from './ask.ts'
import { type MarkSet, markSetFor, sameMarkSet } from './mark-set.ts'
import type { WireRecord } from './message.ts'
import { opcode, recordType } from './numbers.ts'
import { possibleCuts } from './questions.ts'
import { encodeAddress, typeNumber } from './record-data.ts'
import { addRecord, deleteRRset, exists, holdsExactly, isAbsent, zoneSection } from './update-parts.ts'
import type { WireName } from './wire-name.ts'

/** A change with the TXT RRset that was at its mark's name when `change.before` was read. */
export interface MarkedChange {
  readonly change: Change
  readonly mark: MarkSet
}

/** Replaced as a whole, or not touched: deleting and adding in one message is one step for the server (RFC 2136 section 3.4.2). */
const replaceRRset = (name: WireName, type: number, ttl: number, set: readonly Buffer[]): readonly WireRecord[] => [
  deleteRRset(name, type),
  ...set.map((data) => addRecord(name, type, ttl, data)),
]

const prerequisites = ({ change, mark }: MarkedChange, zone: Fqdn): readonly WireRecord[] => {
  const { key, before } = change
  const at = markName(key)
  return [
    // A server passes over an address record added beside a CNAME without a word (section 3.4.2.2).
    isAbsent(key.name, recordType.CNAME),
    ...possibleCuts(key.name, zone).map((name) => isAbsent(name, recordType.NS)),
    ...holdsExactly(key.name, typeNumber(key.type), before.values.map(encodeAddress)),
    ...(at === undefined ? [] : [isAbsent(at, recordType.CNAME), ...holdsExactly(at, recordType.TXT, mark.records)]),
  ]
}

const updates = ({ change, mark }: MarkedChange): readonly WireRecord[] => {
  const { key, before, after } = change
  const at = markName(key)
  const wanted = markSetFor(mark, after)
  const isSetKept = sameAddresses(before.values, after.values) && before.ttl === after.ttl
  return [
    ...(isSetKept ? [] : replaceRRset(key.name, typeNumber(key.type), after.ttl, after.values.map(encodeAddress))),
    ...(at === undefined || sameMarkSet(mark, wanted) ? [] : replaceRRset(at, recordType.TXT, wanted.ttl, wanted.records)),
  ]
}

/**
 * One UPDATE for all changes, made as a whole or not at all: that each RRset and its mark are exactly as they were
 * read, and then what they become. A change that changes nothing asks for its prerequisites alone.
 */
export const updateRequest = (zone: Fqdn, changes: readonly MarkedChange[]): Request => ({
  opcode: opcode.UPDATE,
  questions: [zoneSection(zone)],
  answers: changes.flatMap((change) => prerequisites(change, zone)),
  authorities: changes.flatMap(updates),
})

/** Asks whether an RRset is really in the zone, and not made up from a wildcard; it changes nothing. */
export const existenceRequest = (zone: Fqdn, name: WireName, type: number): Request => ({
  opcode: opcode.UPDATE,
  questions: [zoneSection(zone)],
  answers: [exists(name, type)],
  authorities: [],
})
