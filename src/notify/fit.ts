/** Characters that show nothing but change what is shown around them: controls, line ends, and what turns the direction of text, and halves of characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu

/** A foreign text as one line without surprises. */
export const oneLine = (text: string): string => text.replaceAll(invisible, ' ').replaceAll(/ {2,}/g, ' ').trim()

export interface Fitting {
  readonly limit: number
  /** How one character is written so that it means nothing but itself. */
  readonly escape?: (character: string) => string
  /** What a piece of the outcome counts. */
  readonly measure?: (text: string) => number
}

export const utf8Bytes = (text: string): number => Buffer.byteLength(text)

const ellipsis = '…'

/** The text escaped, and cut where it would be longer than the limit; never within a character or its escape. */
export const fit = (text: string, { limit, escape = (each) => each, measure = (each) => each.length }: Fitting): string => {
  const pieces = [...text].map(escape)
  if (measure(pieces.join('')) <= limit) return pieces.join('')
  let room = limit - measure(ellipsis)
  let kept = ''
  for (const piece of pieces) {
    room -= measure(piece)
    if (room < 0) break
    kept += piece
  }
  return limit < measure(ellipsis) ? '' : kept + ellipsis
}

/** After an @ or a <, so that what follows is no mention of anybody. */
export const zeroWidthSpace = '\u200B'
