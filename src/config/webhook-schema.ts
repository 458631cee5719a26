import { z } from 'zod'
import { text } from './leaf.ts'
import { secretText } from './secret-leaf.ts'
import { duration, word } from './value-leaf.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const webhookTypes = ['json', 'uptime-kuma', 'gatus', 'alertmanager', 'grafana', 'healthchecks'] as const

/**
 * Longer than each type takes to say the same again, or a word would lapse while it still holds. Alertmanager and
 * Grafana repeat every 4 hours by default. The others say only what changes; where somebody has set a reminder, it is a
 * day at most. Our own JSON comes from scripts that say it again whenever they run.
 */
export const defaultExpiresMs: Readonly<Record<(typeof webhookTypes)[number], number>> = {
  json: hour,
  'uptime-kuma': 25 * hour,
  gatus: 25 * hour,
  alertmanager: 5 * hour,
  grafana: 5 * hour,
  healthchecks: 25 * hour,
}

const Rule = z
  .strictObject({
    when: z
      .record(z.string(), text(500))
      .prefault({})
      .describe('Fields of the message, such as monitor or labels.instance, and what each must be; * stands for any characters. Left out: every message.'),
    site: text(253).describe('The site, or the field that names it: "{labels.site}".'),
    region: text(253).describe('The region, or the field that names it: "{labels.region}".'),
  })
  .describe('Which region a message is about; the first rule that fits counts.')
export type RuleInput = z.output<typeof Rule>

export const WebhookInput = z
  .strictObject({
    type: word(webhookTypes).describe('Whose messages they are; json is our own.'),
    mode: word(['hint', 'vote', 'override'])
      .prefault('hint')
      .describe("What its word weighs: hint starts a check of our own, vote counts like another place that checks, override decides alone until it expires."),
    token: secretText().optional().describe('The bearer token that it shows, at least 16 characters; an API token with the scope webhook:NAME will do as well.'),
    tokenFile: text(4096).optional().describe('A file that holds the token, relative to this file.'),
    secret: secretText().optional().describe('json and grafana: the key with which each message must be signed (HMAC-SHA256), at least 16 characters.'),
    secretFile: text(4096).optional().describe('A file that holds the key, relative to this file.'),
    expires: duration(minute, 30 * day)
      .optional()
      .describe(
        'How long its word is believed: longer than it takes to say the same again. Default: 5h for alertmanager and grafana, which repeat every 4h; 25h for uptime-kuma, gatus and healthchecks, which say only what changes or remind once a day; 1h for json.',
      ),
    rules: z.array(Rule).min(1).optional().describe('Which region a message is about. json may name site and region itself, all others need rules.'),
  })
  .describe('An outside monitor whose word on regions is heard, at /api/v1/webhooks/NAME.')
export type WebhookInput = z.output<typeof WebhookInput>
