import type { Style } from './style.ts'

/** A piece of a line with its colour. */
export interface Cell {
  readonly text: string
  paint(text: string): string
}

export const plainCell = (text: string): Cell => ({ text, paint: (each) => each })

/** No longer than so many columns; undefined: as it is. */
export const clipped = (text: string, columns: number | undefined): string =>
  columns === undefined || text.length <= columns ? text : columns <= 0 ? '' : `${text.slice(0, columns - 1)}…`

const indent = 2
const gap = 2

const lineOf = (row: readonly Cell[], widths: readonly number[], columns: number | undefined): string => {
  let at = indent
  const cells = row.map(({ text, paint }, column) => {
    const isLast = column === row.length - 1
    const shown = clipped(text, columns === undefined ? undefined : columns - at)
    at += (widths[column] ?? 0) + gap
    return isLast ? paint(shown) : paint(shown) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - shown.length) + gap)
  })
  return `${' '.repeat(indent)}${cells.join('').trimEnd()}`
}

/** Rows under a head, each column as wide as it must be; what does not fit into the terminal is cut. */
export const tableLines = (head: readonly string[], rows: readonly (readonly Cell[])[], columns: number | undefined, style: Style): readonly string[] => {
  if (rows.length === 0) return []
  const all = [head.map((text): Cell => ({ text, paint: style.dim })), ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.text.length ?? 0)))
  return all.map((row) => lineOf(row, widths, columns))
}
