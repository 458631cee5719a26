/** A query as it came, taken apart only as far as an answer needs. */
export interface Request {
  readonly id: number
  /** Opcode and the RD bit as they stand in the header's flags, to be given back. */
  readonly echoed: number
  /** The question section's bytes, given back as they came so that the spelling of the name is kept. */
  readonly question: Buffer
  /** Lower case, without the trailing dot; undefined if it holds bytes that no name of ours can. */
  readonly name: string | undefined
  readonly type: number
  readonly class: number
  readonly edns: { readonly size: number; readonly version: number; readonly isDnssecWanted: boolean } | undefined
}

export type ParsedRequest =
  | { readonly kind: 'query'; readonly request: Request }
  | { readonly kind: 'unusable'; readonly id: number; readonly echoed: number; readonly reason: 'format' | 'opcode' }
  /** Nothing that deserves an answer: too short for a header, or itself a response. */
  | { readonly kind: 'ignore' }

const headerBytes = 12

interface ReadName {
  readonly name: string | undefined
  readonly next: number
}

/** An uncompressed name (RFC 1035 section 3.1); undefined if it does not end within the message or is too long. */
const readName = (message: Buffer, start: number): ReadName | undefined => {
  const labels: string[] = []
  let at = start
  for (;;) {
    const length = message[at]
    if (length === undefined || length > 63 || at + 1 + length > message.length || at - start + length > 254) return undefined
    at += 1
    if (length === 0) break
    labels.push(message.toString('latin1', at, at + length).toLowerCase())
    at += length
  }
  const isPlain = labels.every((label) => /^(?:\*|[a-z0-9_-]+)$/.test(label))
  return { name: isPlain ? labels.join('.') : undefined, next: at }
}

/** Past a record's owner, which may end in a compression pointer. */
const skipName = (message: Buffer, start: number): number | undefined => {
  let at = start
  for (;;) {
    const length = message[at]
    if (length === undefined || at - start > 254) return undefined
    if (length >= 0xc0) return at + 2
    if (length > 63) return undefined
    at += 1 + length
    if (length === 0) return at
  }
}

/** The OPT record among `count` records from `start` (RFC 6891 section 6.1), undefined if there is none. */
const readEdns = (message: Buffer, start: number, count: number): Request['edns'] | 'malformed' => {
  let edns: Request['edns']
  let at = start
  for (let left = count; left > 0; left -= 1) {
    const fields = skipName(message, at)
    if (fields === undefined || fields + 10 > message.length) return 'malformed'
    const next = fields + 10 + message.readUInt16BE(fields + 8)
    if (next > message.length) return 'malformed'
    if (message.readUInt16BE(fields) === 41) {
      if (edns !== undefined || fields !== at + 1) return 'malformed'
      edns = {
        size: message.readUInt16BE(fields + 2),
        version: message[fields + 5] ?? 0,
        isDnssecWanted: ((message[fields + 6] ?? 0) & 0x80) !== 0,
      }
    }
    at = next
  }
  return edns
}

export const parseRequest = (message: Buffer): ParsedRequest => {
  if (message.length < headerBytes) return { kind: 'ignore' }
  const id = message.readUInt16BE(0)
  const flags = message.readUInt16BE(2)
  if ((flags & 0x80_00) !== 0) return { kind: 'ignore' }
  const echoed = flags & 0x79_00
  if ((flags & 0x78_00) !== 0) return { kind: 'unusable', id, echoed, reason: 'opcode' }
  const counts = [4, 6, 8, 10].map((at) => message.readUInt16BE(at))
  const malformed = { kind: 'unusable', id, echoed, reason: 'format' } as const
  const asked = readName(message, headerBytes)
  if (counts[0] !== 1 || counts[1] !== 0 || asked === undefined || asked.next + 4 > message.length) return malformed
  const end = asked.next + 4
  const edns = readEdns(message, end, (counts[2] ?? 0) + (counts[3] ?? 0))
  if (edns === 'malformed') return malformed
  const question = message.subarray(headerBytes, end)
  const type = message.readUInt16BE(asked.next)
  return { kind: 'query', request: { id, echoed, question, name: asked.name, type, class: message.readUInt16BE(asked.next + 2), edns } }
}
