import { type Answer, decode, encode, RECURSION_DESIRED } from 'dns-packet'
import { type Address, parseAddress } from '../core/address.ts'
import { hasSoundRecords } from './record-lengths.ts'

export type QuestionType = 'A' | 'AAAA' | 'NS' | 'SOA'

export interface Question {
  /** Lower case, without the trailing dot. */
  readonly name: string
  readonly type: QuestionType
}

/** The records that we have a use for, class IN, names lower case without the trailing dot. */
export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly name: string; readonly ttl: number; readonly address: Address }
  | { readonly type: 'CNAME' | 'NS'; readonly name: string; readonly ttl: number; readonly target: string }
  | { readonly type: 'SOA'; readonly name: string; readonly ttl: number; readonly serial: number }

export interface Reply {
  /** With the upper bits of EDNS. */
  readonly rcode: number
  readonly isAuthoritative: boolean
  readonly isTruncated: boolean
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
}

export interface QueryOptions {
  readonly isRecursive: boolean
  readonly hasEdns: boolean
}

/** What passes nearly every path unfragmented (DNS flag day 2020). */
const ednsBytes = 1232
const rcodeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE']

export const rcodes = { noError: 0, formErr: 1, servFail: 2, nxDomain: 3, notImp: 4, refused: 5 } as const

export const rcodeName = (rcode: number): string => rcodeNames[rcode] ?? `RCODE${rcode}`

const nameOf = (text: string): string => text.toLowerCase().replace(/\.$/, '')

export const encodeQuery = (id: number, question: Question, options: QueryOptions): Buffer =>
  encode({
    type: 'query',
    id,
    flags: options.isRecursive ? RECURSION_DESIRED : 0,
    questions: [{ name: question.name, type: question.type, class: 'IN' }],
    additionals: options.hasEdns
      ? [{ type: 'OPT', name: '.', udpPayloadSize: ednsBytes, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }]
      : [],
  })

const recordOf = (answer: Answer): DnsRecord | undefined => {
  if (answer.type === 'OPT' || !('class' in answer) || answer.class !== 'IN') return undefined
  const facts = { name: nameOf(answer.name), ttl: ttlOf(answer.ttl ?? 0) }
  switch (answer.type) {
    case 'A':
    case 'AAAA': {
      const address = parseAddress(answer.data)
      return address === undefined ? undefined : { type: answer.type, ...facts, address }
    }
    case 'CNAME':
    case 'NS':
      return { type: answer.type, ...facts, target: nameOf(answer.data) }
    case 'SOA':
      return { type: 'SOA', ...facts, serial: answer.data.serial ?? 0 }
    default:
      return undefined
  }
}

/** A TTL with the top bit set counts as zero (RFC 2181 section 8). */
const ttlOf = (ttl: number): number => (ttl > 0x7f_ff_ff_ff ? 0 : ttl)

const recordsOf = (answers: readonly Answer[] | undefined): readonly DnsRecord[] => (answers ?? []).flatMap((answer) => recordOf(answer) ?? [])

const decoded = (message: Buffer): ReturnType<typeof decode> | undefined => {
  if (!hasSoundRecords(message)) return undefined
  try {
    return decode(message)
  } catch {
    return undefined
  }
}

/**
 * The reply to exactly this question, or undefined if the message is something else: malformed, no response, another
 * id, another question. A server that cannot read the query need not repeat the question (header only).
 */
export const decodeReply = (message: Buffer, id: number, question: Question): Reply | undefined => {
  if (message.length < 12 || message.readUInt16BE(0) !== id) return undefined
  const packet = decoded(message)
  if (packet === undefined || !packet.flag_qr || (message.readUInt16BE(2) & 0x78_00) !== 0) return undefined
  const extended = (packet.additionals ?? []).find((answer) => answer.type === 'OPT')
  const upper = extended?.type === 'OPT' ? extended.extendedRcode << 4 : 0
  const rcode = ((packet.flags ?? 0) & 15) | upper
  const [asked, ...others] = packet.questions ?? []
  const isHeaderOnly = asked === undefined && (rcode === rcodes.formErr || rcode === rcodes.notImp) && (packet.answers ?? []).length === 0
  const isOurs = asked !== undefined && others.length === 0 && nameOf(asked.name) === question.name && asked.type === question.type && asked.class === 'IN'
  if (!isOurs && !isHeaderOnly) return undefined
  return {
    rcode,
    isAuthoritative: packet.flag_aa,
    isTruncated: packet.flag_tc,
    answers: recordsOf(packet.answers),
    authorities: recordsOf(packet.authorities),
  }
}
