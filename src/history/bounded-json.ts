/** So much is kept of one event's facts, or of one text; more would be somebody's whole page. */
export const mostBytes = 16_384
const mostText = 2_000

const plain = (_key: string, value: unknown): unknown => {
  if (value instanceof Set) return [...value]
  if (value instanceof Map) return [...value]
  if (typeof value === 'bigint') return value.toString()
  return value
}

const textOf = (data: unknown): string => {
  try {
    return JSON.stringify(data, plain) ?? 'null'
  } catch {
    // Something that contains itself.
    return 'null'
  }
}

/** JSON of the first that is not too long; of the last its beginning, as a text. */
export const boundedJson = (...versions: readonly unknown[]): string => {
  const texts = versions.map(textOf)
  const fitting = texts.find((text) => Buffer.byteLength(text) <= mostBytes)
  return fitting ?? JSON.stringify({ isCut: true, text: (texts.at(-1) ?? '').slice(0, mostText) })
}

export const boundedText = (text: string): string => (text.length <= mostText ? text : `${text.slice(0, mostText - 1)}…`)
