import type { Address, Family } from './address.ts'
import { type Endpoint } from './endpoint.ts'

/** One address of one authoritative server. `name` is its NS name, or its endpoint where only that is configured. */
export interface NameServer {
  readonly name: string
  readonly endpoint: Endpoint
}

/** What one authoritative server said of one RRset. Times are the engine's monotonic milliseconds. */
export interface ServerAnswer {
  readonly server: NameServer
  readonly askedAt: number
  readonly answeredAt: number
  readonly outcome: AnswerOutcome
}

export type AnswerOutcome =
  | { readonly kind: 'answer'; readonly values: readonly Address[]; readonly ttl: number; readonly serial: number | undefined }
  /** Authoritatively nothing of this type there: NXDOMAIN or NODATA. */
  | { readonly kind: 'absent'; readonly rcode: 'NXDOMAIN' | 'NOERROR'; readonly serial: number | undefined }
  | { readonly kind: 'alias'; readonly target: string }
  /** It answers, but not for this zone: no AA, REFUSED, SERVFAIL, NOTAUTH, or a referral elsewhere. */
  | { readonly kind: 'lame'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string }

/** What a service subdomain resolves to, each family by itself. */
export type Resolution = Readonly<Record<Family, FamilyResolution>>

export type FamilyResolution =
  | { readonly kind: 'found'; readonly addresses: readonly Address[] }
  /** The name or the type does not exist: an answer, but never a reason to forget the last known address. */
  | { readonly kind: 'nothing'; readonly detail: string }
  /** No usable answer: timeout, SERVFAIL, servers that disagree, a CNAME loop. */
  | { readonly kind: 'failed'; readonly detail: string }
