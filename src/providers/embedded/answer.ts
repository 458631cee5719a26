import { lookup, type Found, type LookupResult } from './lookup.ts'
import { encodeRecord } from './presentation.ts'
import { parseRequest, type Request } from './request.ts'
import type { Zone } from './zone.ts'

/** Seconds: how long "there is no such thing" may be cached (RFC 2308 section 5). Short, as records come and go here. */
const negativeTtl = 30
const soaTtl = 3600
/** The size of UDP answers that pass nearly every path unfragmented (DNS flag day 2020). */
export const maxUdpBytes = 1232

const typeNames: Readonly<Record<number, string>> = {
  1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV', 43: 'DS', 255: 'ANY', 257: 'CAA',
}
const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const
const flags = { response: 0x80_00, authoritative: 0x04_00, truncated: 0x02_00 } as const

interface Section {
  readonly rcode: keyof typeof rcodes
  readonly isAuthoritative: boolean
  readonly answers: readonly Buffer[]
  readonly authorities: readonly Buffer[]
  readonly additionals: readonly Buffer[]
}

const refused: Section = { rcode: 'REFUSED', isAuthoritative: false, answers: [], authorities: [], additionals: [] }

const encodeName = (name: string): Buffer =>
  Buffer.concat([...name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]), Buffer.from([0])])

/** The owner's name: a pointer to the question's where it is the same (RFC 1035 section 4.1.4). */
const encodeOwner = (name: string, asked: string | undefined): Buffer => (name === asked ? Buffer.from([0xc0, 12]) : encodeName(name))

/** Each answer begins with another address, so that clients which take the first spread themselves. */
const rotated = (records: readonly Buffer[], turn: number): readonly Buffer[] => {
  const at = records.length === 0 ? 0 : turn % records.length
  return [...records.slice(at), ...records.slice(0, at)]
}

const recordsOf = ({ owner, rrset }: Found, asked: string | undefined, turn: number): readonly Buffer[] => {
  const name = encodeOwner(owner, asked)
  const isAddress = rrset.type === 'A' || rrset.type === 'AAAA'
  return (isAddress ? rotated(rrset.wire, turn) : rrset.wire).map((record) => Buffer.concat([name, record]))
}

const soaRecord = (zone: Zone, mname: string, ttl: number, asked: string | undefined): Buffer => {
  const data = { mname, rname: `hostmaster.${zone.origin}`, serial: zone.serial, refresh: 3600, retry: 600, expire: 604_800, minimum: negativeTtl }
  return Buffer.concat([encodeOwner(zone.origin, asked), encodeRecord({ name: '.', type: 'SOA', data }, ttl)])
}

const sections = (zone: Zone, mname: string, name: string | undefined, result: LookupResult, turn: number): Section => {
  const plain = { rcode: 'NOERROR', isAuthoritative: true, answers: [], authorities: [], additionals: [] } as const
  const chained = 'chain' in result ? result.chain.flatMap((link) => recordsOf(link, name, turn)) : []
  switch (result.kind) {
    case 'outside':
      return refused
    case 'referral': {
      const authorities = recordsOf({ owner: result.ns.name, rrset: result.ns }, name, turn)
      const additionals = result.glue.flatMap((rrset) => recordsOf({ owner: rrset.name, rrset }, name, turn))
      return { ...plain, isAuthoritative: false, authorities, additionals }
    }
    case 'answer':
      return { ...plain, answers: [...chained, ...(result.found === undefined ? [] : recordsOf(result.found, name, turn))] }
    case 'soa':
      return { ...plain, answers: [...chained, soaRecord(zone, mname, soaTtl, name)] }
    case 'any': {
      const minimal = encodeRecord({ name: '.', type: 'HINFO', data: { cpu: 'RFC8482', os: '' } }, soaTtl)
      const last = (result.chain.at(-1)?.rrset.data[0] ?? '').replace(/\.$/, '')
      return { ...plain, answers: [...chained, Buffer.concat([encodeOwner(last === '' ? (name ?? '') : last, name), minimal])] }
    }
    case 'nodata':
    case 'nxdomain':
      return {
        ...plain,
        rcode: result.kind === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR',
        answers: chained,
        authorities: [soaRecord(zone, mname, negativeTtl, name)],
      }
  }
}

