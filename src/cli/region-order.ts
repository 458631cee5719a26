import { systemClock } from '../engine/clock.ts'
import type { OrderView, SiteView } from '../engine/views.ts'
import { findRegion } from './find-region.ts'
import { type Answer, refusal } from './link/answer.ts'
import { localOperator } from './link/local-operator.ts'
import { type OperatorLink, serviceOperator } from './link/operator-link.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderReport, regionOf, regionOrderReport, regionOrderText } from './render/region-order-report.ts'
import { warnings } from './verb.ts'
import { whoami } from './whoami.ts'

export interface RegionOrderOptions extends OperatorVerbOptions {
  readonly region: string
  /** Undefined: the only site that has such a region. */
  readonly site: string | undefined
  readonly isDryRun: boolean
}

export interface RegionOrder {
  /** As the lock is to name it: `dns-failover drain`. */
  readonly command: string
  readonly give: (link: OperatorLink, site: string) => Promise<Answer<OrderView>>
  /** A line for what comes next, where it is done. */
  readonly next: (report: RegionOrderReport) => string
  /** What is to be waited for once the order is in force. */
  readonly after?: (link: OperatorLink, ending: Ending<RegionOrderReport>) => Promise<Ending<RegionOrderReport>>
}

/** Whom to ask, as an operator's link; the caller closes it. */
export const operatorOf = (link: Reached, command: string, io: ReconcileIo, env: NodeJS.ProcessEnv): OperatorLink =>
  link.kind === 'service'
    ? serviceOperator(link.client)
    : localOperator({ loaded: link.loaded, command, actor: { name: whoami(env), via: 'command line' }, log: warnings(io, link.loaded.redact) })

const nothing = ({ region, isDryRun }: RegionOrderOptions): RegionOrderReport => ({ via: null, site: null, region, dryRun: isDryRun, outcome: 'failed', changes: [], drain: null, force: null, wait: null })

interface Held {
  readonly outcome: RegionOrderReport['outcome']
  readonly exitCode: number
  readonly code: string
  readonly text: string
}

const held = (text: string): Held => ({ outcome: 'held', exitCode: 3, code: 'held', text })

const pausedText = ({ pause }: SiteView): string | undefined =>
  pause === null ? undefined : `the order is in force, but the site is paused by ${pause.by} (${pause.reason}), and nothing is written until ${pause.until ?? 'it is resumed'}`

/** Why an order that is in force is not carried out. A service may yet be about to; of a run from here all is known. */
const heldBack = ({ site, changes, region }: OrderView, via: OperatorLink['via']): Held | undefined => {
  const paused = pausedText(site)
  if (paused !== undefined) return held(paused)
  const refused = changes.find((change) => change.refused !== null)?.refused
  if (refused !== undefined && refused !== null) return held(`the order is in force, but the guard refuses what it asks for: ${refused}`)
  if (via === 'service') return undefined
  const { trouble } = site.provider
  if (trouble !== null) return { outcome: 'failed', exitCode: 1, code: 'provider', text: `the order is in force, but could not be written to the records: ${trouble}; the next dns-reconcile tries again` }
  const { phase, text } = regionOf(site, region)?.drain?.progress ?? {}
  if (phase === 'held' || phase === 'withdrawing') return held(`the order is in force, but the region is still published: ${text ?? ''}`)
  const late = site.sets.find(({ verification }) => verification !== null && verification.outcome !== 'agreed')
  return late === undefined ? undefined : { outcome: 'unverified', exitCode: 4, code: 'unverified', text: `written, but the name servers did not all answer with it in time: ${late.name} ${late.type} ${late.verification?.outcome ?? ''}` }
}

const endingOf = (order: OrderView, via: OperatorLink['via']): Ending<RegionOrderReport> => {
  if (order.isDryRun) return { exitCode: order.changes.length === 0 ? 0 : 2, data: regionOrderReport(order, via, 'planned') }
  const back = heldBack(order, via)
  if (back === undefined) return { exitCode: 0, data: regionOrderReport(order, via, 'done') }
  return { exitCode: back.exitCode, data: regionOrderReport(order, via, back.outcome), error: refusal(back.code, back.text).error }
}

const unknownOutcome = 'interrupted; whether the order is in force is not known: "dns-failover status" tells'

/** Finds the region, gives the order, and says what came of it. What is taken back that was not ordered is no error. */
export const runRegionOrder = (options: RegionOrderOptions, order: RegionOrder, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runOperatorVerb<RegionOrderReport>(options, io, env, signal, {
    nothing: nothing(options),
    act: async (reached) => {
      const link = operatorOf(reached, order.command, io, env)
      const failed = ({ exitCode, error }: { readonly exitCode: number; readonly error: Ending<RegionOrderReport>['error'] }, site: string | null = null): Ending<RegionOrderReport> => ({
        exitCode,
        data: { ...nothing(options), via: link.via, site },
        error,
      })
      try {
        const places = await link.places(signal)
        if (places.kind === 'refused') return failed(places)
        const found = findRegion(options.region, options.site, places.value)
        if (found.kind === 'unknown') return failed(refusal('usage', found.message))
        const answer = await order.give(link, found.site).catch((error: unknown) => (signal.aborted ? refusal('interrupted', unknownOutcome) : Promise.reject(error)))
        if (answer.kind === 'refused') {
          if (answer.error.code !== 'no-order') return failed(answer, found.site)
          return { exitCode: 0, data: { ...nothing(options), via: link.via, site: found.site, outcome: 'unchanged' } }
        }
        const ending = endingOf(answer.value, link.via)
        return order.after === undefined || options.isDryRun ? ending : await order.after(link, ending)
      } finally {
        await link.close()
      }
    },
    render: (report, style) => regionOrderText(report, systemClock.wallNow(), style, order.next(report)),
  })
