import type { RepointView } from '../../engine/views.ts'
import { tookText } from './duration.ts'
import { momentText } from './moment.ts'
import { plannedChangeText } from './planned-change-text.ts'
import { printable, type Style } from './style.ts'

/** What `repoint --json` prints, besides what every verb does. */
export interface RepointReport {
  readonly via: 'service' | 'state' | null
  readonly site: string | null
  readonly region: string
  /** The service subdomain. */
  readonly service: string | null
  readonly dryRun: boolean
  /** `unchanged`: it leads there already. */
  readonly outcome: 'done' | 'planned' | 'unchanged' | 'unverified' | 'failed'
  /** What each address said to the site's check. */
  readonly checks: RepointView['checks']
  readonly changes: RepointView['changes']
  /** What the name servers answer; null: nothing was written. */
  readonly verification: RepointView['verification']
  readonly text: string
}

const verifiedLines = ({ verification }: RepointReport, style: Style): readonly string[] => {
  if (verification === null) return []
  const { outcome, timeToEffectMs, movedAt, servers } = verification
  const head = outcome === 'agreed' ? style.green(`every name server answers with it${timeToEffectMs === null ? '' : `, after ${tookText(timeToEffectMs)}`}`) : style.yellow(`the name servers: ${outcome}`)
  const others = servers.filter(({ standing }) => standing !== 'agrees').map(({ name, address, standing, detail }) => style.yellow(`${name} (${address}) ${standing}${detail === null ? '' : `: ${printable(detail)}`}`))
  const moved = movedAt === null ? [] : [`caches have let go of what was there before by ${momentText(movedAt)}`]
  return [head, ...others, ...moved]
}

/** What was checked, what is planned or done, and what the name servers say. */
export const repointText = (report: RepointReport, style: Style): string => {
  const { site, region, service, dryRun, outcome, checks, changes, text } = report
  if (site === null || service === null) return ''
  const head = outcome === 'unchanged' ? printable(text) : `${region} (${service}) ${dryRun ? 'would be pointed elsewhere' : 'was pointed elsewhere'}`
  const lines = [
    ...checks.map(({ address, ok, text: said }) => (ok ? style.green(`${address} passes the check: ${printable(said)}`) : style.red(`${address} does not pass the check: ${printable(said)}`))),
    ...verifiedLines(report, style),
    ...(outcome === 'done' || outcome === 'unverified' ? [`the main domain follows once ${region} passes its checks`] : []),
  ]
  return `${style.bold(site)}: ${head}\n${changes.map((change) => plannedChangeText(change, style)).join('')}${lines.map((line) => `  ${line}\n`).join('')}${dryRun ? 'A dry run: nothing was written.\n' : ''}`
}
