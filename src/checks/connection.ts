import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type SecureContext } from 'node:tls'
import type { Address } from '../core/address.ts'
import { type CertificateSeen, readCertificate } from './certificate.ts'

/** Where to connect, and what is said and verified there. */
export interface Target {
  /** http or https; gives the port, and for https the name for SNI and for the certificate. */
  readonly url: URL
  /** The connection goes here, never to what `url` resolves to. */
  readonly address: Address
  readonly secureContext: SecureContext
}

export interface ConnectionEvents {
  /** TCP stands; a handshake follows. Only for https. */
  readonly onConnect: () => void
  /** Ready for a request; the certificate for https, whatever was found of it. */
  readonly onReady: (certificate: CertificateSeen | undefined) => void
}

/** Without brackets, without the root's dot: as SNI and certificates spell a host (RFC 6066 section 3). */
const bareHost = (url: URL): string => url.hostname.replace(/^\[(?<v6>.*)\]$/, '$<v6>').replace(/\.$/, '')

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

/**
 * Opens a fresh connection. Errors come as the socket's `error` events, and nothing here is bounded in time:
 * both, and destroying the socket, are the caller's. A certificate that does not verify still becomes ready, so
 * that it can be reported on; the caller must not send anything over it.
 */
export const openConnection = (target: Target, events: ConnectionEvents): Socket => {
  const to = { host: target.address, port: portOf(target.url), noDelay: true }
  if (target.url.protocol === 'http:') return connectTcp(to, () => events.onReady(undefined))
  const name = bareHost(target.url)
  let nameError: Error | undefined
  const socket = connectTls({
    ...to,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ALPNProtocols: ['http/1.1'],
    secureContext: target.secureContext,
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => {
      nameError = checkServerIdentity(name, certificate)
      return nameError
    },
  })
  socket.once('connect', events.onConnect)
  socket.once('secureConnect', () => events.onReady(readCertificate(socket, nameError)))
  return socket
}
