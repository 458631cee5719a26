import { randomInt } from 'node:crypto'
import type { Endpoint } from '../core/endpoint.ts'
import { decodeReply, encodeQuery, type Question, rcodes, type Reply } from './message.ts'
import { transferTcp } from './tcp.ts'
import { type Transfer, transferUdp } from './udp.ts'

export interface ExchangeOptions {
  readonly isRecursive: boolean
  /** Datagrams sent at most, one after the other. */
  readonly tries: number
  /** Milliseconds each; also the bound of the TCP connection that follows a truncated answer. */
  readonly tryMs: number
  readonly tcpMs: number
}

/**
 * Asks one server one question: over UDP with EDNS, a fresh id and port each time; over TCP if the answer is truncated;
 * without EDNS if the server does not know it (RFC 6891 section 7). A refusal is a reply like any other. Never rejects,
 * and ends within (`tries` + 1) x `tryMs` + `tcpMs`.
 */
export const exchange = async (server: Endpoint, question: Question, options: ExchangeOptions, signal: AbortSignal): Promise<Transfer<Reply>> => {
  let hasEdns = true
  let last: Transfer<Reply> = { kind: 'failed', detail: 'was not asked' }
  for (let left = options.tries; left > 0 && !signal.aborted; left -= 1) {
    last = await once(transferUdp, server, question, { ...options, hasEdns, timeoutMs: options.tryMs }, signal)
    if (last.kind === 'failed') continue
    const { reply } = last
    const isEdnsUnknown = hasEdns && (reply.rcode === rcodes.formErr || reply.rcode === rcodes.notImp)
    if (!isEdnsUnknown) return reply.isTruncated ? overTcp(server, question, { ...options, hasEdns }, signal) : last
    hasEdns = false
    left += 1
  }
  return last.kind === 'failed' && options.tries > 1 && !signal.aborted ? { kind: 'failed', detail: `${last.detail}, ${options.tries} times` } : last
}

type OnceOptions = Pick<ExchangeOptions, 'isRecursive'> & { readonly hasEdns: boolean; readonly timeoutMs: number }

const once = (transfer: typeof transferUdp, server: Endpoint, question: Question, options: OnceOptions, signal: AbortSignal): Promise<Transfer<Reply>> => {
  const id = randomInt(65_536)
  const accept = (message: Buffer): Reply | undefined => decodeReply(message, id, question)
  return transfer(server, encodeQuery(id, question, options), { accept, timeoutMs: options.timeoutMs }, signal)
}

const overTcp = async (
  server: Endpoint,
  question: Question,
  options: ExchangeOptions & { readonly hasEdns: boolean },
  signal: AbortSignal,
): Promise<Transfer<Reply>> => {
  const transfer = await once(transferTcp, server, question, { ...options, timeoutMs: options.tcpMs }, signal)
  return transfer.kind === 'reply' && transfer.reply.isTruncated ? { kind: 'failed', detail: 'truncated its answer even over TCP' } : transfer
}
