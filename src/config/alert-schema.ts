import { z } from 'zod'
import { alertKinds } from '../core/alert.ts'
import { integer, text } from './leaf.ts'
import { secretText } from './secret-leaf.ts'
import { duration, word } from './value-leaf.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const alertTypes = ['json', 'slack', 'discord', 'teams', 'ntfy', 'pagerduty'] as const

export const AlertInput = z
  .strictObject({
    type: word(alertTypes).describe('What takes the messages; json is our own format.'),
    url: secretText().optional().describe('Where to send them. Taken for a secret: chat services put the key into it. pagerduty has a default.'),
    urlFile: text(4096).optional().describe('A file that holds the URL, relative to this file.'),
    secret: secretText().optional().describe("json: the key that signs messages, at least 16 characters. ntfy: an access token. pagerduty: the integration's routing key, required."),
    secretFile: text(4096).optional().describe('A file that holds the secret, relative to this file.'),
    sites: z.array(text(253)).min(1).optional().describe('Only of these sites; default: all.'),
    on: z.array(word(alertKinds)).min(1).optional().describe('Only of these kinds; default: all.'),
    group: duration(0, hour).prefault('30s').describe('What happens within this time goes out as one message.'),
    perHour: integer(1, 1000).prefault(20).describe('No more messages an hour than this; the next one tells how many were left out.'),
  })
  .describe('Somebody who is told.')
export type AlertInput = z.output<typeof AlertInput>

export const DeadManInput = z
  .strictObject({
    url: secretText().optional().describe('The URL to ask, such as one of Healthchecks.io. Taken for a secret.'),
    urlFile: text(4096).optional().describe('A file that holds the URL, relative to this file.'),
    every: duration(10 * second, 24 * hour).prefault('1m').describe('Time between two pings.'),
  })
  .describe('A ping at regular intervals while all is well here, so that somebody notices when it stays away.')
export type DeadManInput = z.output<typeof DeadManInput>
