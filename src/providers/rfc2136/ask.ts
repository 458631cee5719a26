import { randomInt } from 'node:crypto'
import { ProviderError } from '../provider-error.ts'
import { type DecodedMessage, decodeMessage, encodeMessage, type Message } from './message.ts'
import { opcode, rcode } from './numbers.ts'
import { type Peer, peerText } from './peer.ts'
import { exchangeOverTcp, type TcpOutcome } from './tcp-exchange.ts'
import { transportError } from './transport-error.ts'
import { signMessage, type TsigVerdict, verifyMessage } from './tsig.ts'
import { tsigFailure } from './tsig-failure.ts'

/** What a request says; `ask` gives it its id. */
export type Request = Pick<Message, 'opcode' | 'questions' | 'answers' | 'authorities'>

/** The request as it goes out, without its signature. */
export const encodeRequest = (request: Request, id: number): Buffer =>
  encodeMessage({ ...request, id, rcode: 0, isResponse: false, isAuthoritative: false, additionals: [] })

const distinctIds = (count: number): readonly number[] => {
  const ids = new Set<number>()
  while (ids.size < count) ids.add(randomInt(0x1_00_00))
  return [...ids]
}

/**
 * A connection that was opened ahead may have been closed just now. For a reading a fresh one is then opened; a request to
 * write may have arrived all the same, and is not sent twice.
 */
const exchange = async (peer: Peer, purpose: 'read' | 'write', requests: readonly Buffer[], signal: AbortSignal): Promise<TcpOutcome> => {
  const opened = peer.spare.take()
  const outcome = await exchangeOverTcp(peer.server, requests, peer.timeoutMs, signal, opened)
  const wasStale = opened !== undefined && purpose === 'read' && outcome.kind === 'failed' && (outcome.cause === 'closed' || outcome.cause === 'error')
  return wasStale ? exchangeOverTcp(peer.server, requests, peer.timeoutMs, signal) : outcome
}

/**
 * Asks the server over one TCP connection and returns its replies in the order of the requests, each verified with
 * the key if there is one, and fit to its request. What their rcodes mean is the caller's to judge.
 * @throws ProviderError; its outcome is `unknown` only where `purpose` is `write` and a request may have arrived.
 */
export const ask = async (peer: Peer, purpose: 'read' | 'write', requests: readonly Request[], signal: AbortSignal): Promise<readonly Message[]> => {
  const ids = distinctIds(requests.length)
  const sent = requests.map((request, at) => {
    const bytes = encodeRequest(request, ids[at] ?? 0)
    return peer.key === undefined ? { bytes, mac: undefined } : signMessage(bytes, peer.key, Math.floor(peer.wallNow() / 1000))
  })
  const outcome = await exchange(peer, purpose, sent.map(({ bytes }) => bytes), signal)
  if (outcome.kind === 'failed') throw transportError(peer, purpose, outcome)
  return requests.map((request, at) => accept(peer, purpose, request, sent[at]?.mac, outcome.replies[at] ?? Buffer.alloc(0)))
}

/** A response to this request; servers may leave the zone section of an update's response empty (RFC 2136 section 3.8). */
const isReplyTo = (request: Request, reply: Message): boolean => {
  const [asked] = request.questions
  const [echoed] = reply.questions
  if (!reply.isResponse || reply.opcode !== request.opcode || asked === undefined) return false
  if (echoed === undefined) return reply.opcode === opcode.UPDATE || reply.rcode !== rcode.NOERROR
  return echoed.name === asked.name && echoed.type === asked.type && echoed.class === asked.class
}

const accept = (peer: Peer, purpose: 'read' | 'write', request: Request, mac: Buffer | undefined, bytes: Buffer): Message => {
  const garbled = (detail: string, cause?: unknown): ProviderError =>
    new ProviderError(`cannot ${purpose === 'read' ? 'read from' : 'update'} ${peerText(peer)}: ${detail}; is that a name server?`, {
      code: 'unavailable',
      outcome: purpose === 'write' ? 'unknown' : 'unchanged',
      cause,
    })
  const nowSeconds = Math.floor(peer.wallNow() / 1000)
  const judge = (): { readonly reply: DecodedMessage; readonly verdict: TsigVerdict } => {
    const reply = decodeMessage(bytes)
    return { reply, verdict: peer.key === undefined ? { kind: 'valid' } : verifyMessage(bytes, reply, peer.key, mac, nowSeconds) }
  }
  const judged = attempt(judge)
  if (judged instanceof RangeError) throw garbled(`its answer is malformed (${judged.message})`, judged)
  if (judged.verdict.kind !== 'valid') throw tsigFailure(peer, purpose, judged.verdict, judged.reply.rcode)
  if (!isReplyTo(request, judged.reply)) throw garbled('its answer is to another question')
  return judged.reply
}

/** Decoders throw RangeError on malformed bytes, and so does Buffer when it is read past its end. */
const attempt = <T>(decode: () => T): T | RangeError => {
  try {
    return decode()
  } catch (error) {
    if (error instanceof RangeError) return error
    throw error
  }
}
