import type { z } from 'zod'
import { shown } from './leaf.ts'
import { errorAt, errorAtKey, type Finding, isUnder, type Path } from './problem.ts'
import { knownKeys } from './schema-at.ts'
import { isSecretAt } from './secret-path.ts'
import { didYouMean, suggest } from './suggest.ts'

type Issue = z.core.$ZodIssue

/** What a zod issue says, and what to change in the value so that the rest of it can be judged too. */
export interface Diagnosis {
  readonly finding: Finding
  readonly repair: { readonly kind: 'remove'; readonly path: Path } | { readonly kind: 'rename'; readonly path: Path; readonly to: string }
  /** Whether what is at the path is lost, so that later findings about it would only be echoes. */
  readonly isLoss: boolean
}

export const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, part) => {
    const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    return isOwn ? (value as Record<string | number, unknown>)[part] : undefined
  }, root)

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

const loss = (path: Path, message: string): Diagnosis => ({
  finding: errorAt(path, message),
  repair: { kind: 'remove', path },
  isLoss: true,
})

/** What to write where a key is missing that has no choices. */
const advice: Readonly<Record<string, string>> = {
  version: '; begin with "version: 1"',
  url: '; such as https://{site}/',
  regions: '; each with a service subdomain or fixed addresses',
  listen: '; such as 127.0.0.1:5300',
  scopes: '; such as [read]',
  site: '; one of those under "sites"',
  region: "; one of the site's",
  cron: '; such as "0 3 * * 0", Sundays at three',
  for: '; how long it lasts, such as 1h',
}

const missing = (path: Path, choices: readonly string[] = []): Diagnosis => {
  const key = path.at(-1)
  const owner = path.at(-2)
  const where = owner === undefined ? 'the file' : typeof owner === 'number' ? `entry ${owner + 1} of "${path.at(-3)}"` : `"${owner}"`
  const end = choices.length === 0 ? (advice[String(key)] ?? '') : `: one of ${choices.join(', ')}`
  return {
    finding: errorAtKey(path, `${where} needs "${key}"${end}`),
    repair: { kind: 'remove', path },
    isLoss: true,
  }
}

const wrongType = (path: Path, expected: string, value: unknown): Diagnosis => {
  if (value === undefined) return missing(path)
  const actual = isSecretAt(path, isMap(value)) ? 'text' : shown(value)
  if (expected !== 'array') {
    return loss(path, value === null ? 'has no value; lines that belong to it must be indented further' : `must be a map ("key: value" lines), not ${actual}`)
  }
  const isScalar = typeof value === 'string' || typeof value === 'number'
  return loss(path, isScalar ? `must be a list; write [${String(value).slice(0, 60)}]` : `must be a list, not ${actual}`)
}

const unknownKey = (path: Path, key: string, root: unknown): Diagnosis => {
  const known = knownKeys(path, root)
  const map = valueAt(root, path)
  const meant = suggest(key, known)
  const isFree = meant !== undefined && !(isMap(map) && Object.hasOwn(map as object, meant))
  return {
    finding: errorAtKey([...path, key], `unknown key "${key.slice(0, 60)}"${didYouMean(key, known)}`),
    repair: isFree ? { kind: 'rename', path: [...path, key], to: meant } : { kind: 'remove', path: [...path, key] },
    isLoss: false,
  }
}

/** So many mistakes are enough for one look; each is weighed against the others. */
export const maxDiagnoses = 1000

/** Everything one issue of zod's says, in our words. */
export const diagnose = (issue: Issue, root: unknown, base: Path = []): readonly Diagnosis[] => {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))]
  const value = valueAt(root, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, maxDiagnoses).map((key) => unknownKey(path, key, root))
    case 'invalid_type':
      return [wrongType(path, issue.expected, value)]
    case 'too_small':
      return [loss(path, 'must not be empty')]
    case 'invalid_union': {
      if (issue.errors.length === 0) return [providerType(path, root)]
      // Alternatives list what is no map first and the map last; a value is judged as what it looks like.
      const branch = issue.errors.at(isMap(value) || Array.isArray(value) ? -1 : 0) ?? []
      const isNoMap = Array.isArray(value) && branch.some((each) => each.code === 'invalid_type' && each.path.length === 0)
      return (isNoMap ? (issue.errors[0] ?? []) : branch).flatMap((each) => diagnose(each, root, path))
    }
    default: {
      const isMissing = issue.code === 'custom' && issue.params?.['isMissing'] === true
      const choices: unknown = issue.code === 'custom' ? issue.params?.['choices'] : undefined
      return [isMissing ? missing(path, Array.isArray(choices) ? choices.map(String) : []) : loss(path, issue.message)]
    }
  }
}

const providerTypes = ['embedded', 'rfc2136', 'cloudflare']

const providerType = (path: Path, root: unknown): Diagnosis => {
  const value = valueAt(root, path)
  const owner = path.slice(0, -1)
  const choices = providerTypes.join(', ')
  const finding =
    value === undefined
      ? errorAtKey(path, `"${owner.at(-1)}" needs "type": one of ${choices}`)
      : errorAt(path, `${shown(value)} is not a type of provider${didYouMean(typeof value === 'string' ? value : '', providerTypes, 'choose from')}`)
  return { finding, repair: { kind: 'remove', path: owner }, isLoss: true }
}

/** Whether a finding only echoes a loss: it is about what was lost, or rests on something of which a part was lost. */
export const isEcho = ({ path, restsOn }: Finding, lost: readonly Path[]): boolean =>
  lost.some((each) => isUnder(path, each) || (restsOn !== undefined && (isUnder(restsOn, each) || isUnder(each, restsOn))))
