import type { Delivery, Refusal } from './webhook-source.ts'

/** A thousand alerts with all their labels fit in. */
export const longestBody = 1_048_576
const deepest = 32
/** Of one object. A monitor of Uptime Kuma has about a hundred. */
const mostKeys = 1000
/** Of all. A thousand alerts with thirty labels and annotations have about 40,000. */
const mostValues = 50_000

const refused = (status: Refusal['status'], code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', status, code, text })

const isJsonType = (contentType: string): boolean => {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';').map((each) => each.trim())
  if (!/^application\/(?:[\w.+-]+\+)?json$/.test(type)) return false
  return parameters.every((each) => !each.startsWith('charset=') || /^charset="?utf-?8"?$/.test(each))
}

/** How deep a text nests if it is JSON, and how many values it has; whatever it is, this ends, and needs no stack. */
const measure = (text: string): { readonly depth: number; readonly values: number } => {
  let now = 0
  let depth = 0
  let values = 1
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === ',') values += 1
    else if (character === '{' || character === '[') depth = Math.max(depth, (now += 1))
    else if (character === '}' || character === ']') now -= 1
  }
  return { depth, values }
}

/** Why nobody should look at a value: keys that would reach into a prototype if somebody assigned them, or a flood of keys. */
const objection = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  if (!Array.isArray(value)) {
    if (Object.hasOwn(value, '__proto__')) return 'The body has a key __proto__.'
    if (Object.keys(value).length > mostKeys) return `The body has an object of more than ${mostKeys} keys.`
  }
  for (const each of Object.values(value)) {
    const found = objection(each)
    if (found !== undefined) return found
  }
  return undefined
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
  const { depth, values } = measure(text)
  if (depth > deepest) return refused(400, 'malformed', `The body nests deeper than ${deepest} levels.`)
  if (values > mostValues) return refused(400, 'malformed', `The body has more than ${mostValues} values: send fewer alerts at once.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused(400, 'not-json', `The body (${body.length} bytes) is not JSON: was a value put into the template that is not escaped?`)
  }
  const why = objection(value)
  return why === undefined ? { kind: 'value', value } : refused(400, 'malformed', why)
}
