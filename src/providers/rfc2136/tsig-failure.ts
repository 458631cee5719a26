import { ProviderError, type ProviderErrorCode } from '../provider-error.ts'
import { rcode, rcodeText, tsigError, tsigErrorText } from './numbers.ts'
import { type Peer, peerText } from './peer.ts'
import type { TsigVerdict } from './tsig.ts'

type Problem = Exclude<TsigVerdict, { kind: 'valid' }>

const seconds = (count: number): string => `${Math.abs(count).toLocaleString('en-US')} s`

const clockText = (serverTime: number | undefined, nowSeconds: number): string => {
  if (serverTime === undefined) return 'the clocks here and there differ too much; set both by NTP'
  const ahead = nowSeconds - serverTime
  return `the clock differs by ${seconds(ahead)}: ours is ${ahead > 0 ? 'ahead' : 'behind'} (here ${isoText(nowSeconds)}, there ${isoText(serverTime)}); set both by NTP`
}

const isoText = (epochSeconds: number): string => {
  const date = new Date(epochSeconds * 1000)
  return Number.isNaN(date.getTime()) ? `${epochSeconds}` : date.toISOString().replace('.000', '')
}

const keyText = (peer: Peer): string => (peer.key === undefined ? 'no key' : `key "${peer.key.name}" (${peer.key.algorithm})`)

const namedError = (peer: Peer, problem: Extract<Problem, { kind: 'error' }>, nowSeconds: number): string => {
  switch (problem.error) {
    case tsigError.BADKEY:
      return `it does not know ${keyText(peer)} (BADKEY), or, at Knot, no \`acl\` of the zone allows this with it; check the key's name and algorithm on both sides`
    case tsigError.BADSIG:
      return `it does not accept the signature of ${keyText(peer)} (BADSIG); the secret differs from the server's`
    case tsigError.BADTIME:
      return `${clockText(problem.serverTime, nowSeconds)} (BADTIME)`
    case tsigError.BADTRUNC:
      return `it wants another length of signature for ${keyText(peer)} (BADTRUNC)`
    default:
      return `it refused the signature of ${keyText(peer)} (${tsigErrorText(problem.error)})`
  }
}

const unsignedText = (peer: Peer, replyRcode: number): string =>
  replyRcode === rcode.NOERROR
    ? `its answer is not signed with ${keyText(peer)}, so it cannot be trusted; something between here and there may have answered instead`
    : `it answered ${rcodeText(replyRcode)} without a signature, as some servers do for a zone that they do not hold, or without knowing signatures at all; check \`server\` and \`zone\``

const problemText = (peer: Peer, problem: Problem, replyRcode: number, nowSeconds: number): string => {
  switch (problem.kind) {
    case 'error':
      return namedError(peer, problem, nowSeconds)
    case 'unsigned':
      return unsignedText(peer, replyRcode)
    case 'untrusted':
      return `its answer cannot be trusted: ${problem.detail}`
  }
}

const problemCode = (problem: Problem, replyRcode: number): ProviderErrorCode => {
  if (problem.kind !== 'unsigned' || replyRcode === rcode.NOERROR) return 'auth'
  return replyRcode === rcode.SERVFAIL ? 'unavailable' : 'rejected'
}

/**
 * The error for a reply whose signature is missing, wrong, or says what was wrong with ours. A server that could not
 * accept our signature has done nothing (RFC 8945 section 5.2), and BADKEY and BADSIG cannot be signed; whoever forges
 * them only makes us read again. Any other reply without proof proves nothing: the outcome of a write is unknown.
 */
export const tsigFailure = (peer: Peer, purpose: 'read' | 'write', problem: Problem, replyRcode: number): ProviderError => {
  const isRefusal = problem.kind === 'error' && replyRcode === rcode.NOTAUTH
  const text = problemText(peer, problem, replyRcode, Math.floor(peer.wallNow() / 1000))
  return new ProviderError(`cannot ${purpose === 'read' ? 'read from' : 'update'} ${peerText(peer)}: ${text}`, {
    code: problemCode(problem, replyRcode),
    outcome: purpose === 'write' && !isRefusal ? 'unknown' : 'unchanged',
  })
}
