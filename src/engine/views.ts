/*
 * What is told of a running service, as it goes over the wire. Times are ISO 8601 in UTC, null where there is none.
 */

/** How a site does, in one word; the worst that applies, in this order. */
export type Condition =
  | 'failed' // this program's own fault ended its loop, which begins anew
  | 'blind'
  | 'provider-failing'
  | 'fail-closed'
  | 'fail-open'
  | 'paused'
  | 'undecided'
  | 'degraded' // at least one address that should serve does not
  | 'drained'
  | 'healthy'

export interface SiteView {
  readonly site: string
  readonly names: readonly string[]
  readonly at: string
  readonly condition: Condition
  /** One sentence for people. */
  readonly text: string
  readonly pause: { readonly until: string | null; readonly reason: string; readonly by: string } | null
  readonly provider: ProviderView
  readonly regions: readonly RegionView[]
  /** Orders in force for regions that the config does not have: they do nothing. Absent: there are none. */
  readonly strayOrders?: readonly StrayOrderView[] | undefined
  /** Published at the main domain, but of no region: foreign, or of a region's former server. */
  readonly others: readonly AddressView[]
  readonly sets: readonly SetView[]
  readonly lastChange: ChangeView | null
  readonly lastCycleAt: string | null
}

export interface StrayOrderView {
  readonly region: string
  readonly order: 'drain' | 'force up' | 'force down'
  readonly until: string | null
  readonly reason: string
  readonly by: string
  /** What is wrong, and what to do. */
  readonly text: string
}

export interface ProviderView {
  readonly name: string
  /** What is wrong with it now. */
  readonly trouble: string | null
  readonly since: string | null
  /** Not asked again before. */
  readonly retryAt: string | null
}

export interface RegionView {
  readonly region: string
  readonly role: 'active' | 'standby'
  readonly service: string | null
  readonly addresses: readonly AddressView[]
  /** Why its subdomain cannot be resolved. */
  readonly problems: readonly string[]
  readonly drain: DrainView | null
  readonly force: { readonly to: 'up' | 'down'; readonly since: string; readonly until: string | null; readonly reason: string; readonly by: string } | null
  /** What outside monitors say of it, while it is believed. */
  readonly words: readonly { readonly source: string; readonly mode: 'hint' | 'vote' | 'override'; readonly monitor: string; readonly opinion: 'up' | 'down'; readonly detail: string; readonly heardAt: string; readonly expiresAt: string }[]
  readonly replacement: ReplacementView | null
  /** How its content stands to the others'; null: the site has no replication. */
  readonly freshness: FreshnessView | null
}

export interface FreshnessView {
  /**
   * fresh: nothing that others have is missing for longer than it may. behind: something is, but nobody is withdrawn for it.
   * stale: withdrawn for it. catching-up: it came back, and does not have yet what others have. unknown: it could not be asked.
   */
  readonly state: 'fresh' | 'behind' | 'stale' | 'catching-up' | 'unknown'
  readonly text: string
  /** Whose heartbeat it is furthest behind with, itself left out; null: nobody else writes. */
  readonly writer: string | null
  /** How far it is behind the furthest copy of that; null: unknown. */
  readonly lagMs: number | null
  /** Names the content that it has of that writer. */
  readonly contentId: string | null
  /** The same of each writer. */
  readonly lags: readonly { readonly writer: string; readonly lagMs: number | null }[]
  /** Since its own heartbeat advanced; null: it writes none, or none was seen. */
  readonly heartbeatAgeMs: number | null
}

export interface ReplacementView {
  readonly candidates: readonly { readonly addresses: readonly string[]; readonly state: 'unknown' | 'up' | 'down'; readonly takenBy: string | null }[]
  readonly promoteAfterMs: number
  /** How long the region has been down, as far as it counts. */
  readonly downForMs: number
  /** When it is promoted if all stays as it is. */
  readonly dueAt: string | null
  /** Why it does not count now. */
  readonly heldBy: string | null
  readonly isPromoted: boolean
}

export interface AddressView {
  readonly address: string
  readonly standing: 'configured' | 'retired' | 'foreign'
  readonly state: 'unknown' | 'up' | 'down'
  /** When it became so; null: unknown. */
  readonly since: string | null
  readonly checkedAt: string | null
  readonly hasPassed: boolean
  /** The failures that are not forgiven yet. */
  readonly failures: number
  /** Of the latest failure. */
  readonly cause: string | null
  readonly detail: string | null
  /** Of the latest check. */
  readonly latencyMs: number | null
  readonly certificateDays: number | null
  /** Up, but not re-admitted before. */
  readonly readmitAt: string | null
  readonly verdict: 'up' | 'down' | 'undecided'
  readonly ballots: readonly { readonly vantage: string; readonly opinion: 'up' | 'down' | 'abstain'; readonly since: string; readonly expiresAt: string | null; readonly text: string }[]
  readonly sets: readonly { readonly name: string; readonly type: 'A' | 'AAAA'; readonly isPublished: boolean; readonly isWanted: boolean; readonly isOurs: boolean; readonly rule: string; readonly text: string; readonly removedAt: string | null }[]
}

export interface SetView {
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly mode: string
  /** Seconds. */
  readonly ttl: number
  readonly published: readonly string[]
  readonly wanted: readonly string[]
  readonly readAt: string | null
  readonly verification: VerificationView | null
  /** Why the change that is wanted was refused by the guard. */
  readonly refused: string | null
}

