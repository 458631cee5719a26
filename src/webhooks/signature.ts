import { createHmac } from 'node:crypto'
import type { Delivery, WebhookSource } from './webhook-source.ts'

/** How a delivery is signed: which headers, and what stands between timestamp and body. */
interface Format {
  readonly timestampHeader: string
  readonly signatureHeader: string
  readonly separator: string
  readonly prefix: string
}

const own: Format = { timestampHeader: 'X-Signature-Timestamp', signatureHeader: 'X-Signature', separator: '.', prefix: 'sha256=' }

/**
 * Grafana signs `timestamp:body` in bare hex. It lets its user name both headers: the signature's is this by default, the
 * timestamp's is empty, and the body is then signed alone, which anybody could send again.
 */
const grafana: Format = {
  timestampHeader: 'X-Grafana-Alerting-Timestamp',
  signatureHeader: 'X-Grafana-Alerting-Signature',
  separator: ':',
  prefix: '',
}

export const signatureFormat = (type: WebhookSource['type']): Format => (type === 'grafana' ? grafana : own)

export type Signed =
  | { readonly kind: 'signed'; /** Seconds since the epoch. */ readonly at: number; /** Hex, lower case. */ readonly given: string; readonly right: string }
  | { readonly kind: 'unsigned'; readonly text: string }

/** The signature that a delivery has and the one that it should have. */
export const readSignature = (format: Format, secret: string, { headers, body }: Delivery): Signed => {
  const { timestampHeader, signatureHeader, separator, prefix } = format
  const timestamp = headers[timestampHeader.toLowerCase()]?.trim()
  const signature = headers[signatureHeader.toLowerCase()]?.trim().toLowerCase()
  if (signature === undefined) return { kind: 'unsigned', text: `The header ${signatureHeader} is missing: this source signs its deliveries.` }
  if (timestamp === undefined) return { kind: 'unsigned', text: `The header ${timestampHeader} is missing: a signature without a time could be sent again at any time.` }
  if (!/^\d{1,12}$/.test(timestamp)) return { kind: 'unsigned', text: `The header ${timestampHeader} is not a number of seconds since 1970.` }
  if (!signature.startsWith(prefix) || !/^[\da-f]{64}$/.test(signature.slice(prefix.length))) {
    return { kind: 'unsigned', text: `The header ${signatureHeader} is not ${prefix}HEX with the 64 digits of an HMAC-SHA256.` }
  }
  const right = createHmac('sha256', secret).update(`${timestamp}${separator}`).update(body).digest('hex')
  return { kind: 'signed', at: Number(timestamp), given: signature.slice(prefix.length), right }
}
