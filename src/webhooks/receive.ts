import type { HeardWord } from '../engine/operations.ts'
import { authenticate } from './authenticate.ts'
import { mapRules } from './map-rules.ts'
import type { Observation } from './observation.ts'
import { parseBody } from './parse-body.ts'
import { printable } from './printable.ts'
import { longestBody, readJson } from './read-json.ts'
import type { ReplayMemory } from './replay-memory.ts'
import type { Delivery, Refusal, WebhookRule, WebhookSource } from './webhook-source.ts'

export type Reception =
  /** The words may be none: a test message has nothing to say. The note is for the log and the answer. */
  { readonly kind: 'accepted'; readonly words: readonly HeardWord[]; readonly note?: string; readonly signature?: string } | Refusal

/** How far an event may be ahead of our clock. One from further on would make all that really happens until then old news. */
const aheadMs = 300_000

const inPayload: readonly WebhookRule[] = [{ when: {}, site: '{site}', region: '{region}' }]

const place = (observation: Observation, source: WebhookSource, now: number): { readonly kind: 'word'; readonly word: HeardWord } | Refusal => {
  const { opinion, detail, eventAt, monitor } = observation
  if (eventAt > now + aheadMs) {
    const seconds = Math.round((eventAt - now) / 1000)
    return { kind: 'refused', status: 422, code: 'bad-time', text: `The event of monitor ${printable(monitor, 80)} is ${seconds} s in the future, more than ${aheadMs / 1000} s: set the clocks right.` }
  }
  if (eventAt < 0) return { kind: 'refused', status: 422, code: 'bad-time', text: `The event of monitor ${printable(monitor, 80)} is from before 1970.` }
  const rules = source.type === 'json' && source.rules.length === 0 ? inPayload : source.rules
  const mapping = mapRules(observation, rules)
  if (mapping.kind === 'refused') return mapping
  return { kind: 'word', word: { site: mapping.site, region: mapping.region, monitor, opinion, detail, eventAt } }
}

/**
 * What an outside monitor says by a delivery: all of it, or why nothing of it is taken. Whatever comes in, this throws
 * nothing. `now`: milliseconds since the epoch.
 */
export const receive = (source: WebhookSource, delivery: Delivery, now: number, memory: ReplayMemory): Reception => {
  if (delivery.body.length > longestBody) {
    return { kind: 'refused', status: 413, code: 'too-large', text: `The body has ${delivery.body.length} bytes, more than ${longestBody}.` }
  }
  const authentication = authenticate(source, delivery, now, memory)
  if (authentication.kind === 'refused') return authentication
  const json = readJson(delivery)
  if (json.kind === 'refused') return json
  const { signedAt, signature } = authentication
  // What tells no time of its own happened when it was signed, not when it came: it may have been held back meanwhile.
  const parsed = parseBody(source.type, json.value, signedAt === undefined ? now : signedAt * 1000)
  if (parsed.kind === 'refused') return parsed
  const words: HeardWord[] = []
  for (const observation of parsed.observations) {
    const placed = place(observation, source, now)
    if (placed.kind === 'refused') return placed
    words.push(placed.word)
  }
  return { kind: 'accepted', words, ...(parsed.note === undefined ? {} : { note: parsed.note }), ...(signature === undefined ? {} : { signature }) }
}
