import { ProviderError } from '../provider-error.ts'
import { type Peer, peerText } from './peer.ts'
import type { TcpOutcome } from './tcp-exchange.ts'

type Failure = Extract<TcpOutcome, { kind: 'failed' }>

const explanation = (peer: Peer, failure: Failure): string => {
  switch (failure.cause) {
    case 'refused':
      return 'the connection was refused: nothing listens there on TCP; check `server` and that the name server runs'
    case 'timeout':
      return failure.sent
        ? `no whole answer within ${peer.timeoutMs.toLocaleString('en-US')} ms`
        : `no connection within ${peer.timeoutMs.toLocaleString('en-US')} ms; check that TCP port ${peer.server.port} is open between here and there`
    case 'closed':
      return 'it closed the connection before it answered'
    case 'aborted':
      return 'stopped before it answered'
    case 'error':
      return failure.error?.message ?? 'the connection failed'
  }
}

/** The error for an exchange that got no answer. A write that was sent may still arrive: its outcome is unknown. */
export const transportError = (peer: Peer, purpose: 'read' | 'write', failure: Failure): ProviderError => {
  const isUnknown = purpose === 'write' && failure.sent
  const verb = purpose === 'read' ? 'read from' : 'update'
  const rest = isUnknown ? '; the update was sent, so it may or may not have been made' : ''
  return new ProviderError(`cannot ${verb} ${peerText(peer)}: ${explanation(peer, failure)}${rest}`, {
    code: 'unavailable',
    outcome: isUnknown ? 'unknown' : 'unchanged',
    cause: failure.error,
  })
}
