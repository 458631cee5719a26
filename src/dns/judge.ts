import type { AnswerOutcome } from '../core/answer.ts'
import { addressSet } from '../core/address.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { RRsetKey } from '../core/rrset.ts'
import { type DnsRecord, rcodeName, rcodes, type Reply } from './message.ts'

const soaOf = (records: readonly DnsRecord[], zone: Fqdn): Extract<DnsRecord, { type: 'SOA' }> | undefined =>
  records.flatMap((record) => (record.type === 'SOA' && record.name === zone ? [record] : []))[0]

/** The zone's SOA as an authoritative reply gives it, in the answer or with a denial. */
export const soaIn = (reply: Reply, zone: Fqdn): ReturnType<typeof soaOf> =>
  reply.isAuthoritative ? (soaOf(reply.answers, zone) ?? soaOf(reply.authorities, zone)) : undefined

/** Why a reply is not one of a server that is in charge of the zone. */
export const lamenessOf = (reply: Reply, zone: Fqdn): string | undefined => {
  if (reply.rcode !== rcodes.noError && reply.rcode !== rcodes.nxDomain) return `answered ${rcodeName(reply.rcode)} for the zone ${zone}`
  if (reply.isAuthoritative) return undefined
  const cut = reply.authorities.find((record) => record.type === 'NS')
  return cut?.type === 'NS' ? `referred to ${cut.target} for ${cut.name}` : `is not authoritative for the zone ${zone} (no AA in its answer)`
}

/** What a reply says of an RRset. Only records whose owner is the name itself count. */
export const judgeReply = (reply: Reply, key: RRsetKey, zone: Fqdn, serial: number | undefined): AnswerOutcome => {
  const lameness = lamenessOf(reply, zone)
  if (lameness !== undefined) return { kind: 'lame', detail: lameness }
  const own = reply.answers.filter((record) => record.name === key.name)
  const found = own.flatMap((record) => (record.type === 'A' || record.type === 'AAAA') && record.type === key.type ? [record] : [])
  if (found.length > 0) {
    return { kind: 'answer', values: addressSet(found.map((record) => record.address)), ttl: Math.min(...found.map((record) => record.ttl)), serial }
  }
  const alias = own.find((record) => record.type === 'CNAME')
  if (alias?.type === 'CNAME') return { kind: 'alias', target: alias.target }
  return { kind: 'absent', rcode: reply.rcode === rcodes.nxDomain ? 'NXDOMAIN' : 'NOERROR', serial: serial ?? soaIn(reply, zone)?.serial }
}

/** What a reply to the question for the zone's SOA says of the server. */
export const judgePing = (reply: Reply, zone: Fqdn): AnswerOutcome => {
  const lameness = lamenessOf(reply, zone)
  const soa = soaIn(reply, zone)
  if (lameness === undefined && soa !== undefined) return { kind: 'answer', values: [], ttl: soa.ttl, serial: soa.serial }
  return { kind: 'lame', detail: lameness ?? `has no SOA of the zone ${zone}` }
}
