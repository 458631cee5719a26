import type { AnswersView, OrderView, OverviewView, PlanView, RepointView, ResultsView, SiteSummaryView, SiteView } from './views.ts'

/**
 * What can be asked of a running service, by whatever way it is asked: the HTTP API, the socket of the command line, a
 * dashboard. Views are plain data as they go over the wire; times in them are ISO 8601 in UTC, null where there is none.
 */
export interface Operations {
  /** A few at a time, so that checks go on while a thousand are shown. */
  sites(): Promise<readonly SiteView[]>
  /** Of the config, whether their watch has begun or not. */
  siteNames(): readonly string[]
  /** Undefined: there is no such site. */
  site(name: string): SiteView | undefined
  /** All sites, each in a line; one and the same value for all who waited for it together. */
  overview(): Promise<OverviewView>
  summary(name: string): SiteSummaryView | undefined
  /** What the last checks of its addresses saw. */
  results(name: string): ResultsView | undefined
  /** What its name servers answer now, asked within two seconds; of a moment ago if somebody has just asked. */
  answers(name: string): Promise<Outcome<AnswersView>>
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
  /** The site is in the config, but its watch has yet to begin. */
  | 'not-watched'
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
  /** It was not wanted any more when its moment came, or the program is stopping. */
  | 'called-off'
  | 'provider'
  /** The order could not be written down, and so is not in force. */
  | 'not-saved'
  /** Too many ask the same kind of thing at once. */
  | 'busy'

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
