import { fit, zeroWidthSpace } from '../fit.ts'
import { headlineOf, levelOf, marks, moreText, textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Template } from './outgoing.ts'

/** https://docs.slack.dev/messaging/formatting-message-text: these three are control characters. A zero width space keeps @ from being a mention. */
const escape = (character: string): string =>
  ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '@': `@${zeroWidthSpace}` })[character] ?? character

/** Plain text knows no control characters; still nobody is to be mentioned by it. */
const unmentioned = (character: string): string => (character === '@' || character === '<' ? character + zeroWidthSpace : character)

/** A character that begins a format, in a format of ours, would end it. */
const unformatted = (character: string): string => ('*_~`'.includes(character) ? `${zeroWidthSpace}${character}` : escape(character))

/** https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, 150 characters in a header, 3,000 in a section. */
const limits = { shown: 20, header: 150, title: 300, text: 1_500, fallback: 1_000 }

/**
 * An incoming webhook's message: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. `verbatim`
 * keeps Slack from making links and mentions out of what looks like them.
 */
export const slackTemplate: Template = ({ batch }, { url }) => {
  const headline = headlineOf(batch)
  const shown = batch.items.slice(0, limits.shown)
  const left = batch.items.length - shown.length + batch.more
  const sections = shown.map((item) => {
    const title = fit(titleOf(item), { limit: limits.title, escape: unformatted })
    const text = fit(textOf(item), { limit: limits.text, escape: unformatted })
    return { type: 'section', text: { type: 'mrkdwn', verbatim: true, text: `${marks[levelOf(item)]} *${title}*${text === '' ? '' : `\n${text}`}` } }
  })
  const header = { type: 'header', text: { type: 'plain_text', emoji: false, text: fit(headline, { limit: limits.header, escape: unmentioned }) } }
  const body = {
    text: fit(headline, { limit: limits.fallback, escape }),
    blocks: [
      ...(batch.items.length === 1 && left === 0 ? [] : [header]),
      ...sections,
      ...(left === 0 ? [] : [{ type: 'context', elements: [{ type: 'plain_text', emoji: false, text: moreText(left) }] }]),
    ],
  }
  return [{ url, headers: jsonHeaders, body: JSON.stringify(body) }]
}
