import type { NotifyTarget } from './target.ts'
import { discordTemplate } from './templates/discord.ts'
import { jsonTemplate } from './templates/json.ts'
import { ntfyTemplate } from './templates/ntfy.ts'
import type { Message, Outgoing, Template } from './templates/outgoing.ts'
import { pagerdutyTemplate } from './templates/pagerduty.ts'
import { slackTemplate } from './templates/slack.ts'
import { teamsTemplate } from './templates/teams.ts'

const templates: Readonly<Record<NotifyTarget['type'], Template>> = {
  json: jsonTemplate,
  slack: slackTemplate,
  discord: discordTemplate,
  teams: teamsTemplate,
  ntfy: ntfyTemplate,
  pagerduty: pagerdutyTemplate,
}

/** The requests that a message to a target takes, in their order: as many, and the same ones, at each attempt. */
export const render = (message: Message, target: Pick<NotifyTarget, 'type' | 'url' | 'secret'>, sentAt: number): readonly Outgoing[] => templates[target.type](message, target, sentAt)