export interface VerificationView {
  readonly at: string
  readonly outcome: 'agreed' | 'disagreed' | 'unconfirmed'
  readonly timeToEffectMs: number | null
  readonly movedAt: string | null
  readonly servers: readonly { readonly name: string; readonly address: string; readonly standing: 'agrees' | 'differs' | 'lame' | 'unreachable'; readonly values: readonly string[] | null; readonly detail: string | null }[]
}

/** What was last written. */
export interface ChangeView {
  readonly at: string
  readonly text: string
  readonly changes: readonly { readonly name: string; readonly type: 'A' | 'AAAA'; readonly added: readonly string[]; readonly removed: readonly string[]; readonly reasons: readonly string[] }[]
}

export interface DrainView {
  readonly region: string
  readonly origin: 'order' | 'window'
  readonly since: string
  readonly until: string | null
  readonly reason: string
  readonly by: string
  readonly isForced: boolean
  readonly progress: DrainProgressView
}

/** How far a drain has come. */
export interface DrainProgressView {
  /**
   * held: it is not withdrawn, and `text` says why. withdrawing: still in the records. spreading: name servers still answer with
   * it, or cannot be asked. expiring: caches may still have it. safe: by TTLs nobody has it any more.
   */
  readonly phase: 'held' | 'withdrawing' | 'spreading' | 'expiring' | 'safe'
  readonly text: string
  readonly servers: readonly { readonly name: string; readonly address: string; readonly standing: 'without' | 'with' | 'lame' | 'unreachable'; readonly detail: string | null }[]
  /** When the last copy in a cache expires; null while that is not known. */
  readonly expiresAt: string | null
  readonly safeSince: string | null
}

/** What is planned, or was done. */
export interface PlanView {
  readonly site: SiteView
  readonly isDryRun: boolean
  readonly changes: readonly PlannedChangeView[]
  readonly text: string
}

export interface PlannedChangeView {
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly before: { readonly values: readonly string[]; readonly ttl: number }
  readonly after: { readonly values: readonly string[]; readonly ttl: number }
  readonly reasons: readonly { readonly address: string | null; readonly action: string; readonly rule: string; readonly text: string }[]
  /** Why the guard refuses it; null: it does not. */
  readonly refused: string | null
}

export interface OrderView extends PlanView {
  readonly region: string
}

export interface RepointView extends OrderView {
  readonly service: string
  readonly checks: readonly { readonly address: string; readonly ok: boolean; readonly text: string }[]
  /** Null in a dry run. */
  readonly verification: VerificationView | null
}

/** A site in a line, for lists of a thousand. */
export interface SiteSummaryView {
  readonly site: string
  readonly at: string
  readonly condition: Condition
  readonly text: string
  readonly regions: readonly {
    readonly region: string
    readonly role: 'active' | 'standby'
    /** Of its addresses; mixed: they differ. */
    readonly state: 'up' | 'down' | 'mixed' | 'unknown'
    readonly publishing: 'published' | 'partly' | 'withheld' | 'none'
    readonly isDrained: boolean
    readonly forced: 'up' | 'down' | null
    readonly isStale: boolean
  }[]
  readonly sets: readonly { readonly name: string; readonly type: 'A' | 'AAAA'; readonly published: readonly string[]; readonly wanted: readonly string[] }[]
  /** The worst of its RRsets' latest verifications, so that one that agrees hides no other; null: none was made. */
  readonly verified: { readonly at: string; readonly outcome: VerificationView['outcome'] } | null
  readonly lastChange: { readonly at: string; readonly text: string; readonly timeToEffectMs: number | null; readonly movedAt: string | null } | null
}

/** All sites, as they were at one moment. */
export interface OverviewView {
  readonly at: string
  readonly sites: readonly SiteSummaryView[]
}

/** What the last checks of a site's addresses saw, oldest first: a short memory of the process's own. */
export interface ResultsView {
  readonly site: string
  readonly addresses: readonly {
    readonly address: string
    readonly results: readonly { readonly at: string; readonly kind: 'ok' | 'failed' | 'cannot-tell'; readonly cause: string | null; readonly ms: number }[]
  }[]
}

/** What each authoritative server answers, asked at this moment. */
export interface AnswersView {
  readonly site: string
  readonly at: string
  readonly sets: readonly {
    readonly name: string
    readonly type: 'A' | 'AAAA'
    /** What the program last read from, or wrote to, the provider. */
    readonly published: readonly string[]
    /** Empty where the name servers do not show the set, as behind a proxy. */
    readonly servers: readonly {
      readonly name: string
      readonly address: string
      readonly standing: 'agrees' | 'differs' | 'lame' | 'unreachable'
      readonly values: readonly string[] | null
      /** Seconds, as it was answered. */
      readonly ttl: number | null
      readonly ms: number | null
      readonly detail: string | null
    }[]
    /** When, by TTLs, the last cache lets go of what was there before; null: nothing else is known to be cached. */
    readonly cachedUntil: string | null
  }[]
}

/** What visitors may see of a site: no addresses, no reasons of operators. */
export interface PublicStatusView {
  readonly site: string
  readonly at: string
  readonly title: string
  readonly state: 'available' | 'degraded' | 'unavailable' | 'unknown'
  readonly regions: readonly { readonly region: string; readonly state: 'available' | 'maintenance' | 'unavailable' | 'unknown' }[]
  /** False: the history cannot be read now, so that there are neither days nor incidents here, whatever there was. */
  readonly isPastKnown: boolean
  /** By UTC day, oldest first; availability in [0, 1], null: not watched. */
  readonly days: readonly { readonly day: string; readonly availability: number | null }[]
  readonly incidents: readonly { readonly startedAt: string; readonly endedAt: string | null; readonly text: string }[]
}
