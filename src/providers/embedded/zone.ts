import type { Fqdn } from '../../core/fqdn.ts'
import { encodeRecord, parseData, parseOwner, type RecordType, recordTypes } from './presentation.ts'

/** One RRset as people write it. */
export interface ZoneRRset {
  /** At or below the zone's origin. */
  readonly name: string
  readonly type: RecordType
  /** Seconds. */
  readonly ttl: number
  /** Presentation format, names absolute: `192.0.2.1`, `10 mail.example.com.`, `"some" "text"`. */
  readonly data: readonly string[]
}

/** An RRset with its records as they stand on the wire after the owner's name, in the order of `data`. */
export interface StoredRRset extends ZoneRRset {
  readonly wire: readonly Buffer[]
}

/** A zone at one moment. The SOA and its serial are not among the RRsets. */
export interface Zone {
  readonly origin: Fqdn
  readonly serial: number
  readonly rrsets: ReadonlyMap<string, StoredRRset>
  /** Every name that exists, empty non-terminals included (RFC 4592 section 2.2.2). */
  readonly nodes: ReadonlySet<string>
}

const maxRRsets = 50_000
const setKey = (name: string, type: RecordType): string => `${name} ${type}`

export const emptyZone = (origin: Fqdn, serial: number): Zone => ({ origin, serial, rrsets: new Map(), nodes: new Set([origin]) })

export const findRRset = (zone: Zone, name: string, type: RecordType): StoredRRset | undefined => zone.rrsets.get(setKey(name, type))

/** The RRsets in a stable order. */
export const listRRsets = (zone: Zone): readonly ZoneRRset[] =>
  [...zone.rrsets.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { name, type, ttl, data }]) => ({ name, type, ttl, data }))

/** From the name itself up to the origin, both included; empty if it lies outside. */
export const pathToOrigin = (zone: Zone, name: string): readonly string[] => {
  if (name !== zone.origin && !name.endsWith(`.${zone.origin}`)) return []
  const path = [name]
  for (let at = name; at !== zone.origin; path.push(at)) at = at.slice(at.indexOf('.') + 1)
  return path
}

const nodesOf = (origin: Fqdn, rrsets: ReadonlyMap<string, StoredRRset>): ReadonlySet<string> => {
  const nodes = new Set<string>([origin])
  for (const { name } of rrsets.values()) {
    for (let at = name; !nodes.has(at); at = at.slice(at.indexOf('.') + 1)) nodes.add(at)
  }
  return nodes
}

/** The RRset in its one spelling (records sorted, each once) as it is stored, or what is wrong with it. */
export const parseRRset = (origin: Fqdn, rrset: ZoneRRset): StoredRRset | string => {
  const name = parseOwner(rrset.name)
  if (name === undefined || (name !== origin && !name.endsWith(`.${origin}`))) return `${rrset.name}: not a name in the zone ${origin}`
  const label = `${name} ${rrset.type}`
  if (!recordTypes.includes(rrset.type)) return `${label}: records of this type are not served; there are ${recordTypes.join(', ')}`
  if (!Number.isInteger(rrset.ttl) || rrset.ttl < 0 || rrset.ttl > 0x7f_ff_ff_ff) return `${label}: the TTL ${rrset.ttl} is not a number of seconds`
  const records = new Map<string, Buffer>()
  for (const text of rrset.data) {
    const parsed = parseData(rrset.type, text)
    if (parsed === undefined) return `${label}: ${text} is not the data of such a record`
    records.set(parsed.text, encodeRecord(parsed.answer, rrset.ttl))
  }
  if (records.size === 0) return `${label}: no records`
  if (rrset.type === 'CNAME' && (records.size > 1 || name === origin)) return `${label}: an alias is one record, and never at the zone's own name`
  const sorted = [...records].toSorted(([a], [b]) => (a < b ? -1 : 1))
  if (sorted.reduce((total, [, wire]) => total + wire.length + 2, 0) > 32_768) return `${label}: more than 32 KiB of records`
  return { name, type: rrset.type, ttl: rrset.ttl, data: sorted.map(([text]) => text), wire: sorted.map(([, wire]) => wire) }
}

const sameRRset = (a: StoredRRset, b: StoredRRset | undefined): boolean =>
  b !== undefined && (a === b || (a.ttl === b.ttl && a.data.length === b.data.length && a.data.every((text, at) => text === b.data[at])))

/** A name that is gone may have been all that some other stood on; one that is new only adds. */
const nodesAfter = (zone: Zone, rrsets: ReadonlyMap<string, StoredRRset>, removed: readonly Pick<ZoneRRset, 'name'>[], put: readonly StoredRRset[]): ReadonlySet<string> => {
  if (removed.some(({ name }) => !recordTypes.some((type) => rrsets.has(setKey(name, type))))) return nodesOf(zone.origin, rrsets)
  const added = put.filter(({ name }) => !zone.nodes.has(name)).flatMap(({ name }) => pathToOrigin(zone, name))
  return added.length === 0 ? zone.nodes : new Set([...zone.nodes, ...added])
}

/**
 * The zone with some RRsets replaced and some removed, its serial as it was, and the very same zone if that changes nothing; or what
 * forbids it: an alias shares its name with nothing (RFC 1034 section 3.6.2).
 */
export const withRRsets = (
  zone: Zone,
  edit: { readonly remove: readonly Pick<ZoneRRset, 'name' | 'type'>[]; readonly put: readonly StoredRRset[] },
): Zone | string => {
  const isPut = (each: Pick<ZoneRRset, 'name' | 'type'>): boolean => edit.put.some(({ name, type }) => name === each.name && type === each.type)
  const removed = edit.remove.filter((each) => zone.rrsets.has(setKey(each.name, each.type)) && !isPut(each))
  if (removed.length === 0 && edit.put.every((rrset) => sameRRset(rrset, findRRset(zone, rrset.name, rrset.type)))) return zone
  const rrsets = new Map(zone.rrsets)
  for (const { name, type } of removed) rrsets.delete(setKey(name, type))
  for (const rrset of edit.put) rrsets.set(setKey(rrset.name, rrset.type), rrset)
  if (rrsets.size > maxRRsets) return `the zone ${zone.origin} would hold more than ${maxRRsets} RRsets`
  for (const { name } of edit.put) {
    const types = recordTypes.filter((type) => rrsets.has(setKey(name, type)))
    if (types.includes('CNAME') && types.length > 1) return `${name}: an alias cannot share its name with ${types.filter((type) => type !== 'CNAME').join(', ')}`
  }
  return { ...zone, rrsets, nodes: nodesAfter(zone, rrsets, removed, edit.put) }
}

/** Whether two zones hold the same RRsets. */
export const sameRRsets = (a: Zone, b: Zone): boolean => {
  if (a.rrsets.size !== b.rrsets.size) return false
  for (const [key, rrset] of a.rrsets) if (!sameRRset(rrset, b.rrsets.get(key))) return false
  return true
}
