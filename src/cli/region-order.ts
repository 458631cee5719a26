import { systemClock } from '../engine/clock.ts'
import type { OrderView, SiteView } from '../engine/views.ts'
import { findRegion } from './find-region.ts'
import { type Answer, refusal, type Refused } from './link/answer.ts'
import { localOperator } from './link/local-operator.ts'
import { type OperatorLink, serviceOperator } from './link/operator-link.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderReport, regionOf, regionOrderReport, regionOrderText } from './render/region-order-report.ts'
import { momentText } from './render/moment.ts'
import { warnings } from './verb.ts'
import { whoami } from './whoami.ts'

interface RegionPlace {
  readonly region: string
  /** Undefined: the only site that has such a region. */
  readonly site: string | undefined
}

export interface RegionOrderOptions extends OperatorVerbOptions, RegionPlace {
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
const operatorOf = (link: Reached, command: string, io: ReconcileIo, env: NodeJS.ProcessEnv): OperatorLink =>
  link.kind === 'service'
    ? serviceOperator(link.client)
    : localOperator({ loaded: link.loaded, command, actor: { name: whoami(env), via: 'command line' }, log: warnings(io, link.loaded.redact) })

/** The only site whose region is meant, and whom to ask about it; `failed` where there is none. */
export const atRegion = async <T>(
  reached: Reached,
  options: RegionPlace,
  around: { readonly command: string; readonly io: ReconcileIo; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
  failed: (refused: Refused, via: OperatorLink['via']) => Ending<T>,
  act: (link: OperatorLink, site: string) => Promise<Ending<T>>,
): Promise<Ending<T>> => {
  const link = operatorOf(reached, around.command, around.io, around.env)
  try {
    const places = await link.places(around.signal)
    if (places.kind === 'refused') return failed(places, link.via)
    const found = findRegion(options.region, options.site, places.value)
    switch (found.kind) {
      case 'found':
        return await act(link, found.site)
      case 'not-watched':
        return failed(refusal('not-watched', found.message, 'ask again in a moment'), link.via)
      case 'unknown':
        return failed(refusal('usage', found.message), link.via)
    }
  } finally {
    await link.close()
  }
}

const nothing = ({ region, isDryRun }: RegionOrderOptions): RegionOrderReport => ({ via: null, site: null, region, dryRun: isDryRun, outcome: 'failed', changes: [], drain: null, force: null, wait: null })

interface Held {
  readonly outcome: RegionOrderReport['outcome']
  readonly exitCode: number
  readonly code: string
  readonly text: string
}

const held = (text: string): Held => ({ outcome: 'held', exitCode: 3, code: 'held', text })

const pausedText = ({ pause }: SiteView): string | undefined =>
  pause === null ? undefined : `the order is in force, but the site is paused by ${pause.by} (${pause.reason}), and nothing is written until ${pause.until === null ? 'it is resumed' : momentText(pause.until)}; "dns-failover resume" ends that`

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

export const unknownOutcome = 'interrupted; whether the order is in force is not known: "dns-failover status" tells'

/** Finds the region, gives the order, and says what came of it. What is taken back that was not ordered is no error. */
export const runRegionOrder = (options: RegionOrderOptions, order: RegionOrder, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runOperatorVerb<RegionOrderReport>(options, io, env, signal, {
    nothing: nothing(options),
    act: (reached) => {
      const failed = ({ exitCode, error }: Refused, via: OperatorLink['via'], site: string | null = null): Ending<RegionOrderReport> => ({ exitCode, data: { ...nothing(options), via, site }, error })
      return atRegion(reached, options, { command: order.command, io, env, signal }, failed, async (link, site) => {
        const answer = await order.give(link, site).catch((error: unknown) => (signal.aborted ? refusal('interrupted', unknownOutcome) : Promise.reject(error)))
        if (answer.kind === 'done') {
          const ending = endingOf(answer.value, link.via)
          return order.after === undefined || options.isDryRun ? ending : order.after(link, ending)
        }
        if (answer.error.code !== 'no-order') return failed(answer, link.via, site)
        return { exitCode: 0, data: { ...nothing(options), via: link.via, site, outcome: 'unchanged' } }
      })
    },
    render: (report, style) => regionOrderText(report, systemClock.wallNow(), style, order.next(report)),
  })
