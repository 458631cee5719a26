import { type Explanation } from '../../core/explain.ts'
import type { Health } from '../../core/health.ts'
import type { ForceOrder } from '../../core/orders.ts'
import type { Clock } from '../../engine/ports.ts'
import type { ErrorReport, SiteReport } from './json.ts'

/** What `explain --json` prints, besides what every verb does. Times: ISO 8601, UTC. */
export interface ExplainReport {
  readonly sites: readonly ExplainedSite[]
}

export interface ExplainedSite {
  readonly site: string
  /** `service`: what the service that runs knows. `check`: checked just now. `state`: as the last run or the service wrote it down. */
  readonly knowledge: 'service' | 'check' | 'state'
  /** When the latest check ended that this is from; null: there was none. */
  readonly checkedAt: string | null
  readonly pause: { readonly until: string | null; readonly reason: string; readonly by: string } | null
  /** What is not known in this way; left out if there is nothing to say. */
  readonly note?: string
  readonly unresolved: SiteReport['unresolved']
  readonly addresses: readonly ExplainedAddress[]
  /** Why the zone could not be read. */
  readonly error?: ErrorReport
}

export interface ExplainedAddress {
  readonly address: string
  readonly region: string | null
  readonly standing: Explanation['standing']
  /** The reason of an operator's order, or a planned window, to drain the region. */
  readonly drained: string | null
  /** An operator's order that counts before it, and before the checks. */
  readonly forced: { readonly to: 'up' | 'down'; readonly reason: string } | null
  readonly health: {
    readonly state: 'unknown' | 'up' | 'down'
    /** When it became so; null: unknown. */
    readonly since: string | null
    readonly checkedAt: string | null
    readonly hasPassed: boolean
    /** The failures that are not forgiven yet. */
    readonly failures: number
    readonly cause: string | null
    readonly detail: string | null
    /** Up, but not re-admitted before. */
    readonly readmitAt: string | null
  }
  readonly sets: readonly {
    readonly name: string
    readonly type: 'A' | 'AAAA'
    readonly mode: string
    /** As the zone was read. */
    readonly published: boolean
    readonly ours: boolean
    readonly action: 'publish' | 'withhold'
    readonly rule: string
    readonly text: string
    readonly removedAt: string | null
  }[]
}

type Clocks = Pick<Clock, 'now' | 'wallNow'>

/** Engine milliseconds as ISO 8601. */
export const isoAt = (at: number | undefined, { now, wallNow }: Clocks): string | null => (at === undefined ? null : new Date(wallNow() - (now() - at)).toISOString())

const healthReport = (health: Health | undefined, clock: Clocks): ExplainedAddress['health'] => {
  const state = health?.state ?? 'unknown'
  const readmitAt = health?.readmitAt
  return {
    state,
    since: state === 'unknown' ? null : isoAt(health?.since, clock),
    checkedAt: isoAt(health?.observedAt, clock),
    hasPassed: health?.hasPassed ?? false,
    failures: health?.failing?.count ?? 0,
    cause: health?.failing?.cause ?? null,
    detail: health?.failing?.detail ?? null,
    readmitAt: readmitAt === undefined || readmitAt <= clock.now() ? null : isoAt(readmitAt, clock),
  }
}

export const explainedAddress = (explanation: Explanation, force: Pick<ForceOrder, 'to' | 'reason'> | undefined, clock: Clocks): ExplainedAddress => {
  const { address, region, standing, drain, health, sets } = explanation
  return {
    address,
    region: region ?? null,
    standing,
    drained: drain?.reason ?? null,
    forced: force === undefined ? null : { to: force.to, reason: force.reason },
    health: healthReport(health, clock),
    sets: sets.map(({ key, mode, action, rule, text, isPublished, isOwned, removedAt }) => ({
      ...key,
      mode,
      published: isPublished,
      ours: isOwned,
      action,
      rule,
      text,
      removedAt: isoAt(removedAt, clock),
    })),
  }
}
