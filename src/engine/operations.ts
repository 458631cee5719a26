import type { EngineEvent } from './events.ts'

/**
 * What can be asked of a running service, by whatever way it is asked: the HTTP API, the socket of the command line, a
 * dashboard. Views are plain data as they go over the wire; times in them are ISO 8601 in UTC, null where there is none.
 */
export interface Operations {
  sites(): readonly SiteView[]
  /** Undefined: there is no such site. */
  site(name: string): SiteView | undefined
  /** How the process does: every loop goes round. */
  health(): { readonly ok: boolean; readonly sites: readonly { readonly site: string; readonly ok: boolean; readonly sinceMs: number | null }[] }
  /** Whether every site has been read and decided at least once since the start. */
  readiness(): { readonly ok: boolean; readonly waiting: readonly string[] }
  /** Reads, checks and decides now; with `isDryRun` only plans on what is known. */
  reconcile(site: string, options: { readonly isDryRun: boolean }, actor: Actor, signal: AbortSignal): Promise<Outcome<PlanView>>
  drain(site: string, order: DrainRequest, actor: Actor, signal: AbortSignal): Promise<Outcome<OrderView>>
  /** Ends a drain, or the planned window that lasts now. */
  undrain(site: string, request: { readonly region: string; readonly isDryRun: boolean }, actor: Actor, signal: AbortSignal): Promise<Outcome<OrderView>>
  force(site: string, order: ForceRequest, actor: Actor, signal: AbortSignal): Promise<Outcome<OrderView>>
  unforce(site: string, request: { readonly region: string; readonly isDryRun: boolean }, actor: Actor, signal: AbortSignal): Promise<Outcome<OrderView>>
  pause(site: string, order: { readonly forMs: number | undefined; readonly reason: string }, actor: Actor, signal: AbortSignal): Promise<Outcome<SiteView>>
  resume(site: string, actor: Actor, signal: AbortSignal): Promise<Outcome<SiteView>>
  repoint(site: string, order: RepointRequest, actor: Actor, signal: AbortSignal): Promise<Outcome<RepointView>>
  /** What an authenticated monitor has said, mapped to sites and regions already. All of it or, if any is unknown, nothing. */
  hear(source: string, words: readonly HeardWord[]): Outcome<readonly HeardView[]>
}

/** What a token allows. read: see all. operate: give orders, and see all. webhook:NAME: speak for that source. */
export type Scope = 'read' | 'operate' | `webhook:${string}`

/** Who asks. */
export interface Actor {
  /** For people: a token's name, a user's. */
  readonly name: string
  readonly via: 'api' | 'socket' | 'command line'
}

/** What came of a request. `refused`: it was understood and is not done; nothing has changed. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly text: string; /** What to do about it. */ readonly advice?: string }

export type RefusalCode =
  | 'unknown-site'
  | 'unknown-region'
  /** A drain or force that would leave too few. */
  | 'floor'
  /** There is no such order. */
  | 'no-order'
  | 'paused'
  | 'bad-address'
  /** The address serves or is meant for another region. */
  | 'address-taken'
  /** The region has fixed addresses, or its name is in no zone of ours, or is no plain set of addresses. */
  | 'not-repointable'
  /** The replacement does not pass the site's check. */
  | 'check-failed'
  /** The records are not as they were taken to be. */
  | 'moved'
  | 'provider'
  /** The order could not be written down, and so is not in force. */
  | 'not-saved'

export interface DrainRequest {
  readonly region: string
  /** Milliseconds. */
  readonly forMs: number
  readonly reason: string
  /** Also where fewer than `minPublished` are left; the set is never emptied. */
  readonly isForced: boolean
  /** Only say what would happen. */
  readonly isDryRun: boolean
}

export interface ForceRequest {
  readonly region: string
  readonly to: 'up' | 'down'
  readonly forMs: number
  readonly reason: string
  readonly isDryRun: boolean
}

