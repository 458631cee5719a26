import type { OrderView, PlannedChangeView, RegionView, SiteView } from '../../engine/views.ts'
import { momentText, spanText } from './moment.ts'
import { plannedChangeText } from './planned-change-text.ts'
import { printable, type Style } from './style.ts'
import type { WaitReport } from './wait-report.ts'

/** What `drain`, `undrain`, `force` and `unforce` print with `--json`, besides what every verb does. Times: ISO 8601, UTC. */
export interface RegionOrderReport {
  /** Who gave the order: a service, or this process by the state directory. Null: nobody could be asked. */
  readonly via: 'service' | 'state' | null
  readonly site: string | null
  readonly region: string
  readonly dryRun: boolean
  /** `unchanged`: there was no such order to take back. `held`: it is in force, but is not, or not yet, carried out. */
  readonly outcome: 'done' | 'planned' | 'unchanged' | 'held' | 'unverified' | 'failed'
  /** What was planned when the order was given. */
  readonly changes: readonly PlannedChangeView[]
  /** As they stand now. */
  readonly drain: RegionView['drain']
  readonly force: RegionView['force']
  /** Only of `drain --wait`. */
  readonly wait: WaitReport | null
}

export const regionOf = (site: SiteView, region: string): RegionView | undefined => site.regions.find((each) => each.region === region)

export const regionOrderReport = (order: OrderView, via: 'service' | 'state', outcome: RegionOrderReport['outcome']): RegionOrderReport => {
  const now = regionOf(order.site, order.region)
  return { via, site: order.site.site, region: order.region, dryRun: order.isDryRun, outcome, changes: order.changes, drain: now?.drain ?? null, force: now?.force ?? null, wait: null }
}

const untilText = (until: string | null, nowMs: number): string => (until === null ? 'until it is taken back' : `until ${momentText(until)} (${spanText(Date.parse(until) - nowMs)})`)

const standText = ({ region, drain, force }: RegionOrderReport, nowMs: number): string => {
  if (force !== null) return `${region} is forced ${force.to} ${untilText(force.until, nowMs)}: ${printable(force.reason)}`
  if (drain !== null) return `${region} is drained ${untilText(drain.until, nowMs)}: ${printable(drain.reason)}`
  return `${region} is neither drained nor forced`
}

const safeText = ({ site, region, drain, changes }: RegionOrderReport, { safeSince }: WaitReport, style: Style): string => {
  const since = safeSince === null ? 'now' : momentText(safeSince)
  const end = drain?.until === null || drain === null ? 'lasts until it is taken back' : `ends at ${momentText(drain.until)}`
  return `${style.bold(site ?? '')}: ${style.green(`${region} is safe to reboot since ${since}`)}; the drain ${end}\n${changes.map((change) => plannedChangeText(change, style)).join('')}`
}

const wouldText = (changes: readonly PlannedChangeView[]): string => (changes.length === 0 ? 'nothing would change' : 'this would change')

/** `done`: a line for what comes next, where it is done. */
export const regionOrderText = (report: RegionOrderReport, nowMs: number, style: Style, done: string): string => {
  const { site, dryRun, outcome, changes, wait } = report
  const isOrdered = wait !== null || report.drain !== null || report.force !== null
  if (site === null || (outcome === 'failed' && !isOrdered)) return ''
  const head = dryRun ? wouldText(changes) : outcome === 'unchanged' ? `nothing to take back: ${standText(report, nowMs)}` : standText(report, nowMs)
  if (wait?.outcome === 'safe') return safeText(report, wait, style)
  const next = dryRun ? 'A dry run: nothing was ordered, and nothing written.\n' : outcome === 'done' && wait === null && done !== '' ? `${done}\n` : ''
  return `${style.bold(site)}: ${head}\n${changes.map((change) => plannedChangeText(change, style)).join('')}${next}`
}
