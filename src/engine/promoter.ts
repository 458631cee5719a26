import { type Address, addressSet, sameAddresses } from '../core/address.ts'
import type { Verdict } from '../core/ballot.ts'
import { ordersAt, type Pause } from '../core/orders.ts'
import { promotionBackoffMs } from '../core/promotion.ts'
import type { PromotionInput } from '../core/promotion-facts.ts'
import { promotedText, promotionFailedText } from '../core/promotion-text.ts'
import { countedPromotions, type DuePromotion, duePromotions, type TakenBy } from '../core/replacement.ts'
import type { Region, Site } from '../core/site.ts'
import { regionState, type SiteState, withOrders } from '../core/site-state.ts'
import type { Verification } from '../core/verification.ts'
import type { SitePorts } from './ports.ts'
import type { ClaimsOfSite } from './replacement-claims.ts'
import { repoint, type RepointPorts } from './repoint.ts'
import { sharedBy } from './shared-replacement.ts'

export interface PromoterParts {
  state(): SiteState
  update(change: (state: SiteState) => SiteState): void
  /** What the ballots together say of an address now. */
  verdictOf(address: Address): Verdict
  /** As last read. */
  pause(): Pause | undefined
  readonly ports: RepointPorts & Pick<SitePorts, 'orders' | 'report'>
  /** Left at `stop`. */
  readonly claims: ClaimsOfSite
  /** Milliseconds from the write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
  /** A subdomain leads elsewhere now, or may: it is to be resolved again. */
  onRepointed(): void
  /** A fault of the program's own. */
  onError(error: unknown): void
}

/** Lets replacements take over from regions that stay down, without a person. */
export interface Promoter {
  /** To be called once a second: counts, and starts what is due in the background, one at a time. */
  tick(now: number): void
  takenBy: TakenBy
  /** Once the signal has aborted: settles when nothing is under way any more. */
  stop(): Promise<void>
}

/** What was called off may be wanted again at once; it was checked and read for nothing, so not too often. Milliseconds. */
const calledOffMs = 10_000

interface Attempts {
  readonly failures: number
  readonly notBefore: number
  /** The latest may have been written all the same. */
  readonly isUncertain: boolean
}

const isSame = (a: DuePromotion, b: DuePromotion): boolean => a.region.name === b.region.name && sameAddresses(a.from, b.from) && sameAddresses(a.to, b.to)

export const createPromoter = (site: Site, parts: PromoterParts, signal: AbortSignal): Promoter => {
  const { ports, claims } = parts
  const attempts = new Map<string, Attempts>()
  /** What promoted regions led to, until they have been resolved anew. */
  const unseen = new Map<string, readonly Address[]>()
  let running: Promise<void> | undefined

  const input = (): PromotionInput => ({ site, state: parts.state(), verdictOf: parts.verdictOf, pause: parts.pause() })
  const addressesOf = (region: string): readonly Address[] => regionState(parts.state(), region)?.addresses ?? []
  const takenBy: TakenBy = (address, region) => {
    const holder = claims.takenBy(address, region)
    return holder === undefined ? undefined : holder.site === site.name ? holder.region : `${holder.region} of site ${holder.site}`
  }

  /** All that made it due must still hold, orders that came in a moment ago included. */
  const objectionTo = async (due: DuePromotion): Promise<string | undefined> => {
    const shared = await sharedBy(site, due.region.name, due.to, ports.serviceZones, signal)
    if (shared !== undefined) return shared
    const orders = ordersAt(await ports.orders.load(site.name), ports.clock.wallNow())
    const latest = { ...input(), state: withOrders(parts.state(), orders), pause: orders.pause }
    const isDue = duePromotions(latest, takenBy).some((each) => isSame(each, due))
    return isDue ? undefined : `region ${due.region.name} is not to be taken over any more`
  }

  const succeeded = (due: DuePromotion, service: string, verifications: readonly Verification[]): void => {
    const { from, to, region } = due
    const text = promotedText(site.name, service, due, verifications)
    ports.report({ site: site.name, kind: 'promoted', region: region.name, service, from, to, text })
    for (const verification of verifications) ports.report({ site: site.name, kind: 'verified', verification })
  }

  const seek = async (due: DuePromotion): Promise<void> => {
    const { name } = due.region
    const before = attempts.get(name)
    const options = { keepsOtherFamily: false, isUnchecked: false, expected: due.from, isDryRun: false, verifyMs: parts.verifyMs, objection: () => objectionTo(due) }
    const onWritten = (): void => {
      unseen.set(name, due.from)
      attempts.delete(name)
      parts.onRepointed()
    }
    const result = await repoint(site, parts.state, name, due.to, { ...options, onWritten }, ports, signal)
    switch (result.kind) {
      case 'done':
        return succeeded(due, result.service, result.verifications)
      case 'unchanged':
        onWritten()
        return before?.isUncertain === true ? succeeded(due, result.service, []) : undefined
      case 'planned':
      case 'called-off':
        claims.release(name)
        attempts.set(name, { failures: before?.failures ?? 0, isUncertain: before?.isUncertain ?? false, notBefore: ports.clock.now() + calledOffMs })
        return
      case 'refused': {
        if (!result.mayHaveWritten) claims.release(name)
        const failures = (before?.failures ?? 0) + 1
        const againMs = promotionBackoffMs(failures)
        attempts.set(name, { failures, isUncertain: result.mayHaveWritten, notBefore: ports.clock.now() + againMs })
        if (result.mayHaveWritten || result.code === 'moved') parts.onRepointed()
        if (signal.aborted) return
        const why = result.advice === undefined ? result.text : `${result.text}; ${result.advice}`
        ports.report({ site: site.name, kind: 'promotion-failed', region: name, text: promotionFailedText(due, why, againMs) })
      }
    }
  }

  /** Where a region leads; while that cannot be resolved, maybe to one of its replacements: it may have been promoted right before a crash. */
  const mayLeadTo = ({ name, replacements }: Region): readonly Address[] => {
    const known = regionState(parts.state(), name)
    const isUnresolved = known === undefined || Object.keys(known.problems).length > 0
    return isUnresolved ? addressSet([...(known?.addresses ?? []), ...replacements.flat()]) : known.addresses
  }

  /** What the regions lead to now is theirs; what was claimed for one that leads elsewhere now is claimed no more. */
  const look = (): void => {
    claims.lead(new Map(site.regions.map((region) => [region.name, mayLeadTo(region)])))
    for (const [name, from] of unseen) {
      if (sameAddresses(addressesOf(name), from)) continue
      unseen.delete(name)
      claims.release(name)
    }
  }

  /** The region is up. */
  const forget = (name: string): void => {
    attempts.delete(name)
    if (!unseen.has(name)) claims.release(name)
  }

  return {
    takenBy,
    tick: (now) => {
      if (signal.aborted) return
      const promotions = countedPromotions(input(), now)
      if (Object.keys(promotions).length > 0) parts.update((state) => ({ ...state, promotions }))
      look()
      if (running !== undefined) return
      for (const [name, { downMs }] of Object.entries(promotions)) if (downMs === 0) forget(name)
      const isWaiting = ({ region: { name } }: DuePromotion): boolean => unseen.has(name) || (attempts.get(name)?.notBefore ?? now) > now
      const due = duePromotions(input(), takenBy).find((each) => !isWaiting(each) && claims.claim(each.to, each.region.name))
      if (due === undefined) return
      running = seek(due)
        .catch(parts.onError)
        .finally(() => {
          running = undefined
        })
    },
    stop: async () => {
      await running
      claims.leave()
    },
  }
}
