import type { Goal } from './goals.ts'

/** What one measurement says: rows for people, and for programs the values that they were made of. */
export interface Table {
  readonly title: string
  /** What must be known to read it: settings, and what the limit is. */
  readonly notes: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The bare numbers. */
  readonly values: readonly Readonly<Record<string, string | number | undefined>>[]
  /** What it says of what is aimed at. */
  readonly goals?: readonly Goal[]
}

/** In Markdown. */
export const tableText = ({ title, notes, columns, rows }: Table): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const list = notes.map((note) => `- ${note}\n`).join('')
  return `\n## ${title}\n\n${list}${list === '' ? '' : '\n'}${line(columns)}${line(columns.map(() => '---'))}${rows.map(line).join('')}`
}

/** Seconds with as many digits as matter: `0.042 s`, `1.58 s`, `98 s`. */
export const secondsText = (ms: number | undefined): string => {
  if (ms === undefined) return 'never'
  const seconds = ms / 1000
  return `${seconds.toFixed(seconds < 0.1 ? 3 : seconds < 10 ? 2 : 0)} s`
}

/** How many times as long as ours the other one takes: `3.1 times`. */
export const timesText = (other: number | undefined, own: number | undefined): string =>
  own === undefined ? '-' : other === undefined ? 'it never does' : `${(other / own).toFixed(1)} times`
