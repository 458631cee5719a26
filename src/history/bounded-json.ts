/** So much is kept of one event's facts, or of one text; more would be somebody's whole page. */
export const mostBytes = 16_384
const mostText = 2_000

/** Facts in which people, servers and other programs speak. The others are words of this program, names and numbers. */
const free = new Set(['text', 'detail', 'reason', 'cause', 'message', 'error', 'by', 'title', 'body', 'description', 'monitor', 'output'])

const textOf = (data: unknown, redact: (text: string) => string): string => {
  const plain = (key: string, value: unknown): unknown => {
    if (typeof value === 'string') return free.has(key) ? redact(value) : value
    if (value instanceof Set || value instanceof Map) return [...value]
    return typeof value === 'bigint' ? value.toString() : value
  }
  try {
    return JSON.stringify(data, plain) ?? 'null'
  } catch {
    // Something that contains itself.
    return 'null'
  }
}

/** JSON of the first that is not too long; of the last its beginning, as a text. */
export const boundedJson = (versions: readonly unknown[], redact: (text: string) => string): string => {
  const texts = versions.map((each) => textOf(each, redact))
  const fitting = texts.find((text) => Buffer.byteLength(text) <= mostBytes)
  return fitting ?? JSON.stringify({ isCut: true, text: (texts.at(-1) ?? '').slice(0, mostText) })
}

export const boundedText = (text: string): string => (text.length <= mostText ? text : `${text.slice(0, mostText - 1)}…`)
