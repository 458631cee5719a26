import { RE2JS } from 're2js'

/** A regular expression (RE2 syntax) that takes time linear in the text, whatever either of them is. */
export type CompiledPattern =
  | { readonly kind: 'pattern'; readonly test: (text: string) => boolean }
  | { readonly kind: 'error'; readonly error: string }

/** `error` says what is wrong with the expression, for whoever wrote it. */
export const compilePattern = (text: string): CompiledPattern => {
  try {
    const compiled = RE2JS.compile(text)
    return { kind: 'pattern', test: (body) => compiled.test(body) }
  } catch (error) {
    return { kind: 'error', error: error instanceof Error ? error.message : String(error) }
  }
}
