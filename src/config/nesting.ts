import { Lexer } from 'yaml'
import type { Span } from './yaml-tree.ts'

/** Far more than any config has, and far less than what exhausts the stack. */
const maxBrackets = 64
const maxIndicators = 32
const maxIndent = 200

/**
 * Where a text begins to be nested more deeply than is safe to parse, if it does. The yaml package's composer
 * recurses; near the end of the stack V8 may abort the whole process inside a RegExp, which nothing can catch.
 * Its lexer does not recurse.
 */
export const findExcessiveNesting = (text: string): Span | undefined => {
  let offset = 0
  let brackets = 0
  let indicators = 0
  let isLineStart = true
  for (const token of new Lexer().lex(text)) {
    const isControl = token.length === 1 && token < '\u0020' && token !== '\t' && token !== '\n'
    if (isControl) continue
    if (token === '[' || token === '{') brackets += 1
    if (token === ']' || token === '}') brackets -= 1
    if (token === '-' || token === '?') indicators += 1
    const isIndent = isLineStart && /^[ \t]+$/.test(token)
    if (brackets > maxBrackets || indicators > maxIndicators || (isIndent && token.length > maxIndent)) return { start: offset, end: offset + 1 }
    isLineStart = token === '\n' || token === '\r\n'
    if (isLineStart) indicators = 0
    offset += token.length
  }
  return undefined
}
