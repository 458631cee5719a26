import { createHmac, timingSafeEqual } from 'node:crypto'
import { type DecodedMessage, encodeRecord, type WireRecord } from './message.ts'
import { recordClass, recordType } from './numbers.ts'
import { decodeName, encodeName, type WireName } from './wire-name.ts'

export type TsigAlgorithm = 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'

/** A shared key (RFC 8945). `secret` is never shown. */
export interface TsigKey {
  readonly name: WireName
  readonly algorithm: TsigAlgorithm
  readonly secret: Buffer
}

/** What a TSIG record's data says (RFC 8945 section 4.2). Times in seconds since the epoch. */
export interface TsigData {
  readonly algorithm: WireName
  readonly timeSigned: number
  readonly fudge: number
  readonly mac: Buffer
  readonly originalId: number
  readonly error: number
  readonly other: Buffer
}

/** Seconds by which the two clocks may differ (recommended by RFC 8945 section 10). */
export const fudgeSeconds = 300

const hashOf: Readonly<Record<TsigAlgorithm, string>> = { 'hmac-sha256': 'sha256', 'hmac-sha384': 'sha384', 'hmac-sha512': 'sha512' }

const uints = (...pairs: readonly (readonly [value: number, bytes: number])[]): Buffer =>
  Buffer.concat(pairs.map(([value, bytes]) => {
    const part = Buffer.alloc(bytes)
    part.writeUIntBE(value, 0, bytes)
    return part
  }))

/** The fields that are both sent and covered by the MAC, in the order of the MAC (RFC 8945 section 4.3.3). */
const variables = (key: TsigKey, data: TsigData): Buffer => Buffer.concat([
  encodeName(key.name),
  uints([recordClass.ANY, 2], [0, 4]),
  encodeName(data.algorithm),
  uints([data.timeSigned, 6], [data.fudge, 2], [data.error, 2], [data.other.length, 2]),
  data.other,
])

/** The MAC of a message without its TSIG; of a response, over the request's MAC first (section 4.3.1). */
const macOf = (message: Buffer, key: TsigKey, data: TsigData, requestMac: Buffer | undefined): Buffer => {
  const hmac = createHmac(hashOf[key.algorithm], key.secret)
  if (requestMac !== undefined) hmac.update(uints([requestMac.length, 2])).update(requestMac)
  return hmac.update(message).update(variables(key, data)).digest()
}

const encodeData = (data: TsigData): Buffer => Buffer.concat([
  encodeName(data.algorithm),
  uints([data.timeSigned, 6], [data.fudge, 2], [data.mac.length, 2]),
  data.mac,
  uints([data.originalId, 2], [data.error, 2], [data.other.length, 2]),
  data.other,
])

/**
 * The message with a TSIG record at its end, and that record's MAC, which the response's MAC will cover. For a
 * response give the request's MAC; `error` and `other` belong to responses too.
 */
export const signMessage = (
  message: Buffer,
  key: TsigKey,
  timeSigned: number,
  response?: { readonly requestMac: Buffer; readonly error?: number; readonly other?: Buffer },
): { readonly bytes: Buffer; readonly mac: Buffer } => {
  const unsigned: TsigData = {
    algorithm: key.algorithm,
    timeSigned,
    fudge: fudgeSeconds,
    mac: Buffer.alloc(0),
    originalId: message.readUInt16BE(0),
    error: response?.error ?? 0,
    other: response?.other ?? Buffer.alloc(0),
  }
  const mac = macOf(message, key, unsigned, response?.requestMac)
  const record = encodeRecord({ name: key.name, type: recordType.TSIG, class: recordClass.ANY, ttl: 0, data: encodeData({ ...unsigned, mac }) })
  const bytes = Buffer.concat([message, record])
  bytes.writeUInt16BE(bytes.readUInt16BE(10) + 1, 10)
  return { bytes, mac }
}

/** @throws RangeError if it is malformed. */
export const decodeTsigData = (bytes: Buffer): TsigData => {
  const { name: algorithm, end: at } = decodeName(bytes, 0)
  const macLength = bytes.readUInt16BE(at + 8)
  const rest = at + 10 + macLength
  const otherLength = bytes.readUInt16BE(rest + 4)
  if (rest + 6 + otherLength !== bytes.length) throw new RangeError('malformed TSIG record')
  return {
    algorithm,
    timeSigned: bytes.readUIntBE(at, 6),
    fudge: bytes.readUInt16BE(at + 6),
    mac: bytes.subarray(at + 10, rest),
    originalId: bytes.readUInt16BE(rest),
    error: bytes.readUInt16BE(rest + 2),
    other: bytes.subarray(rest + 6),
  }
}

export type TsigVerdict =
  | { readonly kind: 'valid' }
  /** The server names an error. BADKEY and BADSIG cannot be signed (section 5.2), so `isSigned` is false of these. */
  | { readonly kind: 'error'; readonly error: number; readonly isSigned: boolean; readonly serverTime: number | undefined }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'untrusted'; readonly detail: string }

/**
 * Whether a message was signed with our key, at most `fudge` seconds ago or ahead; a response needs the request's MAC.
 * Truncated MACs are not accepted: we send whole ones and ask for the same.
 * @throws RangeError if the TSIG record is malformed.
 */
export const verifyMessage = (
  bytes: Buffer,
  decoded: DecodedMessage,
  key: TsigKey,
  requestMac: Buffer | undefined,
  nowSeconds: number,
): TsigVerdict => {
  const { last } = decoded
  if (last === undefined || last.record.type !== recordType.TSIG || decoded.additionals.length === 0) return { kind: 'unsigned' }
  const data = decodeTsigData(last.record.data)
  const isSigned = data.mac.length > 0 && hasOurMac(bytes.subarray(0, last.offset), last.record, key, data, requestMac)
  if (data.error !== 0) {
    return { kind: 'error', error: data.error, isSigned, serverTime: data.other.length === 6 ? data.other.readUIntBE(0, 6) : undefined }
  }
  if (!isSigned) return { kind: 'untrusted', detail: 'its signature is not made with our key' }
  const skew = Math.abs(nowSeconds - data.timeSigned)
  return skew <= data.fudge ? { kind: 'valid' } : { kind: 'untrusted', detail: `it was signed ${skew.toLocaleString('en-US')} s away from our clock` }
}

const hasOurMac = (signed: Buffer, record: WireRecord, key: TsigKey, data: TsigData, requestMac: Buffer | undefined): boolean => {
  // The MAC covers class and TTL as they must be, not as they came.
  const isWellFormed = record.class === recordClass.ANY && record.ttl === 0
  if (!isWellFormed || record.name !== key.name.toLowerCase() || data.algorithm !== key.algorithm) return false
  const original = Buffer.from(signed)
  original.writeUInt16BE(data.originalId, 0)
  original.writeUInt16BE(original.readUInt16BE(10) - 1, 10)
  const expected = macOf(original, key, data, requestMac)
  return expected.length === data.mac.length && timingSafeEqual(expected, data.mac)
}
