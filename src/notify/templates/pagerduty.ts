import { createHash } from 'node:crypto'
import { fit } from '../fit.ts'
import { flapsOf, isPassed, type Item } from '../queue.ts'
import { textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Message, type Outgoing, type Template } from './outgoing.ts'

/** https://developer.pagerduty.com/docs/send-alert-event: 255 characters of a key, 1,024 of a summary. */
const limits = { key: 255, summary: 1_000, text: 2_000 }

/** A key that is cut would be another's as well. */
const dedupKey = (key: string): string => (key.length <= limits.key ? key : `${key.slice(0, 180)}/${createHash('sha256').update(key).digest('hex')}`)

const trigger = (item: Item, more: number): object => {
  const { alert } = item
  const { site, region, address, kind, severity, at, facts } = alert
  const flaps = flapsOf(item)
  return {
    payload: {
      summary: fit(titleOf(item), { limit: limits.summary }),
      source: site,
      severity,
      timestamp: new Date(at).toISOString(),
      class: kind,
      group: site,
      ...(region === undefined ? {} : { component: region }),
      custom_details: {
        text: fit(textOf(item), { limit: limits.text }),
        ...(address === undefined ? {} : { address }),
        ...(flaps === 0 ? {} : { flaps }),
        ...(more === 0 ? {} : { alerts_not_told: more }),
        ...facts,
      },
    },
    client: 'dns-failover',
  }
}

/**
 * One event an alert, since an incident is opened and closed by its key: https://developer.pagerduty.com/docs/events-api-v2-overview.
 * An event that is sent twice changes nothing. What came and went is not sent: there is no incident to close.
 */
export const pagerdutyTemplate: Template = ({ batch, isTest }: Message, { url, secret }): readonly Outgoing[] => {
  const events = batch.items
    .filter((item) => !isPassed(item))
    .flatMap((item) => {
      const addressed = { routing_key: secret ?? '', dedup_key: dedupKey(item.alert.key) }
      const resolve = { ...addressed, event_action: 'resolve' }
      if (item.alert.isResolved) return [resolve]
      const opened = { ...addressed, event_action: 'trigger', ...trigger(item, batch.more) }
      return isTest ? [opened, resolve] : [opened]
    })
  return events.map((event) => ({ url, headers: jsonHeaders, body: JSON.stringify(event) }))
}
