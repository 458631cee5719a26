import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { buildConfig } from './build-config.ts'
import type { Config } from './config.ts'
import { configSecrets } from './config-secrets.ts'
import { isEcho } from './issue-finding.ts'
import { locate } from './locate.ts'
import { type NamedFile, readNamedFile, readNamedFiles } from './named-files.ts'
import { errorAt, type Finding, type Problem } from './problem.ts'
import { originalPath, readShape } from './read-shape.ts'
import { redactor, redactSource, type SecretWord, secretWords } from './redact.ts'
import { parseYaml } from './yaml-source.ts'
import type { TextFault, Tree } from './yaml-tree.ts'

/** What came of reading a config file. */
export type LoadedConfig = LoadedGood | LoadedBad

interface Loaded {
  /** As it was given. */
  readonly file: string
  /** The file's text, secrets replaced by asterisks: what `renderProblems` shows. */
  readonly source: string
  readonly warnings: readonly Problem[]
  /** Takes secrets out of a text that is to be shown. */
  readonly redact: (text: string) => string
  /** What `redact` replaces. */
  readonly secrets: readonly SecretWord[]
  /** The same for two readings only if no file was written in between: neither the config's nor one that it names. */
  readonly version: string
}

export interface LoadedGood extends Loaded {
  readonly ok: true
  readonly config: Config
}

export interface LoadedBad extends Loaded {
  readonly ok: false
  /** All of them, in the order of the file; at least one. */
  readonly problems: readonly Problem[]
  /** As far as it could be understood, without what is wrong: to be compared with, never to be followed. A function, for it must not be shown: a value of a variable may stand where no secret belongs. */
  readonly understood: () => Config | undefined
}

export interface LoadOptions {
  /** What applies where the file says nothing. `confirmSpanMs`: 1000. */
  readonly defaults?: { readonly confirmSpanMs?: number }
}

/** A thousand sites of four regions with every line written out take half of one; reading is linear, and so ends in seconds whatever stands there. */
const maxMiB = 2

const versionOf = (files: readonly NamedFile[]): string => createHash('sha256').update(JSON.stringify(files)).digest('base64')

/** A config of which nothing is known but what is wrong. */
export const unreadable = (file: string, message: string, version: string): LoadedBad => ({
  ok: false,
  file,
  source: '',
  warnings: [],
  problems: [{ severity: 'error', line: 0, column: 0, length: 0, path: '', message }],
  understood: () => undefined,
  redact: (text) => text,
  secrets: [],
  version,
})

const startHint = 'begin with "version: 1", "providers:" and "sites:"'

/** What is wrong with a file that holds no map at all; undefined if it holds one. */
const notAMap = (value: unknown): Finding | undefined => {
  if (value === null || value === undefined || value === '') return errorAt([], `the file is empty; ${startHint}`)
  if (typeof value === 'object' && !Array.isArray(value)) return undefined
  return errorAt([], `the file must be a map ("key: value" lines), not ${Array.isArray(value) ? 'a list' : 'a single text'}; ${startHint}`)
}

const keysOf = (tree: Tree, key: string): readonly string[] => {
  const value = (tree.value as Readonly<Record<string, unknown>>)[key]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

interface Understood {
  readonly config: Config | undefined
  readonly findings: readonly Finding[]
  readonly files: readonly NamedFile[]
}

const understand = async (tree: Tree, directory: string, confirmSpanMs: number): Promise<Understood> => {
  const empty = notAMap(tree.value)
  if (empty !== undefined) return { config: undefined, findings: [empty], files: [] }
  const { input, findings, lost, renames } = readShape(tree.value)
  if (input === undefined) return { config: undefined, findings, files: [] }
  const files = await readNamedFiles(input, directory)
  const later: Finding[] = []
  const namesOf = (key: 'providers' | 'sites' | 'webhooks'): readonly string[] => [...new Set([...keysOf(tree, key), ...Object.keys(input[key])])]
  const names = { providerNames: namesOf('providers'), siteNames: namesOf('sites'), webhookNames: namesOf('webhooks') }
  const config = buildConfig(input, { directory, files, ...names, confirmSpanMs }, (finding) => {
    if (!isEcho(finding, lost)) later.push({ ...finding, path: originalPath(finding.path, renames) })
  })
  return { config, findings: [...findings, ...later], files: [...files.values()] }
}

/**
 * Reads, checks and completes a config file. Never rejects: an unreadable file, text that is no YAML and every
 * other mistake are problems in the result, all at once, none of which shows a secret.
 */
export const loadConfig = async (file: string, env: NodeJS.ProcessEnv, options: LoadOptions = {}): Promise<LoadedConfig> => {
  const read = await readNamedFile(file, maxMiB)
  if (read.kind === 'failed') return unreadable(file, `cannot read the config: ${read.reason}`, versionOf([read]))
  const text = read.text.replace(/^\uFEFF/, '')
  return loadText(file, text, read, env, options)
}

const loadText = async (file: string, text: string, read: NamedFile, env: NodeJS.ProcessEnv, options: LoadOptions): Promise<LoadedConfig> => {
  const { tree, isBroken, faults } = parseYaml(text, env)
  const written = secretWords(tree)
  const understood: Understood = isBroken
    ? { config: undefined, findings: [], files: [] }
    : await understand(tree, dirname(resolve(file)), options.defaults?.confirmSpanMs ?? 1000)
  const located = locate(understood.findings, withoutEchoes(faults), tree, text, redactor(written))
  const problems = located.filter((problem) => problem.severity === 'error')
  const warnings = located.filter((problem) => problem.severity === 'warning')
  // Those of the text come first: they say which variable it was.
  const secrets = [...written, ...(understood.config === undefined ? [] : configSecrets(understood.config))]
  const loaded = { file, source: redactSource(text, tree, isBroken), warnings, redact: redactor(secrets), secrets, version: versionOf([read, ...understood.files]) }
  const { config } = understood
  return config !== undefined && problems.length === 0 ? { ok: true, config, ...loaded } : { ok: false, problems, understood: () => config, ...loaded }
}

/** An alias that is expanded many times has its faults as often. */
const withoutEchoes = (faults: readonly TextFault[]): readonly TextFault[] => faults.slice(0, 100)
