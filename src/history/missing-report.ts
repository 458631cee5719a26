import type { ReportView } from '../engine/history-port.ts'

/** What is said of sites of which nothing can be told. */
export const missingReport = (sites: readonly string[], sinceMs: number, untilMs: number): ReportView => ({
  since: new Date(sinceMs).toISOString(),
  until: new Date(untilMs).toISOString(),
  sites: sites.map((site) => ({ site, availability: null, coverage: 0, regions: [], incidents: [] })),
  trouble: null,
})
