import type { Address } from '../core/address.ts'
import type { AnswerOutcome, NameServer, Resolution, ServerAnswer } from '../core/answer.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { CheckResult } from '../core/result.ts'
import type { RRsetKey } from '../core/rrset.ts'
import type { HealthCheck } from '../core/site.ts'

/** Time as the engine sees it. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean something. Never steps. */
  now(): number
  /** Milliseconds since the epoch, for people and for other processes. May step. */
  wallNow(): number
  /** Resolves after `ms`, or at once when the signal aborts (it does not reject). */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export interface CheckRequest {
  /** Host, SNI and path as in the URL; the connection goes to `address` without any look-up. */
  readonly url: string
  readonly address: Address
  readonly check: HealthCheck
}

/** Performs one health check. Never rejects: whatever happens is a result. Ends within `check.bounds.totalMs`. */
export interface Checker {
  check(request: CheckRequest, signal: AbortSignal): Promise<CheckResult>
  close?(): Promise<void>
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

