import type { Address } from '../core/address.ts'
import type { AnswerOutcome, NameServer, Resolution, ServerAnswer } from '../core/answer.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Copy } from '../core/heartbeat.ts'
import type { CheckResult } from '../core/result.ts'
import type { Orders } from '../core/orders.ts'
import type { RRsetKey } from '../core/rrset.ts'
import type { Sighting } from '../core/sight.ts'
import type { HealthCheck } from '../core/site.ts'
import type { SiteState } from '../core/site-state.ts'
import type { Provider } from '../providers/provider.ts'
import type { EngineEvent } from './events.ts'

/** Time as the engine sees it. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean something. Never steps. */
  now(): number
  /** Milliseconds since the epoch, for people and for other processes. May step. */
  wallNow(): number
  /** Resolves after `ms`, or at once when the signal aborts (it does not reject). */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Calls `act` once after `ms`, never earlier, unless what is returned is called before. Costs next to nothing where it mostly is. */
  after(ms: number, act: () => void): () => void
}

export interface CheckRequest {
  /** Host, SNI and path as in the URL; the connection goes to `address` without any look-up. */
  readonly url: string
  readonly address: Address
  readonly check: HealthCheck
  /** Of whoever goes on checking this address, the same at each check; without it nothing is held between checks. */
  readonly watch?: Watch
}

/** What lasts between the checks of one address. */
export interface Watch {
  /** When it aborts, what is held is closed. */
  readonly signal: AbortSignal
  /** The connection held since a check has broken, or its server is about to close it: the address is to be checked now. A sign, never a verdict. */
  readonly checkNow: () => void
}

/** Performs one health check. Never rejects: whatever happens is a result. Ends within `check.bounds.totalMs`. */
export interface Checker {
  check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult>
  close?(): Promise<void>
}

/** What was found at a page of one address. `digest`: SHA-256 of its first MiB, in hexadecimal. */
export type PageDigest = { readonly kind: 'read'; readonly digest: string } | { readonly kind: 'failed'; readonly detail: string }

/**
 * Reads what the regions' web servers hand out of their document roots: asked as a health check asks, with its headers, trust
 * and bounds, at one address and nowhere else. No method rejects; each ends within `check.bounds.totalMs`.
 */
export interface Heartbeats {
  /** A copy of a writer's heartbeat; `askedAt` is when it was asked for. */
  read(request: CheckRequest & { readonly writer: string }, signal: AbortSignal): Promise<Copy>
  /** A page of status 2xx. */
  digest(request: CheckRequest, signal: AbortSignal): Promise<PageDigest>
}

/** The DNS as a client sees it. No method rejects: what went wrong is part of the answer. */
export interface NameService {
  /** A and AAAA of a name through the recursive resolvers, CNAMEs followed. */
  resolve(name: Fqdn, signal: AbortSignal): Promise<Resolution>
  /** Every address of every authoritative server of a zone: as configured, else by NS and their addresses. */
  serversOf(zone: Fqdn, signal: AbortSignal): Promise<readonly NameServer[]>
  /** One RRset at one authoritative server, over UDP, then TCP if truncated, with the zone's serial. */
  ask(server: NameServer, key: RRsetKey, zone: Fqdn, signal: AbortSignal): Promise<ServerAnswer>
  /** Whether a server answers at all (its SOA of the zone): a reference for sight. */
  ping(server: NameServer, zone: Fqdn, signal: AbortSignal): Promise<AnswerOutcome>
  close?(): Promise<void>
}


/** What a region's service subdomain resolves to, from the authoritative side where the zone is ours. Never rejects. */
export interface ServiceResolver {
  resolve(service: Fqdn, signal: AbortSignal): Promise<Resolution>
}

/** The authoritative servers of a site's zone. No method rejects. */
export interface Authorities {
  /** Every address of every server; empty if they cannot be found. */
  servers(signal: AbortSignal): Promise<readonly NameServer[]>
  ask(server: NameServer, key: RRsetKey, signal: AbortSignal): Promise<ServerAnswer>
}

/** Who holds a service subdomain, and who answers for it. Never rejects. */
export interface ServiceZones {
  of(service: Fqdn, signal: AbortSignal): Promise<ServiceZone>
}

export type ServiceZone =
  | { readonly kind: 'ours'; readonly provider: Provider; readonly authorities: Authorities }
  /** No provider of ours has a zone that holds it. */
  | { readonly kind: 'not-ours' }
  /** A provider could not be asked. */
  | { readonly kind: 'unknown'; readonly detail: string }

/** What is asked when checks fail, to know whether we are the ones cut off. Never rejects. */
export interface References {
  /** Asks every reference target once; with when each was asked and whether it answered. */
  ask(signal: AbortSignal): Promise<readonly Sighting[]>
}

/**
 * Keeps one site's state. Once saved it survives the end of this process; with `isFlushed` that of the machine, too,
 * which can take long. `save` may reject (a full disk); the engine then says so and goes on.
 */
export interface StateStore {
  load(site: string): Promise<SiteState>
  save(site: string, state: SiteState, isFlushed: boolean): Promise<void>
}

/** What operators order while a service runs. */
export interface OrderBook {
  /** Never rejects: orders that cannot be read count as none, and are said. */
  load(site: string): Promise<Orders>
  /**
   * A region goes by another name: what was ordered for it counts for that name, unless something of the kind is ordered for it already.
   * Rejects if that cannot be written down. Without it such an order is only said to be astray.
   */
  rename?(site: string, from: string, to: string): Promise<void>
}

/** An order as it is given. */
export interface NewOrder {
  /** Milliseconds; undefined: until it is taken back. */
  readonly forMs: number | undefined
  readonly reason: string
  readonly by: string
}

/** Where orders are written down. Each replaces the one before; undefined takes it back. Rejects if it cannot be written; it is then not in force. */
export interface OrderWriter {
  setPause(site: string, pause: NewOrder | undefined): Promise<void>
  setDrain(site: string, region: string, drain: (NewOrder & { readonly isForced: boolean }) | undefined): Promise<void>
  setForce(site: string, region: string, force: (NewOrder & { readonly to: 'up' | 'down' }) | undefined): Promise<void>
  /** No planned window of the region counts for so many milliseconds from now on. */
  skipWindow(site: string, region: string, forMs: number): Promise<void>
}

/** Everything that one site's engine talks to. */
export interface SitePorts {
  readonly clock: Clock
  readonly checker: Checker
  readonly heartbeats: Heartbeats
  readonly resolver: ServiceResolver
  readonly provider: Provider
  readonly authorities: Authorities
  readonly references: References
  readonly store: StateStore
  readonly orders: OrderBook
  readonly serviceZones: ServiceZones
  /** Addresses of this very machine: what answers there says nothing about the network. */
  readonly local: ReadonlySet<Address>
  readonly vantage: string
  /** In [0, 1): spreads retries. */
  random(): number
  report(event: EngineEvent): void
}
