import { ProviderError } from '../provider-error.ts'
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
      return `it does not know ${keyText(peer)} (BADKEY); check the key's name and algorithm on both sides`
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

/**
 * The error for a reply whose signature is missing, wrong, or says what was wrong with ours. A server that could not
 * accept our signature has done nothing (RFC 8945 section 5.2), and BADKEY and BADSIG cannot be signed; whoever forges
 * them only makes us read again. Any other reply without proof proves nothing: the outcome of a write is unknown.
 */
export const tsigFailure = (peer: Peer, purpose: 'read' | 'write', problem: Problem, replyRcode: number): ProviderError => {
  const nowSeconds = Math.floor(peer.wallNow() / 1000)
  const isRefusal = problem.kind === 'error' && replyRcode === rcode.NOTAUTH
  const text =
    problem.kind === 'error'
      ? namedError(peer, problem, nowSeconds)
      : problem.kind === 'unsigned'
        ? `its answer (${rcodeText(replyRcode)}) is not signed with ${keyText(peer)}, so it cannot be trusted; something between here and there may have answered instead`
        : `its answer cannot be trusted: ${problem.detail}`
  return new ProviderError(`cannot ${purpose === 'read' ? 'read from' : 'update'} ${peerText(peer)}: ${text}`, {
    code: 'auth',
    outcome: purpose === 'write' && !isRefusal ? 'unknown' : 'unchanged',
  })
}
