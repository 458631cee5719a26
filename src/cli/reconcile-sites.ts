import type { Composition } from '../compose.ts'
import type { Site } from '../core/site.ts'
import { runOnce } from '../engine/once.ts'
import type { Clock } from '../engine/ports.ts'
import type { SiteReport } from './render/json.ts'
import { failedSiteReport, siteReport } from './render/site-report.ts'

export interface RunOptions {
  readonly isDryRun: boolean
  readonly checksMs: number
  readonly verifyMs: number
  readonly clock: Pick<Clock, 'now' | 'wallNow' | 'sleep'>
  readonly redact: (text: string) => string
}

/** After an abort: what has not ended by then is left behind, and said so. */
const graceMs = 1_500

const runSite = async (site: Site, composition: Composition, options: RunOptions, signal: AbortSignal): Promise<SiteReport> => {
  const { isDryRun, checksMs, verifyMs, clock, redact } = options
  try {
    const result = await runOnce(site, composition.portsOf(site), { isDryRun, checksMs, verifyMs }, signal)
    return siteReport(site, result, { isInterrupted: signal.aborted, clock, redact })
  } catch (error) {
    return failedSiteReport(site, signal.aborted ? 'interrupted' : 'failed', error, redact)
  }
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Runs all sites at once, each to its own report. Settles within moments of an abort. */
export const reconcileSites = async (
  sites: readonly Site[],
  composition: Composition,
  options: RunOptions,
  signal: AbortSignal,
): Promise<readonly SiteReport[]> => {
  const finished = new AbortController()
  const left = (async (): Promise<'left'> => {
    await whenAborted(AbortSignal.any([signal, finished.signal]))
    await options.clock.sleep(graceMs, finished.signal)
    return 'left'
  })()
  const reports = await Promise.all(
    sites.map(async (site) => {
      const report = await Promise.race([runSite(site, composition, options, signal), left])
      if (report !== 'left') return report
      return failedSiteReport(site, 'interrupted', new Error('interrupted before it ended; if a write was under way, it may or may not have been made'), options.redact)
    }),
  )
  finished.abort()
  return reports
}
