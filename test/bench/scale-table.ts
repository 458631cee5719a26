import type { ProviderCalls } from './provider-calls.ts'
import { secondsText, type Table } from './table.ts'

/** How one process does with many sites. Milliseconds. */
export interface ScaleReport {
  readonly sites: number
  readonly failing: number
  /** From the start of the process until its API answers, and until all sites are published. */
  readonly answersMs: number
  readonly publishedMs: number
  /** CPU of the process until then. */
  readonly startWorkedMs: number
  /** Of one core. */
  readonly steadyCpu: number
  readonly callsPerHour: number
  readonly rssMiB: number
  /** Of a process with `fewSites`. */
  readonly withFewMiB: number
  readonly fewSites: number
  readonly endMiB: number
  /** Never: infinite. */
  readonly withdrawn: { readonly medianMs: number; readonly worstMs: number }
  readonly restored: { readonly medianMs: number; readonly worstMs: number }
  /** The provider's calls until the last was withdrawn. */
  readonly failover: ProviderCalls
}

/** How the same does at Cloudflare, where requests are counted. */
export interface CloudflareReport {
  /** Of which each loses an address. */
  readonly sites: number
  readonly startRequests: number
  /** Requests from then on. */
  readonly reads: number
  readonly writes: number
  /** Of all requests, for being too many. */
  readonly refused: number
  /** Milliseconds; never: infinite. */
  readonly withdrawn: { readonly medianMs: number; readonly worstMs: number }
}

export interface PlanTime {
  readonly sites: number
  readonly ms: number
}

const seconds = (ms: number): string => secondsText(Number.isFinite(ms) ? ms : undefined)

const siteKiB = ({ rssMiB, withFewMiB, sites, fewSites }: ScaleReport): number => ((rssMiB - withFewMiB) * 1024) / Math.max(1, sites - fewSites)

export const cloudflareTable = (notes: readonly string[], report: CloudflareReport): Table => {
  const { withdrawn, ...figures } = report
  return {
    title: `${report.sites} sites in one zone at Cloudflare`,
    notes,
    columns: ['what', 'measured'],
    rows: [
      ['requests at the start', `${report.startRequests}`],
      [`${report.sites} addresses refuse at once: withdrawn, median`, seconds(withdrawn.medianMs)],
      ['the last of them', seconds(withdrawn.worstMs)],
      ['writes and readings until then', `${report.writes} and ${report.reads}`],
      ['requests refused as too many', `${report.refused}`],
    ],
    values: [{ ...figures, withdrawnMedianMs: withdrawn.medianMs, withdrawnWorstMs: withdrawn.worstMs }],
  }
}

export const scaleTable = (notes: readonly string[], report: ScaleReport, plans: readonly PlanTime[]): Table => {
  const { failover, withdrawn, restored, ...figures } = report
  return {
    title: `${report.sites} sites in one process`,
    notes,
    columns: ['what', 'measured'],
    rows: [
      ['start until the API answers', seconds(report.answersMs)],
      ['start until all sites are published', seconds(report.publishedMs)],
      ['CPU until then', seconds(report.startWorkedMs)],
      ['CPU when nothing happens', `${(100 * report.steadyCpu).toFixed(0)} % of a core`],
      ['calls of the provider an hour when nothing happens', report.callsPerHour.toFixed(0)],
      ['memory', `${report.rssMiB.toFixed(0)} MiB`],
      [`memory a site, above ${report.fewSites}`, `${siteKiB(report).toFixed(0)} KiB`],
      [`${report.failing} addresses refuse at once: withdrawn, median`, seconds(withdrawn.medianMs)],
      ['the last of them', seconds(withdrawn.worstMs)],
      ['writes and readings a withdrawn address', `${(failover.apply / report.failing).toFixed(2)} and ${(failover.read / report.failing).toFixed(2)}`],
      ['restored, median', seconds(restored.medianMs)],
      ['the last of them', seconds(restored.worstMs)],
      ['memory at the end', `${report.endMiB.toFixed(0)} MiB`],
      ...plans.map(({ sites, ms }) => [`to decide and plan ${sites} sites, each with a change`, `${ms.toFixed(0)} ms`]),
    ],
    values: [{ ...figures, siteKiB: siteKiB(report), withdrawnMedianMs: withdrawn.medianMs, withdrawnWorstMs: withdrawn.worstMs, restoredMedianMs: restored.medianMs, restoredWorstMs: restored.worstMs, failoverWrites: failover.apply, failoverReads: failover.read }, ...plans.map(({ sites, ms }) => ({ plannedSites: sites, planMs: ms }))],
  }
}
