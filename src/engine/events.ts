import type { Address, Family } from '../core/address.ts'
import type { Entry, Mode } from '../core/decision.ts'
import type { GuardCode } from '../core/guard.ts'
import type { CheckResult } from '../core/result.ts'
import type { Change, RRsetKey } from '../core/rrset.ts'
import type { StrayOrder } from '../core/stray-orders.ts'
import type { Verification } from '../core/verification.ts'

/** What the engine has to say. Each state change once; single checks only for who wants them. */
export type EngineEvent = { readonly site: string } & (
  | { readonly kind: 'checked'; readonly address: Address; readonly region: string | undefined; readonly result: CheckResult }
  | {
      readonly kind: 'health'
      readonly address: Address
      readonly region: string | undefined
      readonly from: 'unknown' | 'up' | 'down'
      readonly to: 'unknown' | 'up' | 'down'
      readonly text: string
      /** Of a fall: when the first of the failed checks started. Engine milliseconds. */
      readonly failingSince?: number | undefined
      readonly cause?: string | undefined
    }
  | { readonly kind: 'mode'; readonly key: RRsetKey; readonly family: Family; readonly from: Mode | undefined; readonly to: Mode }
  /** An address of an RRset is published or withheld by another rule than was last said. */
  | { readonly kind: 'decided'; readonly key: RRsetKey; readonly entry: Entry; readonly from: Pick<Entry, 'action' | 'rule'> | undefined }
  | { readonly kind: 'unresolved'; readonly region: string; readonly detail: string }
  | { readonly kind: 'resolved'; readonly region: string }
  | { readonly kind: 'refused'; readonly key: RRsetKey; readonly code: GuardCode; readonly text: string }
  | { readonly kind: 'written'; readonly changes: readonly Change[] }
  | { readonly kind: 'restored'; readonly key: RRsetKey; readonly text: string }
  | { readonly kind: 'provider-failed'; readonly text: string; readonly code?: string }
  | { readonly kind: 'provider-recovered' }
  /** Nobody knows whether a write has taken effect; it is settled by reading before anything else is decided. */
  | { readonly kind: 'write-unknown'; readonly text: string }
  | { readonly kind: 'verified'; readonly verification: Verification }
  | { readonly kind: 'state-not-saved'; readonly text: string }
  /** After `state-not-saved`: it can be saved again. */
  | { readonly kind: 'state-saved' }
  /** An operator's pause: everything goes on, but nothing is written. */
  | { readonly kind: 'paused'; readonly text: string }
  | { readonly kind: 'resumed' }
  /** An order for a region has come into force, or a planned window has begun. */
  | { readonly kind: 'drained'; readonly region: string; readonly origin: 'order' | 'window'; readonly until: number | undefined; readonly reason: string; readonly by: string }
  /** By TTLs nobody has the region's addresses any more. */
  | { readonly kind: 'drain-safe'; readonly region: string; readonly text: string }
  /** It ends within minutes, by itself. `until`: milliseconds since the epoch. */
  | { readonly kind: 'drain-ending'; readonly region: string; readonly until: number }
  | { readonly kind: 'undrained'; readonly region: string }
  | { readonly kind: 'forced'; readonly region: string; readonly to: 'up' | 'down'; readonly until: number | undefined; readonly reason: string; readonly by: string }
  | { readonly kind: 'unforced'; readonly region: string }
  /** An order in force is for a region that the config does not have. Said at each start and reload. `until`: milliseconds since the epoch. */
  | { readonly kind: 'order-astray'; readonly region: string; readonly order: StrayOrder['order']; readonly until: number | undefined; readonly reason: string; readonly by: string }
  /** Orders for a region go on under the name that it has now. */
  | { readonly kind: 'order-followed'; readonly region: string; readonly from: string }
  /** An outside monitor's word on a region came in, or is no longer believed. */
  | { readonly kind: 'heard'; readonly region: string; readonly source: string; readonly monitor: string; readonly opinion: 'up' | 'down'; readonly detail: string; readonly effect: 'checking' | 'news' | 'renewed' | 'older' }
  | { readonly kind: 'word-expired'; readonly region: string; readonly source: string; readonly monitor: string }
  /** A region's service subdomain was pointed elsewhere: by an operator, or by the program itself. */
  | { readonly kind: 'repointed'; readonly region: string; readonly service: string; readonly from: readonly Address[]; readonly to: readonly Address[]; readonly by: string }
  | { readonly kind: 'promoted'; readonly region: string; readonly service: string; readonly from: readonly Address[]; readonly to: readonly Address[]; readonly text: string }
  | { readonly kind: 'promotion-failed'; readonly region: string; readonly text: string }
  /** The certificate of a region's server has fewer days left than before one of the marks 30, 14, 7, 3 and 1. */
  | { readonly kind: 'certificate-expiring'; readonly region: string | undefined; readonly address: Address; readonly days: number }
  /** A region serves older content than `ahead` does, and counts as down for it; `lagMs`: by heartbeats, where there are any. */
  | { readonly kind: 'stale'; readonly region: string; readonly writer: string | undefined; readonly lagMs: number | undefined; readonly ahead: string; readonly text: string }
  | { readonly kind: 'fresh'; readonly region: string; readonly text: string }
  /** A region that came back has what the others have. */
  | { readonly kind: 'caught-up'; readonly region: string; readonly text: string }
  /** Something is wrong with the replication, or with what is known of it, by which nobody is withdrawn. */
  | { readonly kind: 'replication-suspected'; readonly text: string }
  | { readonly kind: 'replication-mended' }
  /** The regions have served different bytes at a path for longer than they may. */
  | { readonly kind: 'content-differs'; readonly path: string; readonly text: string }
  | { readonly kind: 'content-agrees'; readonly path: string }
  /** A cycle has ended: what every write and reading goes through. Single ones are for counters only. */
  | { readonly kind: 'cycled'; readonly outcome: string; readonly ms: number; readonly refusals: readonly GuardCode[] }
  /** A fault of the program's own ended the watch of this site; it begins anew after a wait. */
  | { readonly kind: 'site-failed'; readonly text: string; readonly againMs: number }
)
