import { posix } from 'node:path'

export interface SourceFile {
  /** From src, with forward slashes: `core/decide.ts`. */
  readonly path: string
  readonly text: string
}

interface Import {
  readonly isTypeOnly: boolean
  /** A path from src, `node:...`, or a package. */
  readonly target: string
}

const longestFile = 300

/** The parts that the code is made of; the files right in a part's folder and below belong to it. */
const partOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/')
  if (/^providers\/provider[\w-]*\.ts$/.test(path)) return 'provider port'
  if (['ports', 'events', 'operations', 'views', 'history-port'].map((name) => `engine/${name}.ts`).includes(path)) return 'engine ports'
  if (first === 'providers') return `providers/${second}`
  return first.replace(/\.ts$/, '')
}

const isAdapter = (part: string): boolean => /^(?:checks|dns|store|config|api|history|metrics|notify|webhooks|replication|dashboard|coordination|contract|providers\/.+)$/.test(part)

const importsOf = ({ path, text }: SourceFile): readonly Import[] => {
  const statements = text.matchAll(/^(?:import|export)\s(?<what>[^'"]*?\sfrom\s)?['"](?<target>[^'"]+)['"]/gm)
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"](?<target>[^'"]+)['"]/g)
  return [...statements, ...calls].map(({ groups }): Import => {
    const target = groups?.['target'] ?? ''
    const isTypeOnly = groups?.['what']?.startsWith('type ') ?? false
    return { isTypeOnly, target: target.startsWith('.') ? posix.join(posix.dirname(path), target) : target }
  })
}

const isRelative = (target: string): boolean => /\.(?:tsx?|css)$/.test(target) || target.endsWith('.json')

/** Why a part may not import something, or undefined if it may. */
const objection = (from: string, { target, isTypeOnly }: Import): string | undefined => {
  if (!isRelative(target)) {
    if (from === 'core') return 'core imports nothing outside core'
    const isOwn = target.startsWith('node:') || isAdapter(from) || !(from === 'engine' || from === 'engine ports' || from === 'provider port')
    return isOwn ? undefined : 'the engine and the ports know no packages'
  }
  const to = partOf(target)
  if (to === 'compose' && !['compose', 'cli', 'demo', 'index'].includes(from)) return 'only cli, demo and index import compose'
  if (to === from) return undefined
  if (from === 'files') return 'files knows files alone'
  if (to === 'core') return undefined
  if (from === 'core') return 'core imports nothing outside core'
  if (from === 'provider port') return 'the provider port imports core'
  if (from === 'engine' || from === 'engine ports') {
    return ['engine', 'engine ports', 'provider port'].includes(to) ? undefined : 'the engine imports core and ports'
  }
  if (!isAdapter(from)) return undefined
  if (to === 'provider port' || to === 'files' || to === 'providers/spare-connection.ts') return undefined
  if (to === 'engine ports') return isTypeOnly ? undefined : 'of the engine an adapter imports only the types of its ports'
  return `an adapter imports core, ports and its own folder, not ${to}`
}

/** What changes right in a module all share, tests included; but a page is one, and so is what it knows. */
const isShared = ({ path, text }: SourceFile): boolean => !path.startsWith('dashboard/') && /^(?:export )?(?:let |const \w+ = new (?:Weak(?:Map|Set)\b|(?:Map|Set)(?:<.*>)?\(\)))/m.test(text)

/** All that breaks the structure, one line each; none if the list is empty. */
export const offences = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) => {
    const lines = file.text.replace(/\n$/, '').split('\n').length
    const imports = importsOf(file).flatMap((each) => {
      const why = objection(partOf(file.path), each)
      return why === undefined ? [] : [`${file.path} imports ${each.target}: ${why}`]
    })
    return [
      ...imports,
      ...(lines > longestFile ? [`${file.path} has ${lines} lines, more than ${longestFile}`] : []),
      ...(isShared(file) ? [`${file.path} keeps something for whole processes: who composes creates it`] : []),
      // What a tool reads as its config it wants as the default.
      ...(!file.path.endsWith('.config.ts') && /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.test(file.text) ? [`${file.path} has a default export`] : []),
    ]
  })