const optRecord = (edns: NonNullable<Request['edns']>, extendedRcode: number): Buffer => {
  const opt = Buffer.alloc(11)
  opt.writeUInt16BE(41, 1)
  opt.writeUInt16BE(maxUdpBytes, 3)
  opt.writeUInt8(extendedRcode, 5)
  opt.writeUInt16BE(edns.isDnssecWanted ? 0x80_00 : 0, 7)
  return opt
}

const assemble = (request: Request, section: Section, options: { readonly isTruncated: boolean; readonly extendedRcode: number }): Buffer => {
  const additionals = request.edns === undefined ? section.additionals : [...section.additionals, optRecord(request.edns, options.extendedRcode)]
  const header = Buffer.alloc(12)
  header.writeUInt16BE(request.id, 0)
  const bits = (section.isAuthoritative ? flags.authoritative : 0) | (options.isTruncated ? flags.truncated : 0)
  header.writeUInt16BE(flags.response | request.echoed | bits | rcodes[section.rcode], 2)
  const counts = [1, section.answers.length, section.authorities.length, additionals.length]
  for (const [at, count] of counts.entries()) header.writeUInt16BE(count, 4 + at * 2)
  return Buffer.concat([header, request.question, ...section.answers, ...section.authorities, ...additionals])
}

/** An answer of nothing but a header. */
const headerOnly = (id: number, echoed: number, rcode: keyof typeof rcodes): Buffer => {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(flags.response | echoed | rcodes[rcode], 2)
  return header
}

const decide = (zone: Zone, mname: string, request: Request, turn: number): Section => {
  const isTransfer = request.type >= 249 && request.type <= 254
  if (request.class !== 1 || isTransfer) return refused
  if (request.name === undefined) {
    // Its bytes fit no name of ours: within the zone it does not exist, outside it is none of our business.
    const ending = encodeName(zone.origin)
    const isWithin = request.question.subarray(0, -4).toString('latin1').toLowerCase().endsWith(ending.toString('latin1'))
    return isWithin ? sections(zone, mname, undefined, { kind: 'nxdomain', chain: [] }, turn) : refused
  }
  return sections(zone, mname, request.name, lookup(zone, { name: request.name, type: typeNames[request.type] ?? 'other' }), turn)
}

/**
 * The answer to one message, or undefined if it deserves none. Pure: `turn` says how far address records are rotated.
 * What does not fit the client's limit (512 bytes, or what its EDNS says up to 1232) is truncated to nothing with TC,
 * so that it asks again over TCP (RFC 2181 section 9).
 */
export const respond = (zone: Zone, mname: string, message: Buffer, options: { readonly transport: 'udp' | 'tcp'; readonly turn: number }): Buffer | undefined => {
  const parsed = parseRequest(message)
  if (parsed.kind === 'ignore') return undefined
  if (parsed.kind === 'unusable') return headerOnly(parsed.id, parsed.echoed, parsed.reason === 'opcode' ? 'NOTIMP' : 'FORMERR')
  const { request } = parsed
  if (request.edns !== undefined && request.edns.version > 0) {
    // BADVERS is 16: its upper bits stand in the OPT record (RFC 6891 section 6.1.3).
    return assemble(request, { ...refused, rcode: 'NOERROR' }, { isTruncated: false, extendedRcode: 1 })
  }
  const section = decide(zone, mname, request, options.turn)
  const whole = assemble(request, section, { isTruncated: false, extendedRcode: 0 })
  const limit = options.transport === 'tcp' ? 65_535 : Math.max(512, Math.min(request.edns?.size ?? 512, maxUdpBytes))
  if (whole.length <= limit) return whole
  if (options.transport === 'tcp') return assemble(request, { ...refused, rcode: 'SERVFAIL' }, { isTruncated: false, extendedRcode: 0 })
  return assemble(request, { ...section, answers: [], authorities: [], additionals: [] }, { isTruncated: true, extendedRcode: 0 })
}
