import type { ChangeOnceResult } from '../../engine/change-once.ts'
import type { Clock } from '../../engine/ports.ts'
import { errorReport } from './error-report.ts'
import { errorText } from './error-text.ts'
import type { ErrorReport, SiteReport } from './json.ts'
import { planText } from './plan-text.ts'
import { changeReport, verificationReport } from './site-report.ts'
import { printable, type Style } from './style.ts'
import { verificationText } from './verification-text.ts'

/** What `adopt --json` and `release --json` print, besides what every verb does. */
export interface OrderReport {
  /** False: a preview, nothing was written. */
  readonly confirmed: boolean
  readonly sites: readonly OrderedSite[]
}

/** What came of an operator's order at one site. */
export interface OrderedSite {
  readonly site: string
  readonly outcome: 'unchanged' | 'planned' | 'applied' | 'unverified' | 'held' | 'failed'
  /** Why it was not done, or what to know of it. */
  readonly notes: readonly { readonly text: string }[]
  readonly changes: SiteReport['changes']
  readonly verifications: SiteReport['verifications']
  readonly error?: ErrorReport
}

const outcomeOf = ({ failure, verifications, writes, planned }: ChangeOnceResult): OrderedSite['outcome'] => {
  if (failure !== undefined) return 'failed'
  if (verifications.some(({ outcome }) => outcome !== 'agreed')) return 'unverified'
  if (planned.length > 0) return 'planned'
  return writes.length > 0 ? 'applied' : 'unchanged'
}

export const orderedSite = (site: string, result: ChangeOnceResult, notes: readonly string[], clock: Pick<Clock, 'now' | 'wallNow'>, redact: (text: string) => string): OrderedSite => {
  const { writes, planned, verifications, failure } = result
  const applied = failure !== undefined && 'outcome' in failure && failure.outcome === 'unknown' ? null : false
  return {
    site,
    outcome: outcomeOf(result),
    notes: notes.map((text) => ({ text })),
    changes: [
      ...writes.map(({ change }) => changeReport(change, { kind: 'allowed' }, true, redact)),
      ...planned.map((change) => changeReport(change, { kind: 'allowed' }, applied, redact)),
    ],
    verifications: verifications.map((verification, at) => verificationReport(verification, writes[at]?.writtenAt ?? clock.now(), clock)),
    ...(failure === undefined ? {} : { error: errorReport(failure, redact) }),
  }
}

/** A site at which nothing was tried. */
export const leftSite = (site: string, outcome: 'held' | 'failed', text: string): OrderedSite => ({ site, outcome, notes: [{ text }], changes: [], verifications: [] })

/** The worst first: 1, 4, 3, 2, 0. */
export const orderExitCode = (sites: readonly OrderedSite[]): number => {
  const has = (outcome: OrderedSite['outcome']): boolean => sites.some((site) => site.outcome === outcome)
  return has('failed') ? 1 : has('unverified') ? 4 : has('held') ? 3 : has('planned') ? 2 : 0
}

const siteText = (report: OrderedSite, isConfirmed: boolean, style: Style): string => {
  const { changes, error, notes, verifications, outcome } = report
  const errors = error === undefined ? [] : errorText(error).map((line, at) => (at === 0 ? `  ${style.red('error')}: ${line}\n` : `         ${line}\n`))
  const paint = outcome === 'held' || outcome === 'failed' ? style.yellow : style.dim
  return [
    `${style.bold(report.site)}\n`,
    ...changes.map((change) => planText(change, !isConfirmed, style)),
    ...verifications.map((verification) => verificationText(verification, style)),
    ...(outcome === 'unchanged' ? ['  nothing to change\n'] : []),
    ...notes.map(({ text }) => `  ${paint(printable(text))}\n`),
    ...errors,
  ].join('')
}

/** An order's preview, or what came of it, for people. */
export const orderText = ({ confirmed, sites }: OrderReport, style: Style): string => {
  const isWaiting = !confirmed && sites.some(({ outcome }) => outcome === 'planned')
  return `${sites.map((site) => siteText(site, confirmed, style)).join('\n')}${isWaiting ? '\nThis is a preview: nothing was written. Add --yes to do it.\n' : ''}`
}
