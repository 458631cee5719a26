import type { Fqdn } from '../../core/fqdn.ts'
import type { Message, WireRecord } from './message.ts'
import { rcode, rcodeText, recordType } from './numbers.ts'
import { decodeName, type WireName } from './wire-name.ts'

/** What the zone's own server says of one name and type. */
export type Answer =
  | { readonly kind: 'rrset'; readonly records: readonly WireRecord[]; readonly ttl: number }
  | { readonly kind: 'absent' }
  /** A CNAME at the name, or a DNAME above it. */
  | { readonly kind: 'alias'; readonly by: 'CNAME' | 'DNAME'; readonly owner: WireName; readonly target: WireName }
  /** The name is delegated: a zone cut at `at`. */
  | { readonly kind: 'cut'; readonly at: WireName }
  /** It did not answer for the zone: an error, or an answer without authority. */
  | { readonly kind: 'refused'; readonly rcode: string }
  | { readonly kind: 'not-authoritative' }

const isBelow = (name: WireName, above: WireName): boolean => name.endsWith(`.${above}`)

/** Judges a reply to a query for `name` and `type` in `zone`. Only records of the name itself count. */
export const judgeAnswer = (reply: Message, name: WireName, type: number, zone: Fqdn): Answer => {
  const alias = reply.answers.find((record) => (record.type === recordType.CNAME && record.name === name)
    || (record.type === recordType.DNAME && isBelow(name, record.name)))
  if (alias !== undefined && reply.isAuthoritative) {
    const by = alias.type === recordType.CNAME ? 'CNAME' : 'DNAME'
    return { kind: 'alias', by, owner: alias.name, target: decodeName(alias.data, 0).name }
  }
  if (reply.rcode === rcode.NXDOMAIN) return { kind: reply.isAuthoritative ? 'absent' : 'not-authoritative' }
  if (reply.rcode !== rcode.NOERROR) return { kind: 'refused', rcode: rcodeText(reply.rcode) }
  const cut = reply.authorities.find((record) => record.type === recordType.NS && isBelow(record.name, zone) && (record.name === name || isBelow(name, record.name)))
  if (!reply.isAuthoritative) return cut === undefined ? { kind: 'not-authoritative' } : { kind: 'cut', at: cut.name }
  const records = reply.answers.filter((record) => record.name === name && record.type === type)
  const [first] = records
  return first === undefined ? { kind: 'absent' } : { kind: 'rrset', records, ttl: Math.min(...records.map((record) => record.ttl)) }
}
