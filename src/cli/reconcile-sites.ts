import type { Composition } from '../compose.ts'
import type { Site } from '../core/site.ts'
import { runOnce } from '../engine/once.ts'
import type { Clock } from '../engine/ports.ts'
import { errorReport } from './render/error-report.ts'
import type { ErrorReport, SiteReport } from './render/json.ts'
import { failedSiteReport, safeSiteReport } from './render/site-report.ts'

export interface RunOptions {
  readonly isDryRun: boolean
  readonly checksMs: number
  readonly verifyMs: number
  readonly clock: Pick<Clock, 'now' | 'wallNow' | 'sleep'>
  readonly redact: (text: string) => string
  /** Why a site's state could not be saved, if so. */
  readonly unsavedOf: (site: string) => string | undefined
}

/** After an abort: what has not ended by then is left behind, and said so. */
const graceMs = 1_500

const interrupted = (message: string, outcome: ErrorReport['outcome']): ErrorReport => ({ code: 'interrupted', message, outcome, obstacle: null, retryAfterMs: null })

const runSite = async (site: Site, composition: Composition, options: RunOptions, signal: AbortSignal): Promise<SiteReport> => {
  const { isDryRun, checksMs, verifyMs, clock, redact, unsavedOf } = options
  try {
    const ports = composition.portsOf(site)
    const result = await runOnce(site, ports, { isDryRun, checksMs, verifyMs }, signal)
    const { batch } = ports.provider.capabilities
    return safeSiteReport(site, result, { isInterrupted: signal.aborted, checksMs, unsaved: unsavedOf(site.name), batch, clock, redact })
  } catch (error) {
    return failedSiteReport(site, signal.aborted ? 'interrupted' : 'failed', errorReport(error, redact))
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
      const [message, outcome] = options.isDryRun ? ['it did not end in time', null] as const : ['it did not end in time: a write may have been under way', 'unknown'] as const
      return failedSiteReport(site, 'interrupted', interrupted(message, outcome))
    }),
  )
  finished.abort()
  return reports
}
