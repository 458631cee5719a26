import { lineIndex } from './line-index.ts'
import { type Finding, type Path, pathText, type Problem } from './problem.ts'
import { type Place, placeKey, type Span, type TextFault, type Tree } from './yaml-tree.ts'

/** The place of a path, or of the nearest thing above it that stands in the file. */
const nearest = (tree: Tree, path: Path): { readonly place: Place; readonly isExact: boolean } | undefined => {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = tree.places.get(placeKey(path.slice(0, length)))
    if (place !== undefined) return { place, isExact: length === path.length }
  }
  return undefined
}

const needleSpan = (text: string, span: Span, needle: string | undefined): Span | undefined => {
  const at = needle === undefined || needle === '' ? -1 : text.indexOf(needle, span.start)
  return needle !== undefined && at >= 0 && at + needle.length <= span.end ? { start: at, end: at + needle.length } : undefined
}

const spanOf = (tree: Tree, text: string, finding: Finding): Span => {
  const found = nearest(tree, finding.path)
  if (found === undefined || (found.place.key === undefined && !found.isExact && finding.path.length === 1)) return { start: 0, end: 1 }
  const { place, isExact } = found
  // A map or list as a whole is too much to point at: its key stands for it.
  if (place.key !== undefined && (finding.part === 'key' || !place.isScalar)) return place.key
  return (isExact ? needleSpan(text, place.value, finding.needle) : undefined) ?? place.value
}

/** Findings and faults at their lines and columns, in the order of the file, each once. */
export const locate = (
  findings: readonly Finding[],
  faults: readonly TextFault[],
  tree: Tree,
  text: string,
  redact: (text: string) => string,
): readonly Problem[] => {
  const positionOf = lineIndex(text)
  const at = (span: Span, problem: Omit<Problem, 'line' | 'column' | 'length'>): Problem => {
    const { line, column, lineEnd } = positionOf(Math.min(span.start, text.length))
    const length = Math.max(1, Math.min(span.end, lineEnd) - span.start)
    return { ...problem, line, column, length, message: redact(problem.message), path: redact(problem.path) }
  }
  // Where the text itself is at fault, what it was taken for is not worth a word.
  const isFaulty = ({ start, end }: Span): boolean => faults.some(({ span }) => span.start < end && start < span.end)
  const problems = [
    ...faults.map(({ span, message }) => at(span, { severity: 'error', path: '', message })),
    ...findings
      .map((finding) => ({ finding, span: spanOf(tree, text, finding) }))
      .filter(({ finding, span }) => finding.path.length < 2 || !isFaulty(span))
      .map(({ finding, span }) => at(span, { severity: finding.severity, path: pathText(finding.path), message: finding.message })),
  ]
  const unique = new Map(problems.map((problem) => [`${problem.line}:${problem.column} ${problem.message}`, problem]))
  return [...unique.values()].toSorted((a, b) => a.line - b.line || a.column - b.column)
}
