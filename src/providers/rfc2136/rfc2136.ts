import { connect, type Socket } from 'node:net'
import type { Endpoint } from '../../core/endpoint.ts'
import { type Fqdn, isWithin } from '../../core/fqdn.ts'
import type { Provider } from '../provider.ts'
import { createSpareConnection, type Dial } from '../spare-connection.ts'
import type { Peer } from './peer.ts'
import { readRRsets } from './read-rrsets.ts'
import type { TsigAlgorithm, TsigKey } from './tsig.ts'
import { encodeName } from './wire-name.ts'
import { writeChanges } from './write-changes.ts'

export interface Rfc2136Options {
  /** The zone's primary: the server that takes dynamic updates (RFC 2136), over TCP. */
  readonly server: Endpoint
  readonly zone: Fqdn
  /** The key that signs (RFC 8945); without it the server must trust our address. */
  readonly tsig?: {
    /** As the server names it: `ddns`, `key.example.com`. */
    readonly name: string
    readonly algorithm: TsigAlgorithm
    /** Base64, as `tsig-keygen` and `keymgr -t` print it. */
    readonly secret: string
  }
  /**
   * Milliseconds for one exchange with the server, connecting included. A read makes one, rarely two; a write one,
   * and a few more to settle a lost reply or a refusal. Default 5,000.
   */
  readonly timeoutMs?: number
  /** Milliseconds since the epoch, for the time in signatures. */
  readonly wallNow: () => number
}

/** @throws RangeError, which never names the secret. */
const parseKey = (tsig: NonNullable<Rfc2136Options['tsig']>): TsigKey => {
  const name = tsig.name.toLowerCase().replace(/\.$/, '')
  encodeName(name)
  const text = tsig.secret.replaceAll(/\s/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) || text === '') {
    throw new RangeError(`the secret of TSIG key "${name}" is not base64`)
  }
  return { name, algorithm: tsig.algorithm, secret: Buffer.from(text, 'base64') }
}

/**
 * A zone at a name server that takes dynamic updates (tested: BIND 9 and Knot DNS). Sets are compared and written
 * in one message, so nothing that somebody else wrote in between is lost. What a prerequisite cannot compare is a TTL
 * (RFC 2136 section 2.4.2): an outside edit of the TTL alone, between read and write, is overwritten.
 *
 * Ownership is a TXT record below the name (`core/mark.ts`). While it stands, the name exists even without addresses,
 * so that a wildcard beside it no longer answers for it (an empty non-terminal, RFC 4592 section 2.2.2).
 * @throws RangeError if the TSIG key cannot be one.
 */
export const createRfc2136 = (options: Rfc2136Options): Provider => {
  const { server, zone, wallNow, timeoutMs = 5000 } = options
  const dial: Dial = (done, signal) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true, timeout: timeoutMs })
    const fail = (): void => {
      socket.destroy()
      settle(undefined)
    }
    // Whoever has it then may be in the middle of a write: the signal is for the connecting alone.
    const settle = (opened: Socket | undefined): void => {
      socket.off('timeout', fail).setTimeout(0)
      signal.removeEventListener('abort', fail)
      done(opened)
    }
    socket.once('error', fail).once('timeout', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      settle(socket)
    })
    signal.addEventListener('abort', fail)
  }
  const spare = createSpareConnection(dial)
  const peer: Peer = { server, zone, wallNow, timeoutMs, spare, key: options.tsig === undefined ? undefined : parseKey(options.tsig) }
  return {
    capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 100 },
    zoneOf: async (name) => (isWithin(name, zone) ? zone : undefined),
    read: (keys, signal) => readRRsets(peer, keys, signal),
    apply: (changes, signal) => writeChanges(peer, changes, signal),
    warm: spare.open,
    close: async () => spare.close(),
  }
}
