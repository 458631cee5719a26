import { fit, zeroWidthSpace } from '../fit.ts'
import { headlineOf, levelOf, marks, moreText, textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Template } from './outgoing.ts'

const markdown = new Set(String.raw`\*_~|>[]()#-`).add('`')

/** Markdown, and what begins a mention, an emoji or a time. */
const escape = (character: string): string => {
  if (character === '@') return `@${zeroWidthSpace}`
  if (character === '<') return `\\<${zeroWidthSpace}`
  return markdown.has(character) ? `\\${character}` : character
}

/**
 * https://discord.com/developers/docs/resources/webhook#execute-webhook: content 2,000 characters, 10 embeds;
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits: title 256, description 4,096, and
 * 6,000 in all embeds together.
 */
const limits = { shown: 10, content: 1_900, title: 200, text: 380 }

const colours = { critical: 0xd9_2d_20, warning: 0xf7_90_09, info: 0x15_70_ef, ok: 0x12_b7_6a } as const

/** An embed an alert. Nobody is mentioned, whatever the texts say. */
export const discordTemplate: Template = ({ batch }, { url }) => {
  const shown = batch.items.slice(0, limits.shown)
  const left = batch.items.length - shown.length + batch.more
  const [first] = shown
  const mark = first === undefined ? '' : `${marks[levelOf(first)]} `
  const headline = mark + fit(headlineOf(batch), { limit: limits.content, escape })
  const embeds = shown.map((item) => {
    const description = fit(textOf(item), { limit: limits.text, escape })
    return {
      title: fit(titleOf(item), { limit: limits.title, escape }),
      ...(description === '' ? {} : { description }),
      color: colours[levelOf(item)],
      timestamp: new Date(item.alert.at).toISOString(),
    }
  })
  const body = { content: left === 0 ? headline : `${headline}\n${moreText(left)} not shown`, embeds, allowed_mentions: { parse: [] } }
  return [{ url, headers: jsonHeaders, body: JSON.stringify(body) }]
}
