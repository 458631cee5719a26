import { createRequire } from 'node:module'
import type * as Re2 from 're2js'

const require = createRequire(import.meta.url)

/** A regular expression (RE2 syntax) that takes time linear in the text, whatever either of them is. */
export type CompiledPattern =
  | { readonly kind: 'pattern'; readonly test: (text: string) => boolean }
  | { readonly kind: 'error'; readonly error: string }

/** `error` says what is wrong with the expression, for whoever wrote it. */
export const compilePattern = (text: string): CompiledPattern => {
  try {
    // Few checks have a pattern; the others start sooner without.
    const { RE2JS } = require('re2js') as typeof Re2
    const compiled = RE2JS.compile(text)
    return { kind: 'pattern', test: (body) => compiled.test(body) }
  } catch (error) {
    return { kind: 'error', error: error instanceof Error ? error.message : String(error) }
  }
}
