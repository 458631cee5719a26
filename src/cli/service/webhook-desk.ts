import type { Delivery, Received } from '../../api/api-parts.ts'
import type { Config } from '../../config/config.ts'
import type { History } from '../../history/history.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { receive } from '../../webhooks/receive.ts'
import type { ReplayMemory } from '../../webhooks/replay-memory.ts'
import type { Log } from '../../compose/log.ts'

export interface WebhookDeskParts {
  config(): Config
  readonly memory: ReplayMemory
  readonly log: Log
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly history: Pick<History, 'webhook'>
  readonly wallNow: () => number
}

/** Takes what outside monitors send, by the sources of the config, and says what came of it. */
export const createWebhookDesk =
  ({ config, memory, log, metrics, history, wallNow }: WebhookDeskParts) =>
  (name: string, { headers, body, isBearerProven }: Delivery): Received | undefined => {
    const { webhooks } = config()
    const source = Object.hasOwn(webhooks, name) ? webhooks[name] : undefined
    if (source === undefined) return undefined
    const reception = receive(source, { headers, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), isBearerProven }, wallNow(), memory)
    metrics.webhook({ source: name, outcome: reception.kind === 'accepted' ? 'accepted' : reception.code })
    if (reception.kind === 'refused') {
      const text = `webhook ${name}: refused (${reception.code}): ${reception.text}`
      log('warn', text, { event: 'webhook', source: name, outcome: reception.code })
      history.webhook({ source: name, level: 'warn', text, data: { outcome: reception.code } })
      return reception
    }
    for (const { site, region, monitor, opinion, detail } of reception.words) {
      history.webhook({ source: name, site, region, level: 'info', text: `${name}: ${monitor} says ${opinion}: ${detail}`, data: { monitor, opinion } })
    }
    return { kind: 'accepted', words: reception.words, ...(reception.note === undefined ? {} : { note: reception.note }) }
  }
