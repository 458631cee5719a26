/** Turns text into coloured text, or leaves it alone. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}

const paint =
  (code: number, isColored: boolean) =>
  (text: string): string =>
    isColored && text !== '' ? `\u001B[${code}m${text}\u001B[0m` : text

export const styleOf = (isColored: boolean): Style => ({
  bold: paint(1, isColored),
  dim: paint(2, isColored),
  red: paint(31, isColored),
  green: paint(32, isColored),
  yellow: paint(33, isColored),
})

/** Control characters, which a terminal would obey, and those that reorder text. */
const unsafe = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

/** Text from elsewhere, harmless on a terminal and in one line. */
export const printable = (text: string): string => text.replaceAll(unsafe, ' ')
