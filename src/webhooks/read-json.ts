import type { Delivery, Refusal } from './webhook-source.ts'

/** A thousand alerts with all their labels fit in. */
export const longestBody = 1_048_576
const deepest = 32

const refused = (status: Refusal['status'], code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', status, code, text })

const isJsonType = (contentType: string): boolean => {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';').map((each) => each.trim())
  if (!/^application\/(?:[\w.+-]+\+)?json$/.test(type)) return false
  return parameters.every((each) => !each.startsWith('charset=') || /^charset="?utf-?8"?$/.test(each))
}

/** How deep a text nests if it is JSON; whatever it is, this ends, and needs no stack. */
const depth = (text: string): number => {
  let now = 0
  let most = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') most = Math.max(most, (now += 1))
    else if (character === '}' || character === ']') now -= 1
  }
  return most
}

/** Keys that would reach into an object's prototype if somebody assigned them. */
const hasPrototypeKey = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(hasPrototypeKey)
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototypeKey)
}

/** The JSON value of a body, or why it has none that anybody should look at. */
export const readJson = ({ headers, body }: Delivery): { readonly kind: 'value'; readonly value: unknown } | Refusal => {
  const contentType = headers['content-type']
  // Some monitors send none unless told to.
  if (contentType !== undefined && !isJsonType(contentType)) {
    return refused(415, 'not-json', 'The Content-Type is not application/json in UTF-8.')
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return refused(400, 'not-json', 'The body is not UTF-8.')
  }
  if (depth(text) > deepest) return refused(400, 'malformed', `The body nests deeper than ${deepest} levels.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused(400, 'not-json', `The body (${body.length} bytes) is not JSON: was a value put into the template that is not escaped?`)
  }
  return hasPrototypeKey(value) ? refused(400, 'malformed', 'The body has a key __proto__.') : { kind: 'value', value }
}
