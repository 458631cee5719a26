import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRequest } from '../../../src/providers/rfc2136/ask.ts'
import { decodeMessage, encodeMessage } from '../../../src/providers/rfc2136/message.ts'
import { recordType, tsigError } from '../../../src/providers/rfc2136/numbers.ts'
import { decodeTsigData, signMessage, type TsigKey, verifyMessage } from '../../../src/providers/rfc2136/tsig.ts'
import { captured, capturedKey } from './captured-updates.ts'
import { capturedRequest } from './captured-request.ts'

const key: TsigKey = { ...capturedKey, algorithm: 'hmac-sha256' }
const now = 1_700_000_000
const request = encodeRequest(capturedRequest, 0x12_34)
const signed = signMessage(request, key, now)

const verify = (bytes: Buffer, options: { key?: TsigKey; requestMac?: Buffer; now?: number } = {}): unknown =>
  verifyMessage(bytes, decodeMessage(bytes), options.key ?? key, options.requestMac, options.now ?? now)

const untrustedMac = { kind: 'untrusted', detail: 'its signature is not made with our key' }

/** The message before its TSIG was added. */
const withoutTsig = (bytes: Buffer): Buffer => {
  const { last } = decodeMessage(bytes)
  const message = Buffer.from(bytes.subarray(0, last?.offset))
  message.writeUInt16BE(message.readUInt16BE(10) - 1, 10)
  return message
}

describe('signMessage', () => {
  it.each(captured)('makes the very bytes of $tool ($algorithm)', ({ hex, algorithm }) => {
    const theirs = Buffer.from(hex, 'hex')
    const tsig = decodeMessage(theirs).last?.record
    expect(tsig?.type).toBe(recordType.TSIG)
    const { timeSigned } = decodeTsigData(tsig?.data ?? Buffer.alloc(0))
    expect(signMessage(withoutTsig(theirs), { ...key, algorithm }, timeSigned).bytes.toString('hex')).toBe(hex)
    expect(verify(theirs, { key: { ...key, algorithm }, now: timeSigned })).toEqual({ kind: 'valid' })
  })

  it('covers these bytes, written out by hand from RFC 8945 section 4.3', () => {
    const variables = '036b6579 076578616d706c65 036e6574 00 00ff 00000000 0b 686d61632d736861323536 00 00006553f100 012c 0000 0000'
    const digest = createHmac('sha256', '0123456789abcdef').update(request).update(Buffer.from(variables.replaceAll(' ', ''), 'hex')).digest()
    expect(signed.mac).toEqual(digest)
    const record = `036b6579 076578616d706c65 036e6574 00 00fa 00ff 00000000 003d 0b 686d61632d736861323536 00 00006553f100 012c 0020 ${digest.toString('hex')} 1234 0000 0000`
    const counted = Buffer.from(request)
    counted.writeUInt16BE(1, 10)
    expect(signed.bytes.toString('hex')).toBe(counted.toString('hex') + record.replaceAll(' ', ''))
  })
})

describe('verifyMessage', () => {
  const response = encodeMessage({ ...decodeMessage(request), isResponse: true, answers: [], authorities: [] })
  const reply = signMessage(response, key, now, { requestMac: signed.mac })

  it('takes a response over its request', () => expect(verify(reply.bytes, { requestMac: signed.mac })).toEqual({ kind: 'valid' }))

  it('covers the length and the bytes of the request\'s MAC first', () => {
    const first = Buffer.concat([Buffer.from([0, 32]), signed.mac])
    const rest = '036b6579 076578616d706c65 036e6574 00 00ff 00000000 0b 686d61632d736861323536 00 00006553f100 012c 0000 0000'
    expect(reply.mac).toEqual(createHmac('sha256', '0123456789abcdef').update(first).update(response).update(Buffer.from(rest.replaceAll(' ', ''), 'hex')).digest())
  })

  it.each([
    ['to another request', { requestMac: Buffer.alloc(32) }, untrustedMac],
    ['of another secret', { requestMac: signed.mac, key: { ...key, secret: Buffer.from('other') } }, untrustedMac],
    ['of another key name', { requestMac: signed.mac, key: { ...key, name: 'other' } }, untrustedMac],
    ['of another algorithm', { requestMac: signed.mac, key: { ...key, algorithm: 'hmac-sha512' } as const }, untrustedMac],
    ['301 s old', { requestMac: signed.mac, now: now + 301 }, { kind: 'untrusted', detail: 'it was signed 301 s away from our clock' }],
    ['3,600 s ahead', { requestMac: signed.mac, now: now - 3600 }, { kind: 'untrusted', detail: 'it was signed 3,600 s away from our clock' }],
    ['300 s old, which is still fine', { requestMac: signed.mac, now: now + 300 }, { kind: 'valid' }],
  ])('judges a response %s', (_, options, verdict) => expect(verify(reply.bytes, options)).toEqual(verdict))

  it('sees a message without a TSIG', () => expect(verify(response)).toEqual({ kind: 'unsigned' }))

  it('does not take a shortened MAC', () => {
    const decoded = decodeMessage(reply.bytes)
    const tsig = decoded.last?.record
    if (tsig === undefined) throw new Error('signed')
    const at = tsig.data.indexOf(reply.mac)
    const data = Buffer.concat([tsig.data.subarray(0, at - 2), Buffer.from([0, 16]), reply.mac.subarray(0, 16), tsig.data.subarray(at + 32)])
    expect(verify(encodeMessage({ ...decoded, additionals: [{ ...tsig, data }] }), { requestMac: signed.mac })).toEqual(untrustedMac)
  })

  it('does not take a TSIG before the end', () => {
    const decoded = decodeMessage(reply.bytes)
    const extra = { name: 'x', type: recordType.A, class: 1, ttl: 0, data: Buffer.alloc(4) }
    expect(verify(encodeMessage({ ...decoded, additionals: [...decoded.additionals, extra] }), { requestMac: signed.mac })).toEqual({ kind: 'unsigned' })
  })

  it('reads the server\'s clock from a signed BADTIME', () => {
    const other = Buffer.from('00006553ff10', 'hex')
    const bytes = signMessage(response, key, now, { requestMac: signed.mac, error: tsigError.BADTIME, other }).bytes
    expect(verify(bytes, { requestMac: signed.mac })).toEqual({ kind: 'error', error: tsigError.BADTIME, isSigned: true, serverTime: 0x65_53_ff_10 })
  })

  it('never takes a message of which any byte but the id\'s was changed', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: reply.bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Buffer.from(reply.bytes)
      bytes[at] = (bytes[at] ?? 0) ^ flip
      try {
        const verdict = verify(bytes, { requestMac: signed.mac }) as { readonly kind: string }
        // Names compare without case, so a letter of the key's name in capitals is the same signature.
        const isCase = flip === 0x20 && decodeMessage(bytes).last?.record.name === key.name
        return verdict.kind !== 'valid' || isCase
      } catch (error) {
        return error instanceof RangeError
      }
    }), { numRuns: 3000 })
  })
})
