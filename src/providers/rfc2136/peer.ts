import { type Endpoint, endpointText } from '../../core/endpoint.ts'
import type { Fqdn } from '../../core/fqdn.ts'
import type { SpareConnection } from '../spare-connection.ts'
import type { TsigKey } from './tsig.ts'

/** The server that takes updates of one zone, and how to talk to it. */
export interface Peer {
  readonly server: Endpoint
  readonly zone: Fqdn
  readonly key: TsigKey | undefined
  /** Milliseconds for one exchange: connecting, sending, and all its replies. */
  readonly timeoutMs: number
  /** Taken for the next exchange, where it is open. */
  readonly spare: SpareConnection
  /** Milliseconds since the epoch: what TSIG signs. */
  readonly wallNow: () => number
}

/** `192.0.2.1:53 (zone example.com)`: how messages name the server. */
export const peerText = (peer: Peer): string => `${endpointText(peer.server)} (zone ${peer.zone})`
