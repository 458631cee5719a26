import { createHmac } from 'node:crypto'
import { flapsOf } from '../queue.ts'
import { stateOf, textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Template } from './outgoing.ts'

/** Over what the receiver can check: that the body is ours, and not an old one sent once more. */
export const signatureOf = (secret: string, timestamp: string, body: string): string => `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`

/** Our own shape, as the README documents it. */
export const jsonTemplate: Template = ({ id, batch, at, isTest }, { url, secret }, sentAt) => {
  const body = JSON.stringify({
    version: 1,
    id,
    at: new Date(at).toISOString(),
    isTest,
    more: batch.more,
    alerts: batch.items.map((item) => ({
      kind: item.alert.kind,
      key: item.alert.key,
      state: stateOf(item),
      severity: item.alert.severity,
      site: item.alert.site,
      region: item.alert.region ?? null,
      address: item.alert.address ?? null,
      title: titleOf(item),
      text: textOf(item),
      flaps: flapsOf(item),
      at: new Date(item.alert.at).toISOString(),
      facts: item.alert.facts,
    })),
  })
  const timestamp = String(Math.floor(sentAt / 1000))
  const signed = secret === undefined ? {} : { 'x-signature-timestamp': timestamp, 'x-signature': signatureOf(secret, timestamp, body) }
  return [{ url, headers: { ...jsonHeaders, ...signed }, body }]
}
