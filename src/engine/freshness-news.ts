import type { SiteState } from '../core/site-state.ts'
import type { Suspicion } from '../core/suspicion.ts'
import type { SitePorts } from './ports.ts'

/** What a look has come to. */
export interface FreshnessFindings extends Pick<SiteState, 'stale' | 'catchingUp'> {
  readonly suspicions: readonly (readonly [string, Suspicion])[]
  readonly differences: readonly { readonly path: string; readonly text: string }[]
  /** Paths of which it is not known that the regions agree. */
  readonly unsure: readonly string[]
}

/** What has been said and is not over. */
type Said = Pick<SiteState, 'suspected' | 'differing'>

/** Says each change once. */
export interface FreshnessNews {
  told(findings: FreshnessFindings): Said
}

const added = <T>(to: Readonly<Record<string, T>>, from: Readonly<Record<string, unknown>>): readonly (readonly [string, T])[] => Object.entries(to).filter(([key]) => !Object.hasOwn(from, key))

/** `before`: what was said already, by whoever watched the site before a reload; that nothing is suspicious any more takes `fall` looks to know. */
export const createFreshnessNews = (site: string, before: Pick<SiteState, 'stale' | 'catchingUp'> & Said, fall: number, report: SitePorts['report']): FreshnessNews => {
  let last: Pick<SiteState, 'stale' | 'catchingUp'> = before
  let { suspected, differing } = before
  let looks = 0

  const regions = ({ stale, catchingUp }: FreshnessFindings): void => {
    for (const [region, { writer, lagMs, ahead, detail }] of added(stale, last.stale)) report({ site, kind: 'stale', region, writer, lagMs, ahead, text: detail })
    for (const [region] of added(last.stale, stale)) report({ site, kind: 'fresh', region, text: 'nothing that others have is known to be missing there' })
    for (const [region] of added(last.catchingUp, { ...catchingUp, ...stale })) report({ site, kind: 'caught-up', region, text: 'it has caught up with the others' })
    last = { stale, catchingUp }
  }

  const replication = ({ suspicions }: FreshnessFindings): void => {
    const reasons = suspicions.map(([key]) => key)
    if (reasons.some((key) => !suspected.includes(key))) report({ site, kind: 'replication-suspected', text: suspicions.map(([, { text }]) => text).join('; ') })
    else if (looks < fall) return
    else if (reasons.length === 0 && suspected.length > 0) report({ site, kind: 'replication-mended' })
    suspected = reasons
  }

  const content = ({ differences, unsure }: FreshnessFindings): void => {
    for (const { path, text } of differences) if (!differing.includes(path)) report({ site, kind: 'content-differs', path, text })
    const over = differing.filter((path) => !unsure.includes(path))
    for (const path of over) report({ site, kind: 'content-agrees', path })
    differing = [...new Set([...differing.filter((path) => !over.includes(path)), ...differences.map(({ path }) => path)])]
  }

  return {
    told: (findings) => {
      looks += 1
      regions(findings)
      replication(findings)
      content(findings)
      return { suspected, differing }
    },
  }
}
