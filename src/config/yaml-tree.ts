import { isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import { interpolate } from './interpolate.ts'
import { lineIndex } from './line-index.ts'
import type { Path } from './problem.ts'
import { isSecretPlace } from './secret-key.ts'
import { isSecretAt } from './secret-path.ts'

/** A stretch of the file's text, in UTF-16 units from its start. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Where one value stands, and its key if it has one. */
export interface Place {
  readonly key: Span | undefined
  readonly value: Span
  readonly isScalar: boolean
  /** As written, where YAML reads a plain scalar as something else than text: `012`, `1.10`. */
  readonly source: string | undefined
}

/** The value of a variable that stands where secrets stand. */
export interface SecretVariable {
  readonly name: string
  readonly value: string
}

/** Something wrong with the text itself. */
export interface TextFault {
  readonly span: Span
  readonly message: string
}

/** The file's values with variables replaced, and where each of them stands. */
export interface Tree {
  readonly value: unknown
  readonly places: ReadonlyMap<string, Place>
  readonly faults: readonly TextFault[]
  /** What must never be shown: literal secrets by place and by value, and the variables among them by value. */
  readonly secretSpans: readonly Span[]
  readonly secretTexts: readonly string[]
  readonly secretVariables: readonly SecretVariable[]
  /** Whether there was more than can be read. */
  readonly isCutShort: boolean
}

export const placeKey = (path: Path): string => JSON.stringify(path)

/** Three times what a thousand sites of four regions with every key written out hold; each costs some 20 µs and 1 KB. */
const maxValues = 100_000
const maxDepth = 64

type YamlNode = { readonly range?: readonly [number, number, number] | null; readonly anchor?: string }

const spanOf = (node: unknown): Span | undefined => {
  const range = (node as YamlNode | null)?.range
  return range === undefined || range === null ? undefined : { start: range[0], end: range[1] }
}

/**
 * Walks a parsed document once. Aliases are followed at their place, bounded in number and depth, and `<<`
 * merges; the yaml package's own conversion would lose the positions.
 */
export const readTree = (root: unknown, text: string, env: NodeJS.ProcessEnv): Tree => {
  const places = new Map<string, Place>()
  const faults: TextFault[] = []
  const secretSpans: Span[] = []
  const secretTexts: string[] = []
  const secretVariables: SecretVariable[] = []
  const anchors = new Map<string, unknown>()
  const open = new Set<unknown>()
  const positionOf = lineIndex(text)
  let count = 0

  const fault = (node: unknown, message: string): null => {
    faults.push({ span: spanOf(node) ?? { start: 0, end: 1 }, message })
    return null
  }

  const readText = (node: unknown, raw: string, path: Path, isSecret: boolean): string => {
    const span = spanOf(node)
    const read = interpolate(raw, env)
    secretVariables.push(...read.expansions.filter(({ name }) => isSecret || isSecretPlace(name, raw, path)))
    for (const { needle, message } of read.faults) {
      const at = span === undefined ? -1 : text.indexOf(needle, span.start)
      const isInside = span !== undefined && at >= 0 && at < span.end
      faults.push({ span: isInside ? { start: at, end: at + needle.length } : (span ?? { start: 0, end: 1 }), message })
    }
    return read.text
  }

  const readScalar = (node: { readonly value: unknown; readonly source?: string }, path: Path, isSecret: boolean): unknown => {
    const { value } = node
    if (isSecret && value !== null && value !== '') {
      const literal = typeof value === 'string' ? value : (node.source ?? String(value))
      // A lone $ is what is left of a variable that should have been in quotes.
      const isReference = /^\s*(?:\$|\$\{[A-Za-z_][A-Za-z0-9_]*\})\s*$/.test(literal)
      const span = spanOf(node)
      if (!isReference && span !== undefined) secretSpans.push(span)
      if (!isReference) secretTexts.push(literal)
    }
    if (typeof value === 'string') return readText(node, value, path, isSecret)
    return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : (node.source ?? String(value))
  }

  /** A map's own pairs, then those that `<<` merges in; the first of a key counts. */
  const pairsOf = (map: YAMLMap, depth: number): readonly Pair[] => {
    const own = map.items.filter((pair) => !(isScalar(pair.key) && pair.key.value === '<<'))
    if (own.length === map.items.length || depth > 8) return own
    const mine = new Set(own)
    const merged = map.items.filter((pair) => !mine.has(pair)).flatMap((pair) => (isSeq(pair.value) ? pair.value.items : [pair.value]))
    return [...own, ...merged.flatMap((source) => {
      count += 1
      if (count >= maxValues) return []
      const target = isAlias(source) ? anchors.get(source.source) : source
      if (isMap(target)) {
        count += target.items.length
        return count >= maxValues ? [] : pairsOf(target, depth + 1)
      }
      fault(source, '<< takes a map, or an alias of one that stands above')
      return []
    })]
  }

  const readMap = (map: YAMLMap, path: Path, isSecret: boolean): unknown => {
    const entries = new Map<string, unknown>()
    const keys = new Map<string, Span>()
    const own = new Set<unknown>(map.items)
    for (const pair of pairsOf(map, 0)) {
      const key = isScalar(pair.key) && pair.key.value !== null ? readText(pair.key, String(pair.key.source ?? pair.key.value), path, isSecret) : undefined
      const span = spanOf(pair.key)
      if (key === undefined || key === '__proto__') {
        fault(pair.key, 'a key must be a plain word or a quoted text')
        continue
      }
      const first = keys.get(key)
      if (first !== undefined) {
        if (own.has(pair)) fault(pair.key, `"${key}" is set twice; first on line ${positionOf(first.start).line}`)
        continue
      }
      if (span !== undefined) keys.set(key, span)
      const target = isAlias(pair.value) ? anchors.get(pair.value.source) : pair.value
      const at = [...path, key]
      entries.set(key, walk(pair.value, at, isSecret || isSecretAt(at, isMap(target)), span))
    }
    return Object.fromEntries(entries)
  }

  const walk = (node: unknown, path: Path, isSecret: boolean, key: Span | undefined): unknown => {
    count += 1
    if (count >= maxValues) return null
    if (path.length > maxDepth) return fault(node, `nested more than ${maxDepth} deep`)
    const anchor = (node as YamlNode | null)?.anchor
    if (anchor !== undefined) anchors.set(anchor, node)
    const own = spanOf(node)
    const isBare = own === undefined || own.start === own.end
    const value = isBare ? (key ?? own ?? { start: 0, end: 1 }) : own
    const source = isScalar(node) && node.type === 'PLAIN' && typeof node.value !== 'string' ? node.source : undefined
    places.set(placeKey(path), { key, value, isScalar: isScalar(node) || isAlias(node), source })
    if (open.has(node)) return fault(node, 'an alias cannot stand inside what it refers to')
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) return fault(node, `nothing above is marked &${node.source}`)
      if (open.has(target)) return fault(node, 'an alias cannot stand inside what it refers to')
      return walk(target, path, isSecret, key)
    }
    if (isScalar(node)) return readScalar(node as { value: unknown; source?: string }, path, isSecret)
    open.add(node)
    const read = isMap(node)
      ? readMap(node, path, isSecret)
      : isSeq(node)
        ? node.items.map((item, at) => walk(item, [...path, at], isSecret, undefined))
        : null
    open.delete(node)
    return read
  }

  const value = walk(root, [], false, undefined)
  if (count >= maxValues) faults.unshift({ span: { start: 0, end: 1 }, message: `the file holds, or its aliases expand to, more than ${maxValues} values; give part of the sites to a service of their own` })
  return { value, places, faults, secretSpans, secretTexts, secretVariables, isCutShort: count >= maxValues }
}
