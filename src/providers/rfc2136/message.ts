import { recordType } from './numbers.ts'
import { decodeName, encodeName, type WireName } from './wire-name.ts'

export interface Question {
  readonly name: WireName
  readonly type: number
  readonly class: number
}

/** One record. In the data of NS, CNAME and DNAME the name is uncompressed, whatever was on the wire. */
export interface WireRecord extends Question {
  readonly ttl: number
  readonly data: Buffer
}

/** A DNS message (RFC 1035 section 4). Of an UPDATE, the four sections are zone, prerequisites, updates, additional. */
export interface Message {
  readonly id: number
  readonly opcode: number
  readonly rcode: number
  readonly isResponse: boolean
  readonly isAuthoritative: boolean
  readonly questions: readonly Question[]
  readonly answers: readonly WireRecord[]
  readonly authorities: readonly WireRecord[]
  readonly additionals: readonly WireRecord[]
}

export interface DecodedMessage extends Message {
  /** Where the last record starts, and what it is: the place of a TSIG (RFC 8945 section 5.1). */
  readonly last: { readonly record: WireRecord; readonly offset: number } | undefined
}

/** The longest message that a TCP length prefix can announce. */
export const maxMessageBytes = 65_535

const uint16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

const encodeQuestion = (question: Question): Buffer =>
  Buffer.concat([encodeName(question.name), uint16(question.type), uint16(question.class)])

/** One record's bytes, its name uncompressed. */
export const encodeRecord = (record: WireRecord): Buffer => {
  const ttl = Buffer.alloc(4)
  ttl.writeUInt32BE(record.ttl)
  return Buffer.concat([encodeQuestion(record), ttl, uint16(record.data.length), record.data])
}

/** The message's bytes, without the TCP length prefix. Names are not compressed: simpler to check, and TSIG needs none. */
export const encodeMessage = (message: Message): Buffer => {
  const flags = (message.isResponse ? 0x80_00 : 0) | (message.opcode << 11) | (message.isAuthoritative ? 0x04_00 : 0) | message.rcode
  const records = [message.answers, message.authorities, message.additionals]
  return Buffer.concat([
    ...[message.id, flags, message.questions.length, ...records.map((section) => section.length)].map(uint16),
    ...message.questions.map(encodeQuestion),
    ...records.flat().map(encodeRecord),
  ])
}

const holdsOneName: readonly number[] = [recordType.NS, recordType.CNAME, recordType.DNAME]

const decodeQuestion = (bytes: Buffer, offset: number): { readonly question: Question; readonly end: number } => {
  const { name, end } = decodeName(bytes, offset)
  return { question: { name, type: bytes.readUInt16BE(end), class: bytes.readUInt16BE(end + 2) }, end: end + 4 }
}

const decodeRecord = (bytes: Buffer, offset: number): { readonly record: WireRecord; readonly end: number } => {
  const { question, end: at } = decodeQuestion(bytes, offset)
  const ttl = bytes.readUInt32BE(at)
  const start = at + 6
  const end = start + bytes.readUInt16BE(at + 4)
  if (end > bytes.length) throw new RangeError(`record at ${offset} reaches beyond the message`)
  const raw = bytes.subarray(start, end)
  // An UPDATE's empty data (class ANY or NONE) holds no name.
  const data = holdsOneName.includes(question.type) && raw.length > 0 ? encodedAgain(bytes, start, end) : raw
  return { record: { ...question, ttl, data }, end }
}

/** The name at `start` without compression, byte for byte: its labels may hold what `encodeName` refuses. */
const encodedAgain = (bytes: Buffer, start: number, end: number): Buffer => {
  const { name, end: nameEnd } = decodeName(bytes, start)
  if (nameEnd !== end) throw new RangeError(`record data at ${start} is not one name`)
  return name.includes('\\') ? bytes.subarray(start, end) : encodeName(name)
}

/**
 * Reads a whole message.
 * @throws RangeError on anything malformed, bytes after the last record included.
 */
export const decodeMessage = (bytes: Buffer): DecodedMessage => {
  const flags = bytes.readUInt16BE(2)
  const questions: Question[] = []
  let at = 12
  let last: DecodedMessage['last']
  for (let left = bytes.readUInt16BE(4); left > 0; left -= 1) {
    const { question, end } = decodeQuestion(bytes, at)
    questions.push(question)
    at = end
  }
  const [answers = [], authorities = [], additionals = []] = [6, 8, 10].map((countAt) => {
    const records: WireRecord[] = []
    for (let left = bytes.readUInt16BE(countAt); left > 0; left -= 1) {
      const { record, end } = decodeRecord(bytes, at)
      last = { record, offset: at }
      records.push(record)
      at = end
    }
    return records
  })
  if (at !== bytes.length) throw new RangeError(`${bytes.length - at} bytes after the last record`)
  return {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    rcode: flags & 0xf,
    isResponse: (flags & 0x80_00) !== 0,
    isAuthoritative: (flags & 0x04_00) !== 0,
    questions,
    answers,
    authorities,
    additionals,
    last,
  }
}
