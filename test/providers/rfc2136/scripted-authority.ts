import { decodeMessage, encodeMessage, type Message, type WireRecord } from '../../../src/providers/rfc2136/message.ts'
import { opcode, rcode, recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { decodeTsigData, signMessage, type TsigKey } from '../../../src/providers/rfc2136/tsig.ts'

export interface Reply {
  readonly rcode?: number
  readonly isAuthoritative?: boolean
  readonly answers?: readonly WireRecord[]
  readonly authorities?: readonly WireRecord[]
  /** A TSIG error, in a signed reply. */
  readonly tsigError?: number
}

/** The bytes of a reply, signed if the request was and `key` is given. */
export const replyBytes = (request: Buffer, reply: Reply, key: TsigKey | undefined): Buffer => {
  const asked = decodeMessage(request)
  const bytes = encodeMessage({
    id: asked.id,
    opcode: asked.opcode,
    rcode: reply.rcode ?? rcode.NOERROR,
    isResponse: true,
    isAuthoritative: reply.isAuthoritative ?? true,
    questions: asked.questions,
    answers: reply.answers ?? [],
    authorities: reply.authorities ?? [],
    additionals: [],
  })
  const tsig = asked.last?.record.type === recordType.TSIG ? decodeTsigData(asked.last.record.data) : undefined
  if (key === undefined || tsig === undefined) return bytes
  return signMessage(bytes, key, tsig.timeSigned, { requestMac: tsig.mac, error: reply.tsigError ?? 0 }).bytes
}

/** Answers queries from these records, with authority, and updates as told; by default all of them succeed. */
export const authority = (
  records: readonly WireRecord[],
  key: TsigKey | undefined,
  onUpdate: (update: Message) => Reply = () => ({}),
): ((request: Buffer) => Buffer) => (request) => {
  const asked = decodeMessage(request)
  if (asked.opcode === opcode.UPDATE) return replyBytes(request, onUpdate(asked), key)
  const [question] = asked.questions
  const answers = records.filter((record) => record.name === question?.name && record.type === question.type)
  return replyBytes(request, { answers }, key)
}
