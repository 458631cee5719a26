import { type Document, isCollection, isScalar, parseDocument, visit, type YAMLError } from 'yaml'
import { findExcessiveNesting } from './nesting.ts'
import { readTree, type Span, type TextFault, type Tree } from './yaml-tree.ts'

export interface YamlSource {
  readonly tree: Tree
  /** Whether the text is no YAML, or too much of it, so that what `tree` holds is only a guess. */
  readonly isBroken: boolean
  readonly faults: readonly TextFault[]
}

const emptyTree: Tree = { value: null, places: new Map(), faults: [], secretSpans: [], secretTexts: [], secretVariables: [], isCutShort: true }

const maxSyntaxFaults = 10
/** How many of the parser's errors are looked at: after a slip it may have one for every character. */
const maxErrors = 200

/** The yaml package's errors in words that say what to write. */
const syntaxMessage = (error: YAMLError, line: string): string => {
  if (/[{[,].*[^"'\w]\$\{/.test(line)) return 'inside { } and [ ] a ${VARIABLE} must be in quotes: "${VARIABLE}"'
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent in YAML; write spaces'
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; a config is a single one, without "---" in between'
    case 'BAD_SCALAR_START':
      return 'a value cannot begin with this character; put it in quotes'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second ": " in one line; put the value in quotes, or begin a new line, indented'
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key must be on one line and followed by ": "; is the colon, or the space after it, missing?'
    case 'MISSING_CHAR':
      return /quote/.test(error.message) ? 'this quote is not closed' : `not YAML: ${error.message}`
    case 'BAD_INDENT':
      return error.message.startsWith('Flow') ? 'this bracket is not closed' : 'this line is indented differently from its neighbours'
    default:
      return `not YAML: ${error.message}`
  }
}

const lineAt = (text: string, at: number): string => {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  return text.slice(start, end === -1 ? undefined : end)
}

/** Every quoted text and every bracket pair: the parser only says where it gave up, not what was still open. */
const enclosures = (document: Document): readonly Span[] => {
  const spans: Span[] = []
  visit(document, (_key, node) => {
    const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
    const range = isQuoted || (isCollection(node) && node.flow === true) ? node.range : undefined
    if (range !== undefined && range !== null) spans.push({ start: range[0], end: range[1] })
  })
  return spans
}

const spanOf = (error: YAMLError, open: readonly Span[], text: string): Span => {
  const [start, end] = error.pos
  if (error.code === 'MULTIPLE_DOCS') return { start, end: start + 3 }
  const isUnclosed = error.code === 'MISSING_CHAR' || (error.code === 'BAD_INDENT' && error.message.startsWith('Flow'))
  const opener = isUnclosed ? open.findLast((each) => each.start < start && each.end >= start) : undefined
  if (opener !== undefined) return { start: opener.start, end: opener.start + 1 }
  // The parser points at the indentation: what is indented is easier to see.
  const blanks = error.code === 'BAD_INDENT' ? (/^ */.exec(text.slice(start, start + 1000))?.[0].length ?? 0) : 0
  return { start: start + blanks, end: Math.max(end, start + blanks + 1) }
}

/** One fault a line: a slip makes the parser complain about all that follows it. */
const syntaxFaults = (document: Document, text: string): readonly TextFault[] => {
  const byLine = new Map<number, TextFault>()
  const open = enclosures(document)
  for (const error of document.errors.slice(0, maxErrors)) {
    const span = spanOf(error, open, text)
    const lineStart = text.lastIndexOf('\n', span.start - 1)
    if (byLine.has(lineStart)) continue
    byLine.set(lineStart, { span, message: syntaxMessage(error, lineAt(text, span.start)) })
    if (byLine.size >= maxSyntaxFaults) break
  }
  return [...byLine.values()]
}

const refused = (span: Span, message: string): YamlSource => ({ tree: emptyTree, isBroken: true, faults: [{ span, message }] })

/** Parses YAML 1.2 and replaces variables. Whatever the text, it returns: faults are values. */
export const parseYaml = (text: string, env: NodeJS.ProcessEnv): YamlSource => {
  const excess = findExcessiveNesting(text)
  if (excess !== undefined) return refused(excess, 'nested too deeply to be read')
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'error' })
  const tree = readTree(document.contents, text, env)
  if (document.errors.length > 0) return { tree, isBroken: true, faults: syntaxFaults(document, text) }
  const tags = document.warnings.map((warning) => ({
    span: { start: warning.pos[0], end: warning.pos[1] },
    message: 'tags and directives are not understood here; write the plain value',
  }))
  return { tree, isBroken: tree.isCutShort, faults: [...tree.faults, ...tags] }
}
