import type { Address } from '../core/address.ts'
import { unknownVerdict, type Verdict } from '../core/ballot.ts'
import { verdictsOn } from '../core/candidates.ts'
import type { Orders } from '../core/orders.ts'
import { replacementStatus, replacementTargets } from '../core/replacement.ts'
import { checkUrl, type Region, type Site } from '../core/site.ts'
import { regionState, type SiteState } from '../core/site-state.ts'
import type { Target } from '../core/targets.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { createPromoter } from './promoter.ts'
import type { ClaimsOfSite, ReplacementClaims } from './replacement-claims.ts'
import type { ReplacementView } from './views.ts'
import { isoAt } from './wire-time.ts'

export interface SitePromotionParts {
  readonly monitor: Monitor
  readonly ports: SitePorts
  orders(): Orders
  /** Whether the subdomains have been resolved since the start: what is known from before may be older than the latest promotion. */
  hasResolved(): boolean
  readonly claims: ReplacementClaims
  readonly verifyMs: number
  onRepointed(): void
  onError(error: unknown): void
  readonly signal: AbortSignal
}

/** Replacements of one site while it is watched: which are checked, how long it is until one takes over, and that it does. */
export interface SitePromotion {
  tick(): void
  /** Replacements that are to be checked: those of regions that are down. */
  targets(): readonly Target[]
  /** Whether that has changed since `targets` was last asked. */
  hasOtherTargets(): boolean
  view(region: Region): ReplacementView | null
  /** What this site's regions have, and ask for. */
  readonly claims: ClaimsOfSite
  stop(): Promise<void>
}

const textOf = (targets: readonly Target[]): string => targets.map(({ address, url }) => `${address} ${url}`).join()

export const createSitePromotion = (site: Site, parts: SitePromotionParts): SitePromotion => {
  const { monitor, ports, signal } = parts
  const claims = parts.claims.join(site.name)
  if (site.regions.every(({ replacements }) => replacements.length === 0)) {
    // Its addresses are taken all the same: no other site's region may be given one of them.
    const lead = (): void => claims.lead(new Map(site.regions.map(({ name }) => [name, regionState(monitor.state(), name)?.addresses ?? []])))
    return { tick: lead, claims, targets: () => [], hasOtherTargets: () => false, view: () => null, stop: () => Promise.resolve(claims.leave()) }
  }

  let known: { readonly at: number; readonly state: SiteState; readonly verdicts: ReadonlyMap<Address, Verdict> } | undefined
  /** Worked out once for each moment and state, for many addresses are asked about. */
  const verdicts = (): ReadonlyMap<Address, Verdict> => {
    const [at, state] = [ports.clock.now(), monitor.state()]
    if (known?.at !== at || known.state !== state) known = { at, state, verdicts: verdictsOn(monitor.current(), site, state, monitor.observer(), at) }
    return known.verdicts
  }
  const verdictOf = (address: Address): Verdict => verdicts().get(address) ?? unknownVerdict
  const promoter = createPromoter(
    site,
    { ...parts, state: monitor.state, update: monitor.update, verdictOf, pause: () => parts.orders().pause, claims },
    signal,
  )
  let last = ''
  const wanted = (): readonly Target[] =>
    replacementTargets({ site, state: monitor.state(), verdictOf }).map(({ address, region }) => ({ address, url: checkUrl(site, region) }))

  return {
    claims,
    tick: () => (parts.hasResolved() ? promoter.tick(ports.clock.now()) : undefined),
    targets: () => {
      const targets = wanted()
      last = textOf(targets)
      return targets
    },
    hasOtherTargets: () => textOf(wanted()) !== last,
    view: (region) => {
      const status = replacementStatus(region, { site, state: monitor.state(), verdictOf, pause: parts.orders().pause }, promoter.takenBy)
      if (status === undefined) return null
      const { candidates, promoteAfterMs, downForMs, dueInMs, heldBy, isPromoted } = status
      return {
        candidates: candidates.map(({ takenBy, ...candidate }) => ({ ...candidate, takenBy: takenBy ?? null })),
        promoteAfterMs,
        downForMs,
        dueAt: dueInMs === undefined ? null : isoAt(ports.clock.now() + dueInMs, ports.clock),
        heldBy: heldBy ?? null,
        isPromoted,
      }
    },
    stop: () => promoter.stop(),
  }
}
