import type { Fqdn } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import type { SourceMode } from '../core/word.ts'
import { buildCheck } from './build-check.ts'
import { buildRegion } from './build-region.ts'
import { buildReplication } from './build-replication.ts'
import { buildWindows } from './build-windows.ts'
import { checkUrl } from './check-url-rules.ts'
import { durationText } from './duration.ts'
import type { NamedFiles } from './named-files.ts'
import { parseName } from './network-leaf.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import type { SiteInput } from './site-schema.ts'

const namesOf = (key: string, input: SiteInput, path: Path, report: Report): readonly Fqdn[] => {
  if (input.names !== undefined) {
    if (!/^\S{1,253}$/.test(key)) report(errorAtKey(path, 'the name of a site is 1 to 253 characters without spaces'))
    return input.names
  }
  const parsed = parseName(key)
  if (parsed.ok) return [parsed.value]
  report(errorAtKey(path, `${parsed.message}; or list the main domains under "names"`))
  return []
}

/** What a site's parts are wanted for besides the file itself. */
export interface SiteContext {
  /** The provider that the site says, or the only one; empty if neither. */
  readonly provider: string
  readonly files: NamedFiles
  readonly confirmSpanMs: number
  /** The webhooks that may speak of it. */
  readonly sources: Readonly<Record<string, SourceMode>>
}

/** Who votes: this program, and the webhooks that do. What only hints or decides alone is no vote. */
const checkQuorum = (quorum: number | undefined, sources: SiteContext['sources'], path: Path, report: Report): void => {
  const voting = Object.entries(sources).filter(([, mode]) => mode === 'vote').map(([name]) => `"${name}"`)
  if (quorum === undefined || quorum <= voting.length + 1) return
  const who = voting.length === 0 ? 'only this program votes' : `only this program and ${voting.join(', ')} vote`
  report({ ...errorAt([...path, 'quorum'], `${quorum} never come together, so that nothing would be withdrawn: ${who} on this site`), restsOn: ['webhooks'] })
}

/** One site; undefined if it has no name, which has been reported. */
export const buildSite = (key: string, input: SiteInput, path: Path, context: SiteContext, report: Report): Site | undefined => {
  const [first, ...others] = namesOf(key, input, path, report)
  const regions = Object.entries(input.regions)
    .map(([name, region]) => buildRegion(name, region, input.allowPrivate, [...path, 'regions', name], report))
    .filter((region) => region !== undefined)
  const check = buildCheck(input.check, [...path, 'check'], context.files, context.confirmSpanMs, report)
  for (const [at, url] of input.reference.entries()) checkUrl(url, [...path, 'reference', at], report)
  const { base, max, halfLife } = input.damping
  if (base > max) report(errorAt([...path, 'damping', 'base'], `${durationText(base)} is longer than "max", ${durationText(max)}`))
  const windows = buildWindows(input.windows, Object.keys(input.regions), path, report)
  checkQuorum(input.quorum, context.sources, path, report)
  const replication = input.replication === undefined ? undefined : buildReplication(input.replication, input.regions, [...path, 'replication'], report)
  if (first === undefined) return undefined
  return {
    name: key,
    names: [first, ...others],
    provider: context.provider,
    ttl: input.ttl,
    regions,
    check,
    policy: {
      minPublished: input.minPublished,
      failOpenBelow: input.failOpenBelow,
      failOpen: input.failOpen,
      foreign: input.foreign,
      allowPrivate: input.allowPrivate,
      damping: { baseMs: base, maxMs: max, halfLifeMs: halfLife },
      budgetWindowMs: input.removalWindow,
    },
    reference: input.reference,
    windows,
    sources: context.sources,
    quorum: input.quorum,
    replication,
  }
}
