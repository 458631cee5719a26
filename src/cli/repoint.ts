import type { RepointView } from '../engine/views.ts'
import { refusal, type Refused } from './link/answer.ts'
import type { OperatorLink } from './link/operator-link.ts'
import { runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { atRegion, type RegionOrderOptions, unknownOutcome } from './region-order.ts'
import { type RepointReport, repointText } from './render/repoint-report.ts'

export interface RepointOptions extends RegionOrderOptions {
  readonly addresses: readonly string[]
  readonly keepsOtherFamily: boolean
  readonly isUnchecked: boolean
  /** Empty: none was given. */
  readonly reason: string
}

const endingOf = (view: RepointView, via: OperatorLink['via']): Ending<RepointReport> => {
  const { site, region, isDryRun, service, checks, changes, verification, text } = view
  const report = { via, site: site.site, region, service, dryRun: isDryRun, checks, changes, verification, text }
  if (isDryRun) return { exitCode: changes.length === 0 ? 0 : 2, data: { ...report, outcome: changes.length === 0 ? 'unchanged' : 'planned' } }
  if (changes.length === 0) return { exitCode: 0, data: { ...report, outcome: 'unchanged' } }
  if (verification?.outcome === 'agreed') return { exitCode: 0, data: { ...report, outcome: 'done' } }
  const late = 'written, but the name servers did not all answer with it in time; it is in force as each of them follows'
  return { exitCode: 4, data: { ...report, outcome: 'unverified' }, error: refusal('unverified', late).error }
}

/** Points a region's service subdomain at a replacement. */
export const repoint = (options: RepointOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { region, addresses, keepsOtherFamily, isUnchecked, reason, isDryRun } = options
  const nothing: RepointReport = { via: null, site: null, region, service: null, dryRun: isDryRun, outcome: 'failed', checks: [], changes: [], verification: null, text: '' }
  const failed = ({ exitCode, error }: Refused, via: OperatorLink['via'], site: string | null = null): Ending<RepointReport> => ({ exitCode, data: { ...nothing, via, site }, error })
  return runOperatorVerb<RepointReport>(options, io, env, signal, {
    nothing,
    act: (reached) =>
      atRegion(reached, options, { command: 'dns-failover repoint', io, env, signal }, failed, async (link, site) => {
        const request = { region, addresses, keepsOtherFamily, isUnchecked, reason: reason === '' ? 'no reason given' : reason, isDryRun }
        const answer = await link.repoint(site, request, signal).catch((error: unknown) => (signal.aborted ? refusal('interrupted', unknownOutcome) : Promise.reject(error)))
        return answer.kind === 'done' ? endingOf(answer.value, link.via) : failed(answer, link.via, site)
      }),
    render: repointText,
  })
}
