import { z } from 'zod'

/*
 * What each service documents that it takes, with its limits, as strictly as it is used. Sources beside the templates.
 */

const plainText = (max: number) => z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean() })
const mrkdwn = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3000), verbatim: z.literal(true) })

export const slackShape = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('header'), text: plainText(150) }),
        z.strictObject({ type: z.literal('section'), text: mrkdwn }),
        z.strictObject({ type: z.literal('context'), elements: z.array(plainText(2000)).min(1).max(10) }),
      ]),
    )
    .min(1)
    .max(50),
})

const embed = z.strictObject({
  title: z.string().min(1).max(256),
  description: z.string().min(1).max(4096).optional(),
  color: z.int().min(0).max(0xff_ff_ff),
  timestamp: z.iso.datetime(),
})

export const discordShape = z
  .strictObject({
    content: z.string().min(1).max(2000),
    embeds: z.array(embed).min(1).max(10),
    allowed_mentions: z.strictObject({ parse: z.tuple([]) }),
  })
  .refine(({ embeds }) => embeds.reduce((sum, each) => sum + each.title.length + (each.description?.length ?? 0), 0) <= 6000, 'more than 6,000 characters in all embeds')

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
  isSubtle: z.boolean().optional(),
})

export const teamsShape = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        fallbackText: z.string().min(1),
        body: z.array(z.strictObject({ type: z.literal('RichTextBlock'), inlines: z.array(textRun).min(1) })).min(1),
        msteams: z.strictObject({ width: z.literal('Full') }),
      }),
    }),
  ]),
})

const bytes = (max: number) => z.string().refine((text) => Buffer.byteLength(text) <= max, `more than ${max} bytes`)

export const ntfyShape = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: bytes(250).min(1),
  message: bytes(4096).min(1),
  priority: z.int().min(1).max(5),
  tags: z.array(z.enum(['rotating_light', 'warning', 'information_source', 'white_check_mark'])),
})

const routed = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) }

export const pagerdutyShape = z.discriminatedUnion('event_action', [
  z.strictObject({ ...routed, event_action: z.literal('resolve') }),
  z.strictObject({
    ...routed,
    event_action: z.literal('trigger'),
    client: z.string(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      class: z.string(),
      group: z.string(),
      component: z.string().optional(),
      custom_details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
])

export const jsonShape = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  at: z.iso.datetime(),
  isTest: z.boolean(),
  more: z.int().min(0),
  alerts: z.array(
    z.strictObject({
      kind: z.string(),
      key: z.string().min(1),
      state: z.enum(['firing', 'resolved', 'flapped']),
      severity: z.enum(['critical', 'warning', 'info']),
      site: z.string(),
      region: z.string().nullable(),
      address: z.string().nullable(),
      title: z.string(),
      text: z.string(),
      flaps: z.int().min(0),
      at: z.iso.datetime(),
      facts: z.record(z.string(), z.string()),
    }),
  ),
})
