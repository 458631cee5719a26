import { didYouMean } from '../../config/suggest.ts'
import type { Replication } from '../../core/replication.ts'
import type { Site } from '../../core/site.ts'
import type { Ending } from '../verb.ts'

export type Replicated = { readonly kind: 'site'; readonly site: Site; readonly replication: Replication } | { readonly kind: 'none'; readonly message: string }

/** The one site that is meant: chosen by name, or the only one that has replication. */
export const replicatedSite = (sites: readonly Site[]): Replicated => {
  const found = sites.flatMap((site) => (site.replication === undefined ? [] : [{ kind: 'site' as const, site, replication: site.replication }]))
  const [first, ...others] = found
  if (first === undefined) return { kind: 'none', message: `${sites.length === 1 ? `site ${sites[0]?.name} has no` : 'no site has a'} "replication" section in the config` }
  if (others.length > 0) return { kind: 'none', message: `several sites have replication; choose one with --site: ${found.map(({ site }) => site.name).join(', ')}` }
  return first
}

/** Why a region is not one; undefined: it is. */
export const regionProblem = (region: string, replication: Replication): string | undefined => {
  const known = Object.keys(replication.hosts)
  return known.includes(region) ? undefined : `the site has no region ${JSON.stringify(region)}${didYouMean(region, known, 'there are')}`
}

/** The verb was asked for what there is not. */
export const misused = <T>(data: T, message: string): Ending<T> => ({ exitCode: 64, data, error: { code: 'usage', message, outcome: null, obstacle: null, retryAfterMs: null } })
