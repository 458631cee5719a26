import { isSecretKey } from './secret-key.ts'
import { Secret } from './secret.ts'
import type { Span, Tree } from './yaml-tree.ts'

/** Shorter texts would be found by chance everywhere. No message quotes what stands under a secret's key itself. */
const minSecret = 8
const minVariable = 4

const blank = (text: string): string => text.replaceAll(/[^\r\n]/g, '*')

const blankSpans = (text: string, spans: readonly Span[]): string => {
  const ordered = spans.toSorted((a, b) => a.start - b.start)
  let result = ''
  let at = 0
  for (const { start, end } of ordered) {
    if (end <= at) continue
    const from = Math.max(start, at)
    result += text.slice(at, from) + blank(text.slice(from, end))
    at = end
  }
  return result + text.slice(at)
}

/** Key and rest of each `key: rest` in a line, for text that is not YAML enough to say where values are. */
const keyed = /([\w-]+)["']?\s*[:=]\s*(?=\S)(?!"?\$\{\w+\}"?[\s,}]*$)/g

const brokenSpans = (text: string): readonly Span[] => {
  const spans: Span[] = []
  let lineStart = 0
  for (const line of text.split('\n')) {
    for (const match of line.matchAll(keyed)) {
      const start = match.index + match[0].length
      if (isSecretKey(match[1] ?? '')) spans.push({ start: lineStart + start, end: lineStart + line.length })
    }
    lineStart += line.length + 1
  }
  return spans
}

const userinfoSpans = (text: string): readonly Span[] =>
  [...text.matchAll(/:\/\/([^\s/@"']{1,500})@/g)].map((match) => ({ start: match.index + 3, end: match.index + 3 + (match[1] ?? '').length }))

/**
 * The file's text with everything secret replaced by asterisks, each line as long as it was. Secret are: what
 * stands under a key that sounds like it, those texts wherever else they stand, and credentials in URLs.
 */
export const redactSource = (text: string, tree: Tree, isBroken: boolean): string => {
  const repeated = [...new Set(tree.secretTexts)]
    .filter((secret) => secret.length >= minSecret)
    .flatMap((secret) => occurrences(text, secret).map((start) => ({ start, end: start + secret.length })))
  return blankSpans(text, [...tree.secretSpans, ...repeated, ...userinfoSpans(text), ...(isBroken ? brokenSpans(text) : [])])
}

const occurrences = (text: string, piece: string): readonly number[] => {
  const found: number[] = []
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + piece.length)) found.push(at)
  return found
}

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What is to be replaced wherever it is found, and what by. */
export interface SecretWord {
  /** In lower case. */
  readonly word: Secret
  readonly shown: string
}

/** The secrets of a config's text: literal ones as `[secret]`, values of variables as `${NAME}`. */
export const secretWords = (tree: Tree): readonly SecretWord[] => [
  ...tree.secretVariables.filter(({ value }) => value.length >= minVariable).map(({ name, value }) => ({ word: new Secret(value.toLowerCase()), shown: `\${${name}}` })),
  ...tree.secretTexts.filter((text) => text.length >= minSecret).map((text) => ({ word: new Secret(text.toLowerCase()), shown: '[secret]' })),
]

/** Replaces secrets in any upper and lower case, all at once: what is put in is not replaced again. Of two that are the same the first counts. */
export const redactor = (secrets: readonly SecretWord[]): ((text: string) => string) => {
  const named = new Map(secrets.toReversed().map(({ word, shown }) => [word.reveal(), shown]))
  const words = [...named.keys()].toSorted((a, b) => b.length - a.length)
  if (words.length === 0) return (text) => text
  const any = new RegExp(words.map(escapeRegExp).join('|'), 'gi')
  return (text) => text.replaceAll(any, (match) => named.get(match.toLowerCase()) ?? '[secret]')
}
