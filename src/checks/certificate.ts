import type { TLSSocket } from 'node:tls'
import type { FailureCause } from '../core/result.ts'
import { failed, type Trouble } from './trouble.ts'

const dayMs = 86_400_000

/** What a finished handshake showed of the server's certificate. */
export interface CertificateSeen {
  /** When the leaf expires, milliseconds since the epoch. */
  readonly expiresAt: number | undefined
  readonly trouble: Trouble | undefined
}

/** Whole days until the certificate expires; negative once it has. */
export const daysLeft = (certificate: CertificateSeen | undefined, wallNow: number): number | undefined =>
  certificate?.expiresAt === undefined ? undefined : Math.floor((certificate.expiresAt - wallNow) / dayMs)

/** OpenSSL's verification errors (X509_V_ERR_*, as Node names them); every other one is a matter of trust. */
const causeOf = (code: string): FailureCause => {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'certificate-expired'
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH' ? 'certificate-name' : 'certificate-untrusted'
}

/** `nameError` is what the comparison with the asked name found. */
export const readCertificate = (socket: TLSSocket, nameError: Error | undefined): CertificateSeen => {
  const leaf = socket.getPeerX509Certificate()
  const until = leaf === undefined ? Number.NaN : Date.parse(leaf.validTo)
  const expiresAt = Number.isNaN(until) ? undefined : until
  if (socket.authorized) return { expiresAt, trouble: undefined }
  const code = String(socket.authorizationError)
  const cause = causeOf(code)
  const dates = leaf === undefined ? '' : `, valid from ${leaf.validFrom} to ${leaf.validTo}`
  return { expiresAt, trouble: failed(cause, cause === 'certificate-name' && nameError ? nameError.message : `${code}${dates}`) }
}
