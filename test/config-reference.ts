import { defaultListen } from '../src/config/api-schema.ts'
import { configJsonSchema } from '../src/config/json-schema.ts'

interface Node {
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly type?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly items?: Node
}

const code = (text: string): string => `\`${text}\``

/** What a text's pattern stands for. */
const patternWords: readonly (readonly [string, string])[] = [
  ['ms)?', 'duration'],
  ['xx$', 'status'],
  ['KiB', 'size'],
  ['A-Za-z0-9_-', 'domain name'],
  ['^webhook:', '`webhook:NAME`'],
]

const textWord = (pattern: string): string => patternWords.find(([part]) => pattern.includes(part))?.[1] ?? 'text'

/** Only stands for a variable, which any value may be. */
const isVariable = (node: Node): boolean => node.pattern === String.raw`\$\{`

const alternativesText = (alternatives: readonly Node[]): string => {
  const texts = [...new Set(alternatives.filter((each) => !isVariable(each)).map(valueText))]
  const special = ['duration', 'size', 'status'].find((word) => texts.includes(word))
  const others = texts.filter((text) => text !== special && text !== '`0`' && !text.startsWith('whole number'))
  if (special === undefined) return texts.join(', or ')
  const hasSeconds = special === 'duration' && texts.some((text) => text.startsWith('whole number'))
  return [hasSeconds ? 'seconds' : '', special, ...others].filter((text) => text !== '').join(', or ')
}

/** What may stand there, in a word or two. */
const valueText = (node: Node): string => {
  if (node.const !== undefined) return code(String(node.const))
  if (node.enum !== undefined) return node.enum.map(code).join(', ')
  if (node.anyOf !== undefined) return alternativesText(node.anyOf)
  if (node.items !== undefined) return `list: ${valueText(node.items).replace(', or list: ', ' or list of ')}`
  if (node.type === 'integer') return `whole number ${node.minimum} to ${node.maximum}`
  if (node.type === 'boolean') return '`true`, `false`'
  return node.type === 'object' ? 'map' : textWord(node.pattern ?? '')
}

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** Defaults by path that the schema itself cannot say. */
type Defaults = Readonly<Record<string, string>>

const defaultText = (node: Node, path: string, isRequired: boolean, defaults: Defaults): string => {
  const value = isScalar(node.default) ? String(node.default) : defaults[path]
  return value === undefined ? (isRequired && node.default === undefined ? 'required' : '') : code(value)
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`)

/** The map among a node's alternatives, whose keys are told one by one. */
const mapIn = (node: Node): Node | undefined => [node, ...(node.anyOf ?? [])].find((each) => each.properties !== undefined)

const rows = (node: Node, prefix: string, defaults: Defaults): readonly string[] =>
  Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`
    const given = defaultText(child, path, node.required?.includes(key) ?? false, defaults)
    const map = mapIn(child)
    const entry = child.items === undefined ? undefined : mapIn(child.items)
    return [
      `| ${code(path)} | ${cell(valueText(child))} | ${given} | ${cell(child.description ?? '')} |`,
      ...(map === undefined ? [] : rows(map, `${path}.`, defaults)),
      ...(entry === undefined ? [] : rows(entry, `${path}[].`, defaults)),
    ]
  })

const table = (title: string, node: Node, defaults: Defaults = {}): string =>
  [`**${title}**`, '', '| key | value | default | meaning |', '|---|---|---|---|', ...rows(node, '', defaults), ''].join('\n')

const childOf = (node: Node | undefined, key: string): Node => {
  const child = node?.properties?.[key]
  if (child === undefined) throw new Error(`the schema has no ${key}`)
  return child
}

/** What each entry of a map with free keys is. */
const entryOf = (node: Node): Node => (typeof node.additionalProperties === 'object' ? node.additionalProperties : {})

/** The config file's keys as Markdown, from the very schema that reads the file. */
export const configReference = (siteDefaults: Defaults): string => {
  const root = configJsonSchema() as Node
  const site = entryOf(childOf(root, 'sites'))
  const providers = entryOf(childOf(root, 'providers')).oneOf ?? []
  const api = childOf(root, 'api')
  return [
    table('At the top', root, { 'api.listen': defaultListen }),
    table('`api.tokens.NAME`', entryOf(childOf(api, 'tokens'))),
    table('`webhooks.NAME`', entryOf(childOf(root, 'webhooks'))),
    table('`alerts.NAME`', entryOf(childOf(root, 'alerts'))),
    ...providers.map((provider) => table(`\`providers.NAME\` with \`type: ${String(childOf(provider, 'type').const)}\``, provider)),
    table('`sites.NAME`', site, siteDefaults),
    table('`sites.NAME.regions.NAME`', entryOf(childOf(site, 'regions'))),
    table('`sites.NAME.replication.hosts.NAME`', entryOf(childOf(childOf(site, 'replication'), 'hosts'))),
  ].join('\n')
}
