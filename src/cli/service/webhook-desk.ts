import type { Delivery, Received } from '../../api/api-parts.ts'
import type { Config } from '../../config/config.ts'
import type { Operations } from '../../engine/operations.ts'
import type { History } from '../../history/history.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { receive } from '../../webhooks/receive.ts'
import type { ReplayMemory } from '../../webhooks/replay-memory.ts'

export interface WebhookDeskParts {
  config(): Config
  readonly memory: ReplayMemory
  readonly metrics: Pick<Metrics, 'webhook'>
  readonly history: Pick<History, 'webhook'>
  readonly wallNow: () => number
}

/** Who may be anybody: such refusals are counted, and the API logs so many of them as it bears, but they cannot fill the history. */
const unproven: readonly string[] = ['bad-bearer', 'bad-signature', 'too-large']

/** Once taken down, a delivery can be sent again by anybody: of such refusals one is told in so many milliseconds. */
const sentAgain: readonly string[] = ['replayed', 'stale']
const quietMs = 60_000

/** Takes what outside monitors send, by the sources of the config, and remembers what was refused. */
export const createWebhookDesk = ({ config, memory, metrics, history, wallNow }: WebhookDeskParts) => {
  const toldAt = new Map<string, number>()
  const isTold = (name: string, code: string): boolean => {
    if (unproven.includes(code)) return false
    if (!sentAgain.includes(code)) return true
    const [key, now] = [`${name} ${code}`, wallNow()]
    if (Math.abs(now - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY)) < quietMs) return false
    toldAt.set(key, now)
    return true
  }

  return (name: string, { headers, body, isBearerProven }: Delivery): Received | undefined => {
    const { webhooks } = config()
    const source = Object.hasOwn(webhooks, name) ? webhooks[name] : undefined
    if (source === undefined) return undefined
    const reception = receive(source, { headers, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), isBearerProven }, wallNow(), memory)
    metrics.webhook({ source: name, outcome: reception.kind === 'accepted' ? 'accepted' : reception.code })
    if (reception.kind === 'accepted') {
      const { words, note, signature } = reception
      return { kind: 'accepted', words, ...(note === undefined ? {} : { note }), ...(signature === undefined ? {} : { giveBack: () => memory.giveBack(name, signature) }) }
    }
    const { code, text } = reception
    if (isTold(name, code)) history.webhook({ source: name, level: 'warn', text: `webhook ${name}: refused (${code}): ${text}`, data: { outcome: code } })
    return reception
  }
}

/** Hears words, and remembers those that are about nobody here, or no news: what is news is an event of the engine's. */
export const hearAndTell =
  (hear: Operations['hear'], history: WebhookDeskParts['history']): Operations['hear'] =>
  (source, words) => {
    const outcome = hear(source, words)
    if (outcome.kind === 'refused') {
      history.webhook({ source, level: 'warn', text: `webhook ${source}: refused (${outcome.code}): ${outcome.text}`, data: { outcome: outcome.code } })
      return outcome
    }
    for (const { site, region, monitor, opinion, effect } of outcome.value) {
      if (effect !== 'news') history.webhook({ source, site, region, level: 'info', text: `${source}: ${monitor} says ${opinion}: ${effect}`, data: { monitor, opinion, effect } })
    }
    return outcome
  }
