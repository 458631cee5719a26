import { type Address, addressSet, type Family, sameAddresses } from './address.ts'
import type { Fqdn } from './fqdn.ts'

/** One name and type: what is read, compared and written as a whole (RFC 2181 section 5). */
export interface RRsetKey {
  readonly name: Fqdn
  readonly type: AddressType
}

export type AddressType = 'A' | 'AAAA'
export const addressTypes: readonly AddressType[] = ['A', 'AAAA']

export const typeOf = (family: Family): AddressType => (family === 'v4' ? 'A' : 'AAAA')
export const familyOfType = (type: AddressType): Family => (type === 'A' ? 'v4' : 'v6')

export const keyText = (key: RRsetKey): string => `${key.name} ${key.type}`
export const sameKey = (a: RRsetKey, b: RRsetKey): boolean => a.name === b.name && a.type === b.type

/** What an RRset holds, with which of its values are marked as ours. An absent RRset has no values. */
export interface RRsetContent {
  /** Sorted, each once. */
  readonly values: readonly Address[]
  /** Seconds; of an absent RRset 0. */
  readonly ttl: number
  /** The values that our ownership mark names. May name values that are no longer there. */
  readonly owned: readonly Address[]
}

/** An RRset as its provider holds it now. */
export interface CurrentRRset extends RRsetContent {
  readonly key: RRsetKey
  /** The name servers answer with something else, such as a proxy's addresses: only the provider shows values and TTL. */
  readonly isHidden?: boolean
  /** Values that our mark does not name and cannot: what people wrote beside them leaves no room. */
  readonly unmarkable?: readonly Address[]
  /** What the provider needs to write from exactly this version (record ids, the mark as read); only it looks inside. */
  readonly version?: unknown
}

/** One RRset's replacement. The only kind of write there is. */
export interface Change {
  readonly key: RRsetKey
  readonly before: CurrentRRset
  readonly after: RRsetContent
  /** Why each value comes, goes or stays, for people. */
  readonly reasons: readonly Reason[]
}

export interface Reason {
  readonly address: Address | undefined
  readonly action: 'add' | 'remove' | 'keep' | 'ttl' | 'mark'
  /** The decision's rule, by name. */
  readonly rule: string
  readonly text: string
}

export const content = (values: Iterable<Address>, ttl: number, owned: Iterable<Address>): RRsetContent => {
  const set = addressSet(values)
  return { values: set, ttl: set.length === 0 ? 0 : ttl, owned: addressSet(owned) }
}

export const sameContent = (a: RRsetContent, b: RRsetContent): boolean =>
  sameAddresses(a.values, b.values) && a.ttl === b.ttl && sameAddresses(a.owned, b.owned)
