import type { LoadedConfig } from './load-config.ts'
import type { Problem } from './problem.ts'

const maxWidth = 120

/** Control characters, which a terminal would obey, and those that reorder text. */
const unsafe = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu
const printable = (text: string): string => text.replaceAll(unsafe, (char) => (char === '\t' ? ' ' : '\uFFFD'))

interface Style {
  readonly bold: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly dim: (text: string) => string
}

const paint = (code: number, isColored: boolean) => (text: string): string => (isColored ? `\u001B[${code}m${text}\u001B[0m` : text)

const styleOf = (isColored: boolean): Style => ({
  bold: paint(1, isColored),
  red: paint(31, isColored),
  yellow: paint(33, isColored),
  dim: paint(2, isColored),
})

/** The line, or the part of a long one around the column, with a caret under what is meant. */
const excerpt = (problem: Problem, line: string, style: Style): string => {
  const start = problem.column + 20 < maxWidth ? 0 : problem.column - 41
  const shown = printable(line.slice(start, start + maxWidth))
  const at = problem.column - 1 - start
  const length = Math.max(1, Math.min(problem.length, shown.length - at))
  const number = String(problem.line)
  const mark = problem.severity === 'error' ? style.red : style.yellow
  return [
    `${style.dim(`  ${number} |`)} ${shown}`,
    `${style.dim(`  ${' '.repeat(number.length)} |`)} ${' '.repeat(at)}${mark('^'.repeat(length))}`,
  ].join('\n')
}

const renderOne = (file: string, problem: Problem, lines: readonly string[], style: Style): string => {
  const label = problem.severity === 'warning' ? `${style.yellow('warning:')} ` : ''
  const message = `${label}${printable(problem.message)}`
  if (problem.line === 0) return `${style.bold(`${file}:`)} ${message}`
  const line = lines[problem.line - 1]
  const head = `${style.bold(`${file}:${problem.line}:${problem.column}:`)} ${message}`
  return line === undefined || line.trim() === '' ? head : `${head}\n${excerpt(problem, line, style)}`
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/**
 * Everything wrong with a config, for people: file, line, column, message, the line itself with a caret, and
 * how much there is; warnings too. Empty if there is nothing to say. Ends with a newline.
 */
export const renderProblems = (loaded: LoadedConfig, options: { readonly color: boolean }): string => {
  const errors = loaded.ok ? [] : loaded.problems
  const all = [...errors, ...loaded.warnings].toSorted((a, b) => a.line - b.line || a.column - b.column)
  if (all.length === 0) return ''
  const lines = loaded.source.split(/\r?\n/)
  const style = styleOf(options.color)
  const counts = [
    ...(errors.length === 0 ? [] : [counted(errors.length, 'problem')]),
    ...(loaded.warnings.length === 0 ? [] : [counted(loaded.warnings.length, 'warning')]),
  ]
  return `${all.map((problem) => renderOne(printable(loaded.file), problem, lines, style)).join('\n\n')}\n\n${counts.join(', ')}\n`
}
