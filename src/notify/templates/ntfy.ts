import { fit, utf8Bytes } from '../fit.ts'
import { headlineOf, levelOf, marks, moreText, textOf, titleOf } from '../words.ts'
import { jsonHeaders, type Template } from './outgoing.ts'

const priorities = { critical: 5, warning: 4, info: 3, ok: 3 } as const
const tags = { critical: 'rotating_light', warning: 'warning', info: 'information_source', ok: 'white_check_mark' } as const

/** A message of more than 4,096 bytes becomes an attachment (https://docs.ntfy.sh/publish/#limitations). */
const limits = { message: 3_900, title: 250 }

/** The topic is the last part of the path; JSON goes to what is before it. */
const splitUrl = (text: string): { readonly server: string; readonly topic: string } => {
  if (!URL.canParse(text)) return { server: text, topic: '' }
  const url = new URL(text)
  const parts = url.pathname.split('/').filter((part) => part !== '')
  url.pathname = `/${parts.slice(0, -1).join('/')}`
  return { server: url.href, topic: parts.at(-1) ?? '' }
}

/** https://docs.ntfy.sh/publish/#publish-as-json. Plain text: nothing in it is read as Markdown. */
export const ntfyTemplate: Template = ({ batch }, { url, secret }) => {
  const { server, topic } = splitUrl(url)
  const [first] = batch.items
  const level = first === undefined ? 'info' : levelOf(first)
  const lines = batch.items.map((item) => {
    const text = textOf(item)
    if (batch.items.length === 1 && text !== '') return text
    return `${marks[levelOf(item)]} ${titleOf(item)}${text === '' ? '' : `: ${text}`}`
  })
  const kept: string[] = []
  let room = limits.message
  for (const each of lines) {
    const line = fit(each, { limit: 900, measure: utf8Bytes })
    room -= utf8Bytes(line) + 1
    if (room < 0) break
    kept.push(line)
  }
  const left = lines.length - kept.length + batch.more
  const body = {
    topic,
    title: fit(headlineOf(batch), { limit: limits.title, measure: utf8Bytes }),
    message: [...kept, ...(left === 0 ? [] : [moreText(left)])].join('\n'),
    priority: priorities[level],
    tags: [tags[level]],
  }
  return [{ url: server, headers: { ...jsonHeaders, ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) }, body: JSON.stringify(body) }]
}
