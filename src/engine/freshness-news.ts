import type { SiteState } from '../core/site-state.ts'
import type { Suspicion } from '../core/suspicion.ts'
import type { SitePorts } from './ports.ts'

/** What a look has come to. */
export interface FreshnessFindings extends Pick<SiteState, 'stale' | 'catchingUp'> {
  readonly suspicions: readonly (readonly [string, Suspicion])[]
  readonly differences: readonly { readonly path: string; readonly text: string }[]
}

/** Says each change once. */
export interface FreshnessNews {
  told(findings: FreshnessFindings): void
}

/** `before`: what was said already, by whoever watched the site before a reload. */
export const createFreshnessNews = (site: string, before: Pick<SiteState, 'stale' | 'catchingUp'>, report: SitePorts['report']): FreshnessNews => {
  let last: Pick<SiteState, 'stale' | 'catchingUp'> = before
  let suspected: ReadonlySet<string> = new Set()
  let differing: ReadonlySet<string> = new Set()

  return {
    told: ({ stale, catchingUp, suspicions, differences }) => {
      for (const [region, { writer, lagMs, ahead, detail }] of Object.entries(stale)) {
        if (!Object.hasOwn(last.stale, region)) report({ site, kind: 'stale', region, writer, lagMs, ahead, text: detail })
      }
      for (const region of Object.keys(last.stale)) {
        if (!Object.hasOwn(stale, region)) report({ site, kind: 'fresh', region, text: 'it has what others have' })
      }
      for (const region of Object.keys(last.catchingUp)) {
        if (!Object.hasOwn(catchingUp, region) && !Object.hasOwn(stale, region)) report({ site, kind: 'caught-up', region, text: 'it has caught up with the others' })
      }
      last = { stale, catchingUp }
      const reasons = new Set(suspicions.map(([key]) => key))
      if ([...reasons].some((key) => !suspected.has(key))) report({ site, kind: 'replication-suspected', text: suspicions.map(([, { text }]) => text).join('; ') })
      else if (reasons.size === 0 && suspected.size > 0) report({ site, kind: 'replication-mended' })
      suspected = reasons
      for (const { path, text } of differences) if (!differing.has(path)) report({ site, kind: 'content-differs', path, text })
      for (const path of differing) if (!differences.some((each) => each.path === path)) report({ site, kind: 'content-agrees', path })
      differing = new Set(differences.map(({ path }) => path))
    },
  }
}
