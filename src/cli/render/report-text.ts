import type { IncidentView, ReportView, SiteReportView } from '../../engine/history-port.ts'
import { tookText } from './duration.ts'
import { momentText, spanText } from './moment.ts'
import { printable, type Style } from './style.ts'
import { type Cell, clipped, plainCell, tableLines } from './table.ts'

/** What `report --json` prints, besides what every verb does. Times: ISO 8601, UTC. */
export interface AvailabilityReport extends Omit<ReportView, 'since' | 'until'> {
  readonly via: 'service' | 'state' | null
  readonly since: string | null
  readonly until: string | null
}

/** Never rounded up: 100.000 % is said only of what was never down. */
const percentText = (share: number | null): string => (share === null ? 'not watched' : `${(Math.floor(share * 100_000 + 1e-7) / 1000).toFixed(3)} %`)

/** Of the period, how much was watched: to be known where it is not all. */
const coverageText = (coverage: number): string => (coverage >= 0.9995 ? 'all' : coverage === 0 ? 'none' : coverage < 0.001 ? '< 0.1 %' : `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`)

const shareCell = (share: number | null, style: Style): Cell => ({ text: percentText(share), paint: share === null ? style.dim : share >= 1 ? style.green : share >= 0.999 ? style.yellow : style.red })

const regionRows = ({ site, availability, coverage, regions, incidents }: SiteReportView, style: Style): readonly (readonly Cell[])[] => {
  const ofSite = [{ text: site, paint: style.bold }, shareCell(availability, style), plainCell(coverageText(coverage)), plainCell(String(incidents.length)), plainCell('')]
  const ofRegions = regions.map((region) => [
    plainCell(`  ${region.region}`),
    shareCell(region.availability, style),
    plainCell(coverageText(region.coverage)),
    plainCell(String(region.incidents)),
    plainCell(region.downMs === 0 ? '-' : spanText(region.downMs)),
  ])
  return [ofSite, ...ofRegions]
}

const timeText = (ms: number | null): string => (ms === null ? '-' : tookText(ms))

const whereText = ({ region, address }: IncidentView): string => [region, address].flatMap((each) => each ?? []).join(' ') || 'the site'

const incidentRow = (incident: IncidentView, style: Style): readonly Cell[] => {
  const { startedAt, endedAt, durationMs, kind, cause, detectMs, withdrawMs, effectMs } = incident
  return [
    plainCell(momentText(startedAt)),
    { text: `${spanText(durationMs)}${endedAt === null ? ', lasts' : ''}`, paint: endedAt === null ? style.red : style.yellow },
    plainCell(whereText(incident)),
    plainCell(`${timeText(detectMs)} / ${timeText(withdrawMs)} / ${timeText(effectMs)}`),
    plainCell(kind === 'down' ? printable(cause) : `${kind}: ${printable(cause)}`),
  ]
}

/** Availability of each site and region, and each incident, the latest first. */
export const reportText = (report: AvailabilityReport, columns: number | undefined, style: Style): string => {
  const { since, until, sites, trouble } = report
  // Where the history cannot be read, "no incidents" would be a guess.
  const isBlank = trouble !== null && sites.every(({ coverage, incidents: known }) => coverage === 0 && known.length === 0)
  if (since === null || until === null || isBlank) return ''
  const head = style.dim(clipped(`From ${momentText(since)} to ${momentText(until)}. Shares are of the time that was watched.`, columns))
  const incidents = sites.flatMap((site) => site.incidents.map((incident) => ({ site: site.site, incident })))
  const blocks = sites
    .filter((site) => site.incidents.length > 0)
    .map((site) => [
      style.bold(site.site),
      ...tableLines(['BEGAN', 'LASTED', 'WHERE', 'DETECTED/WITHDRAWN/EFFECT', 'CAUSE'], site.incidents.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).map((each) => incidentRow(each, style)), columns, style),
    ])
  const lines = [
    head,
    '',
    ...tableLines(['SITE, REGION', 'AVAILABLE', 'WATCHED', 'INCIDENTS', 'DOWN'], sites.flatMap((site) => regionRows(site, style)), columns, style),
    '',
    ...(incidents.length === 0 ? ['No incidents.'] : blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block]))),
  ]
  return `${lines.join('\n')}\n`
}
