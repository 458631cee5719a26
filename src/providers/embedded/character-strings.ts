/**
 * A TXT record's strings in presentation format (RFC 1035 section 5.1): quoted or bare, `\"` and `\\`, `\DDD` for
 * any byte. Undefined if it is malformed, a string is longer than 255 bytes, or there is none.
 */
export const parseStrings = (text: string): readonly Buffer[] | undefined => {
  const strings: Buffer[] = []
  let rest = text.trim()
  while (rest !== '') {
    const match = /^(?:"((?:[^"\\]|\\.)*)"|([^\s"\\]+))(?:\s+|$)/s.exec(rest)
    const bytes = match === null ? undefined : unescape(match[1] ?? match[2] ?? '')
    if (match === null || bytes === undefined || bytes.length > 255) return undefined
    strings.push(bytes)
    rest = rest.slice(match[0].length)
  }
  return strings.length === 0 ? undefined : strings
}

const unescape = (text: string): Buffer | undefined => {
  const parts: Buffer[] = []
  for (const [piece, byte, char] of text.matchAll(/\\(\d{3})|\\(\D)|[^\\]+|\\/gs)) {
    if (byte !== undefined) {
      if (Number(byte) > 255) return undefined
      parts.push(Buffer.from([Number(byte)]))
    } else if (piece === '\\') return undefined
    else parts.push(Buffer.from(char ?? piece))
  }
  return Buffer.concat(parts)
}

const escapeByte = (byte: number): string => {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`
}

/** The strings in their one spelling: each in quotes, one space between. */
export const formatStrings = (strings: readonly Uint8Array[]): string =>
  strings.map((string) => `"${[...string].map(escapeByte).join('')}"`).join(' ')
