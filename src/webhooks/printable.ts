const unprintable = /[\p{C}\p{Zl}\p{Zp}]+/gu

/** One line that is safe to log and to show, whatever the text holds, and no longer than `limit` (UTF-16 units). */
export const printable = (text: string, limit: number): string => {
  const line = text.slice(0, limit + 1).replaceAll(unprintable, ' ').trim()
  if (line.length <= limit && text.length <= limit + 1) return line
  // Half of a pair that a cut leaves is a surrogate, and goes.
  return `${line.slice(0, limit - 1).replaceAll(unprintable, '')}…`
}
