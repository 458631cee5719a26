import type { FreshnessRules } from '../core/freshness.ts'
import { staleRegions } from '../core/freshness-state.ts'
import type { Health } from '../core/health.ts'
import { freshnessRules, type HeartbeatLooks, isSetUp, lackingNothing, looksFrom, withAnswers, withoutReturning } from '../core/heartbeat-looks.ts'
import type { Replication } from '../core/replication.ts'
import { differenceText, isDifferent, noAgreement, withDigests } from '../core/same-content.ts'
import type { Site } from '../core/site.ts'
import { regionState, type SiteState } from '../core/site-state.ts'
import { type Agreements, catchingUpText, staleNow } from '../core/stale-regions.ts'
import { confirmedSuspicions } from '../core/suspicion.ts'
import type { EngineEvent } from './events.ts'
import { createFreshnessNews } from './freshness-news.ts'
import { freshnessView } from './freshness-view.ts'
import { askDigests, askHeartbeats, type AskedRegion } from './look-at-regions.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import type { FreshnessView } from './views.ts'

/** Follows how fresh the content of a site's regions is, where they replicate it. Its knowledge is this process's alone. */
export interface FreshnessWatch {
  /** Milliseconds between two looks. */
  readonly everyMs: number
  /** Asks all regions that are up, and folds what they answer into the site's state. */
  look(signal: AbortSignal): Promise<void>
  /** A region that comes up while it is out waits from that moment on. To be told before anything is decided on it. */
  hear(event: EngineEvent): void
  /** For whoever cannot wait for a heartbeat that is yet to be written: regions that lack nothing now wait no more. */
  letInFresh(): void
  view(region: string): FreshnessView | null
}

/** A site without replication: whatever was said of it under a config before is over. */
const nothingToWatch = (site: string, monitor: Monitor, report: SitePorts['report']): undefined => {
  createFreshnessNews(site, monitor.state(), 0, report).told({ stale: {}, catchingUp: {}, suspicions: [], differences: [], unsure: [] })
  monitor.update((state) => ({ ...state, stale: {}, catchingUp: {}, suspected: [], differing: [] }))
  return undefined
}

/** One that has begun to fail is left to its health check. */
const isPassing = ({ state, failing }: Health): boolean => state === 'up' && failing === undefined

const regionsUp = (site: Site, monitor: Monitor): readonly AskedRegion[] =>
  site.regions.flatMap(({ name }) => {
    const address = regionState(monitor.state(), name)?.addresses.find((each) => isPassing(monitor.health(each)))
    return address === undefined ? [] : [{ region: name, address }]
  })

const isPublished = (region: string, monitor: Monitor): boolean => {
  const addresses = regionState(monitor.state(), region)?.addresses ?? []
  return monitor.current().some(({ values }) => values.some((value) => addresses.includes(value)))
}

/** Undefined where the site has no replication. */
export const createFreshnessWatch = (site: Site, monitor: Monitor, ports: Pick<SitePorts, 'heartbeats' | 'clock' | 'report'>, onChange: () => void): FreshnessWatch | undefined => {
  const { replication } = site
  const rules = freshnessRules(site)
  return replication === undefined || rules === undefined ? nothingToWatch(site.name, monitor, ports.report) : watch(site, replication, rules, monitor, ports, onChange)
}

const watch = (site: Site, replication: Replication, rules: FreshnessRules, monitor: Monitor, ports: Pick<SitePorts, 'heartbeats' | 'clock' | 'report'>, onChange: () => void): FreshnessWatch => {
  const { everyMs, path: folder } = replication.heartbeat
  const { clock } = ports
  const pagesEveryMs = Math.max(everyMs, replication.maxLagMs / 3)
  const spared = rules.mode === 'single-writer' ? rules.writer : undefined
  const news = createFreshnessNews(site.name, monitor.state(), rules.fall, ports.report)
  let looks: HeartbeatLooks = looksFrom(monitor.state())
  let agreements: Agreements = {}
  let pagesAt = Number.NEGATIVE_INFINITY
  /** Came up while they were out, since the last look. */
  const returned = new Set(Object.keys(monitor.state().catchingUp))

  const waitingRegions = (): ReadonlySet<string> => new Set([...Object.keys(looks.state.returning), ...returned])
  const waiting = (): SiteState['catchingUp'] => Object.fromEntries([...waitingRegions()].map((region) => [region, catchingUpText(region, looks, rules)]))

  /** Came back, was let in for want of others, and is needed no more. */
  const isWaitOver = (region: string, published: readonly string[]): boolean => {
    const { minPublished, failOpenBelow } = site.policy
    const waits = waitingRegions()
    const others = regionsUp(site, monitor).filter((each) => each.region !== region && published.includes(each.region) && !waits.has(each.region))
    const isBehindLong = staleRegions(looks.state, rules).some((each) => each.region === region)
    return isBehindLong && published.includes(region) && others.length >= Math.max(minPublished, failOpenBelow)
  }

  const tell = (): void => {
    const now = clock.now()
    const stale = staleNow(looks, replication.onDifference === 'vote' ? agreements : {}, waitingRegions(), rules, now)
    const differences = Object.entries(agreements).flatMap(([path, agreement]) => (isDifferent(agreement, rules.maxLagMs, now) ? [{ path, text: differenceText(agreement) }] : []))
    const unsure = replication.sameContent.filter((path) => agreements[path] === undefined || agreements[path].differsSince !== undefined)
    const said = news.told({ stale, catchingUp: waiting(), suspicions: confirmedSuspicions(looks.suspicions, rules), differences, unsure })
    monitor.update((state) => ({ ...state, stale, catchingUp: waiting(), ...said }))
    onChange()
  }

  const lookAtPages = async (regions: readonly AskedRegion[], signal: AbortSignal): Promise<void> => {
    const startedAt = clock.now()
    if (replication.sameContent.length === 0 || startedAt - pagesAt < pagesEveryMs) return
    pagesAt = startedAt
    const found = await Promise.all(replication.sameContent.map(async (path) => [path, await askDigests(site, path, regions, ports, signal)] as const))
    if (signal.aborted) return
    agreements = Object.fromEntries(found.map(([path, digests]) => [path, withDigests(agreements[path] ?? noAgreement, digests, spared, clock.now())]))
  }

  return {
    everyMs,
    look: async (signal) => {
      const regions = regionsUp(site, monitor)
      const before = [...returned]
      const [answers] = await Promise.all([askHeartbeats(site, folder, rules, regions, ports, signal), lookAtPages(regions, signal)])
      if (signal.aborted) return
      for (const region of before) returned.delete(region)
      const published = rules.regions.filter((region) => isPublished(region, monitor))
      looks = withAnswers(looks, answers, { returned: before, published }, rules, clock.now())
      if (!isSetUp(looks, rules)) {
        returned.clear()
        looks = withoutReturning(looks, rules.regions)
      }
      looks = withoutReturning(looks, rules.regions.filter((region) => isWaitOver(region, published)))
      tell()
    },
    hear: (event) => {
      if (event.kind !== 'health' || event.to !== 'up' || event.region === undefined || event.region === spared) return
      const { region } = event
      if (isPublished(region, monitor) || !isSetUp(looks, rules)) return
      returned.add(region)
      monitor.update((state) => ({ ...state, catchingUp: waiting() }))
    },
    letInFresh: () => {
      looks = withoutReturning(looks, lackingNothing(looks, rules))
      tell()
    },
    view: (region) => freshnessView(region, looks, monitor.state(), rules, clock.now()),
  }
}
