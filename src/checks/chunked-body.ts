/** Takes the chunks of a body apart (RFC 9112 section 7.1). */
export interface ChunkedBody {
  /** How much of `chunk` belonged to the body, once it is complete; undefined if more is to come; a text says what is wrong with it. */
  write(chunk: Buffer): number | undefined | string
}

/** Of a size with its extensions, and of all trailers: nobody needs as much. */
const longestLine = 16_384

const sizeIn = (line: string): number | undefined => {
  const digits = /^(?<digits>[\dA-Fa-f]{1,12})[\t ]*(?:;[\t\u0020-\u007e\u0080-\u00ff]*)?$/.exec(line)?.groups?.['digits']
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

type Part = 'size' | 'data' | 'data-end' | 'trailers'

/** Calls `onData` for what the body holds, as it comes. */
export const createChunkedBody = (onData: (data: Buffer) => void): ChunkedBody => {
  let part: Part = 'size'
  let left = 0
  let line = ''
  let trailerBytes = 0

  /** Collects a line, maybe across chunks, with its end; returns where to go on, or what is wrong. */
  const takeLine = (chunk: Buffer, at: number): number | string => {
    const end = chunk.indexOf(0x0a, at)
    const piece = chunk.toString('latin1', at, end === -1 ? chunk.length : end + 1)
    if (line.length + piece.length > longestLine) return 'a line of the chunked body is too long'
    line += piece
    return end === -1 ? chunk.length : end + 1
  }

  const endLine = (): string | 'complete' | undefined => {
    if (!line.endsWith('\r\n')) return 'a line of the chunked body does not end as one'
    const text = line.slice(0, -2)
    line = ''
    if (part === 'data-end') {
      if (text !== '') return 'a chunk is longer than it says'
      part = 'size'
    } else if (part === 'size') {
      const size = sizeIn(text)
      if (size === undefined) return `no size of a chunk: ${text}`
      left = size
      part = size === 0 ? 'trailers' : 'data'
    } else {
      trailerBytes += text.length
      if (trailerBytes > longestLine) return 'the trailers of the chunked body are too long'
      if (text === '') return 'complete'
    }
    return undefined
  }

  return {
    write: (chunk) => {
      let at = 0
      while (at < chunk.length) {
        if (part === 'data') {
          const end = Math.min(chunk.length, at + left)
          left -= end - at
          if (left === 0) part = 'data-end'
          onData(chunk.subarray(at, end))
          at = end
          continue
        }
        const next = takeLine(chunk, at)
        if (typeof next === 'string') return next
        at = next
        if (!line.endsWith('\n')) continue
        const ended = endLine()
        if (ended === 'complete') return at
        if (ended !== undefined) return ended
      }
      return undefined
    },
  }
}
