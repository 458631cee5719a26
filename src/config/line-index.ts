export interface LinePosition {
  /** From 1. */
  readonly line: number
  readonly column: number
  /** The offset of the line's end. */
  readonly lineEnd: number
}

/** Turns offsets in a text into lines and columns. */
export const lineIndex = (text: string): ((offset: number) => LinePosition) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const start = starts[low] ?? 0
    const next = starts[low + 1]
    return { line: low + 1, column: offset - start + 1, lineEnd: next === undefined ? text.length : next - 1 }
  }
}
