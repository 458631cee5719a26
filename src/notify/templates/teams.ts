import { fit, utf8Bytes, zeroWidthSpace } from '../fit.ts'
import { headlineOf, levelOf, marks, moreText, textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Template } from './outgoing.ts'

const escape = (character: string): string => (character === '@' || character === '<' ? character + zeroWidthSpace : character)

/** Teams takes about 28 KB a message (https://learn.microsoft.com/microsoftteams/limits-specifications-teams#messaging), so these are bytes as they are sent. */
const limits = { shown: 15, title: 300, text: 800, headline: 300 }

const asSent = (text: string): number => utf8Bytes(JSON.stringify(text)) - 2

const colours = { critical: 'Attention', warning: 'Warning', info: 'Accent', ok: 'Good' } as const

/** A text block would read Markdown, with links; runs of a rich text block are shown as they are. */
const line = (text: string, look: Readonly<Record<string, string | boolean>> = {}): object => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] })

/**
 * For the trigger "When a Teams webhook request is received" of a workflow, which takes a message with adaptive cards:
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using. The connectors of
 * Office 365, with their message cards, are retired.
 */
export const teamsTemplate: Template = ({ batch }, { url }) => {
  const shown = batch.items.slice(0, limits.shown)
  const left = batch.items.length - shown.length + batch.more
  const items = shown.flatMap((item) => {
    const text = fit(textOf(item), { limit: limits.text, escape, measure: asSent })
    return [
      line(`${marks[levelOf(item)]} ${fit(titleOf(item), { limit: limits.title, escape, measure: asSent })}`, { weight: 'Bolder', color: colours[levelOf(item)] }),
      ...(text === '' ? [] : [line(text)]),
    ]
  })
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: fit(headlineOf(batch), { limit: limits.headline, escape, measure: asSent }),
    body: [...items, ...(left === 0 ? [] : [line(moreText(left), { isSubtle: true })])],
    msteams: { width: 'Full' },
  }
  const message = { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }] }
  return [{ url, headers: jsonHeaders, body: JSON.stringify(message) }]
}
