import type { Path } from './problem.ts'
import { isSecretKey } from './secret-key.ts'
import { suggest } from './suggest.ts'

/**
 * Sections that are made of secrets: what does not stand under a key that holds none is one, whatever its key. A chat
 * service's URL is its password, and a misspelled key's line is shown to people. `*` is a name of people's own choice.
 */
const sections: readonly { readonly at: readonly string[]; readonly plain: readonly string[] }[] = [
  { at: ['api'], plain: ['listen', 'open', 'requestsPerSecond', 'trustedProxies'] },
  { at: ['api', 'tokens', '*'], plain: ['scopes'] },
  { at: ['webhooks', '*'], plain: ['type', 'mode', 'expires', 'rules'] },
  { at: ['alerts', '*'], plain: ['type', 'sites', 'on', 'group', 'perHour'] },
  { at: ['deadMan'], plain: ['every'] },
]

/** Sections that are spelled right, and none of those. */
const others = new Set<Path[number] | undefined>(['version', 'providers', 'sites', 'resolvers', 'nameservers', 'history', 'state'])

/** A path with its section's words as they should be written. */
const spelled = (path: Path): Path => {
  const [root, second, ...rest] = path
  if (others.has(root)) return path
  const own = suggest(String(root), ['api', 'webhooks', 'alerts', 'deadMan'])
  if (own === undefined) return path
  if (own !== 'api' || second === undefined) return [own, ...path.slice(1)]
  return [own, suggest(String(second), ['tokens', 'listen', 'open', 'requestsPerSecond', 'trustedProxies']) ?? second, ...rest]
}

const isOn = (path: Path, at: readonly string[]): boolean => path.every((part, index) => at[index] === '*' || at[index] === part)

const holdsNone = (key: string, plain: readonly string[]): boolean => /files?$/i.test(key) || plain.includes(key) || (!isSecretKey(key) && suggest(key, plain) !== undefined)

/** Undefined: it is in none of the sections. */
const isSecretInSection = (path: Path, isMap: boolean): boolean | undefined => {
  const way = spelled(path)
  if (!sections.some(({ at }) => at[0] === way[0])) return undefined
  // Where a map of names or keys belongs, anything else may be what should stand deeper in it.
  if (sections.some(({ at }) => way.length <= at.length && isOn(way, at))) return !isMap
  const section = sections.find(({ at }) => way.length === at.length + 1 && isOn(way.slice(0, -1), at))
  return section !== undefined && !holdsNone(String(way.at(-1)), section.plain)
}

/** Whether the keys of the map at a path are names of people's own choice, which may well say `token`. */
const isFreeName = (path: Path): boolean => path.length < 2 || path.at(-1) === 'regions' || path.at(-1) === 'records'

/** Whether what stands at a path, a map or something else, is a secret with everything in it. */
export const isSecretAt = (path: Path, isMap: boolean): boolean => {
  const key = String(path.at(-1) ?? '')
  return isSecretInSection(path, isMap) ?? ((key === 'tsig' && !isMap) || (!isFreeName(path.slice(0, -1)) && isSecretKey(key)))
}