export interface RepointRequest {
  readonly region: string
  /** Of either family. A family without one loses its records, unless `keepsOtherFamily`. */
  readonly addresses: readonly string[]
  readonly keepsOtherFamily: boolean
  /** Without asking the site's check first. */
  readonly isUnchecked: boolean
  readonly reason: string
  readonly isDryRun: boolean
}

/** One monitor's word on one region. */
export interface HeardWord {
  readonly site: string
  readonly region: string
  readonly monitor: string
  readonly opinion: 'up' | 'down'
  readonly detail: string
  /** Milliseconds since the epoch, by the source's clock. */
  readonly eventAt: number
}

export interface HeardView {
  readonly site: string
  readonly region: string
  readonly monitor: string
  readonly opinion: 'up' | 'down'
  /** checking: a hint, a check has been started. */
  readonly effect: 'checking' | 'news' | 'renewed' | 'older'
  readonly expiresAt: string | null
}

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
  /** Published at the main domain, but of no region: foreign, or of a region's former server. */
  readonly others: readonly AddressView[]
  readonly sets: readonly SetView[]
  readonly lastChange: ChangeView | null
  readonly lastCycleAt: string | null
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

/** Something that happened, as it is kept and told. */
export interface StoredEvent {
  /** Grows with each event; a reader goes on after the last one that it has. */
  readonly id: number
  readonly at: string
  readonly site: string | null
  readonly region: string | null
  readonly address: string | null
  readonly kind: EngineEvent['kind'] | 'operator' | 'webhook' | 'service'
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  /** The event's own facts, JSON. */
  readonly data: unknown
}

export interface EventQuery {
  readonly site?: string | undefined
  readonly region?: string | undefined
  readonly kinds?: readonly string[] | undefined
  /** ISO 8601. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Only those with a greater id, oldest first; otherwise the newest first. */
  readonly after?: number | undefined
  /** Only those with a smaller id. */
  readonly before?: number | undefined
  /** 1 to 1000. */
  readonly limit: number
}

/** What has happened. No method rejects for trouble with its file: what it cannot give is missing, and `trouble` says why. */
export interface HistoryReader {
  events(query: EventQuery): Promise<{ readonly events: readonly StoredEvent[]; readonly trouble: string | null }>
  report(query: { readonly sites: readonly string[]; readonly sinceMs: number; readonly untilMs: number }): Promise<ReportView>
  /** Calls back with each new event until the signal aborts; those after `after` that are kept come first. */
  follow(after: number | undefined, listener: (event: StoredEvent) => void, signal: AbortSignal): void
}

export interface ReportView {
  readonly since: string
  readonly until: string
  readonly sites: readonly SiteReportView[]
  readonly trouble: string | null
}

export interface SiteReportView {
  readonly site: string
  /** Of the time that was watched, how much the site had an address published that was up; null: not watched. In [0, 1]. */
  readonly availability: number | null
  /** How much of the period was watched, in [0, 1]. */
  readonly coverage: number
  readonly regions: readonly { readonly region: string; readonly availability: number | null; readonly coverage: number; readonly incidents: number; readonly downMs: number }[]
  readonly incidents: readonly IncidentView[]
}

/** A region's address that went down, or a site that failed open, was blind, or had a failing provider. */
export interface IncidentView {
  /** Stable: the id of the event that began it. */
  readonly id: number
  readonly site: string
  readonly region: string | null
  readonly address: string | null
  readonly kind: 'down' | 'fail-open' | 'fail-closed' | 'blind' | 'provider-failed' | 'disagreed'
  readonly cause: string
  readonly startedAt: string
  /** Null: it lasts. */
  readonly endedAt: string | null
  readonly durationMs: number
  /** From the first failed check to the verdict, to the write, to the last name server's agreement. */
  readonly detectMs: number | null
  readonly withdrawMs: number | null
  readonly effectMs: number | null
}
