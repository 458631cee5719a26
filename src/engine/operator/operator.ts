import type { Orders } from '../../core/orders.ts'
import { inTurns } from '../in-turns.ts'
import type { LiveSite } from '../live-site.ts'
import type { Actor, HeardWord, Operations, Outcome } from '../operations.ts'
import { planText, plannedChangeViews } from '../plan-view.ts'
import type { OrderWriter } from '../ports.ts'
import type { OverviewView, SiteSummaryView } from '../views.ts'
import { hearWords } from './hear-words.ts'
import { resultsView } from '../results-view.ts'
import { createSharedAnswers } from '../shared-answers.ts'
import { createSharedOverview } from '../shared-overview.ts'
import { siteSummary } from '../site-summary.ts'
import { byLine, refused, saved } from './refusal.ts'
import { repointRegion } from './repoint-region.ts'
import { drainRegion, forceRegion, undrainRegion, unforceRegion } from './region-orders.ts'

export interface OperatorParts {
  /** The config's sites now. */
  siteNames(): readonly string[]
  /** Undefined while its watch has yet to begin. */
  live(name: string): LiveSite | undefined
  readonly writer: OrderWriter
  health: Operations['health']
  /** How long a source's word is believed, milliseconds. */
  expiresMs(source: string): number
  /** Milliseconds since the epoch. */
  wallNow(): number
  /** Each order that was given, or was not. */
  told(entry: { readonly site: string; readonly region: string | undefined; readonly actor: Actor; readonly action: string; readonly outcome: Outcome<unknown>; readonly request: unknown }): void
}

/** A cycle that somebody asked for is waited for no longer. Milliseconds. */
const longestCycleMs = 20_000

/** What is ordered for a region can be taken back though the config has it no more. */
const isOrdered = (live: LiveSite, region: string, action: string): boolean =>
  (action === 'undrain' && Object.hasOwn(live.orders().drains, region)) || (action === 'unforce' && Object.hasOwn(live.orders().forces, region))

const inRegion = (live: LiveSite, region: string, action: string): Outcome<LiveSite> =>
  live.site.regions.some(({ name }) => name === region) || isOrdered(live, region, action)
    ? { kind: 'done', value: live }
    : refused('unknown-region', `site ${live.site.name} has no region ${JSON.stringify(region)}; it has ${live.site.regions.map(({ name }) => name).join(', ')}`)

const asItIs = (orders: Orders): Orders => orders

/** What a running service can be asked, over the sites that it watches. */
export const createOperator = (parts: OperatorParts): Operations => {
  const { writer } = parts
  const answers = createSharedAnswers()

  const find = (site: string): Outcome<LiveSite> => {
    const live = parts.live(site)
    if (live !== undefined) return { kind: 'done', value: live }
    if (parts.siteNames().includes(site)) return refused('not-watched', `the watch of site ${site} has yet to begin`, 'ask again in a moment')
    return refused('unknown-site', `there is no site ${JSON.stringify(site)}; there are ${parts.siteNames().join(', ')}`)
  }

  const summaryOf = (name: string): SiteSummaryView | undefined => {
    const live = parts.live(name)
    return live === undefined ? undefined : siteSummary(live.view())
  }

  const overview = createSharedOverview(async (): Promise<OverviewView> => {
    const sites = (await inTurns(parts.siteNames(), (name) => summaryOf(name) ?? [])).flat()
    return { at: new Date(parts.wallNow()).toISOString(), sites }
  })

  /** Finds, does, and tells what came of it, unless it was only asked what would. */
  const order = async <T>(site: string, region: string | undefined, action: string, actor: Actor, request: { readonly isDryRun?: boolean }, act: (live: LiveSite) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    const found = find(site)
    const placed = found.kind === 'refused' || region === undefined ? found : inRegion(found.value, region, action)
    const outcome = placed.kind === 'refused' ? placed : await act(placed.value)
    if (request.isDryRun !== true && placed.kind === 'done') parts.told({ site, region, actor, action, outcome, request })
    return outcome
  }

  const setPause = async (live: LiveSite, pause: Parameters<OrderWriter['setPause']>[1]) => {
    const written = await saved(writer.setPause(live.site.name, pause))
    if (written.kind === 'refused') return written
    await live.ordersChanged()
    return { kind: 'done', value: live.view() } as const
  }

  return {
    sites: async () => (await inTurns(parts.siteNames(), (name) => parts.live(name)?.view() ?? [])).flat(),
    siteNames: parts.siteNames,
    site: (name) => parts.live(name)?.view(),
    overview,
    summary: summaryOf,
    results: (name) => {
      const live = parts.live(name)
      return live === undefined ? undefined : resultsView(live)
    },
    answers: async (name) => {
      const found = find(name)
      if (found.kind === 'refused') return found
      const asked = answers.of(found.value)
      return asked === undefined ? refused('busy', 'the name servers of other sites are being asked', 'ask again in a moment') : { kind: 'done', value: await asked }
    },
    health: parts.health,
    readiness: () => {
      const waiting = parts.siteNames().filter((name) => parts.live(name)?.isReady() !== true)
      return { ok: waiting.length === 0, waiting }
    },
    reconcile: (site, options, actor, signal) =>
      order(site, undefined, 'reconcile', actor, options, async (live) => {
        if (!options.isDryRun) await live.reconcile(AbortSignal.any([signal, AbortSignal.timeout(longestCycleMs)]))
        const changes = plannedChangeViews(live.planUnder(asItIs).changes)
        return { kind: 'done', value: { site: live.view(), isDryRun: options.isDryRun, changes, text: planText(changes) } }
      }),
    drain: (site, request, actor) => order(site, request.region, 'drain', actor, request, (live) => drainRegion(live, request, actor, writer)),
    undrain: (site, request, actor) => order(site, request.region, 'undrain', actor, request, (live) => undrainRegion(live, request.region, request.isDryRun, writer)),
    force: (site, request, actor) => order(site, request.region, `force ${request.to}`, actor, request, (live) => forceRegion(live, request, actor, writer)),
    unforce: (site, request, actor) => order(site, request.region, 'unforce', actor, request, (live) => unforceRegion(live, request.region, request.isDryRun, writer)),
    pause: (site, request, actor) => order(site, undefined, 'pause', actor, {}, (live) => setPause(live, { ...request, by: byLine(actor) })),
    resume: (site, actor) => order(site, undefined, 'resume', actor, {}, (live) => setPause(live, undefined)),
    repoint: (site, request, actor, signal) => order(site, request.region, 'repoint', actor, request, (live) => repointRegion(live, request, actor, signal)),
    hear: (source, words: readonly HeardWord[]) => hearWords(source, parts.expiresMs(source), words, find),
  }
}
